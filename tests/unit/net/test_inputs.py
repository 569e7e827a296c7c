import numpy as np
import pytest
from livedead.desk.errors import DataError, SettingsError
from livedead.net.inputs import crop_to, network_input, pad_to_multiple, scale_phase


def test_window_is_the_same_for_every_image():
    scaled = scale_phase(np.array([[-1.0, -0.5, 0.5, 1.5, 3.0]]), "window", (-0.5, 1.5))
    assert scaled.dtype == np.float32
    np.testing.assert_allclose(scaled, [[0, 0, 0.5, 1, 1]])


def test_per_image_runs_from_smallest_to_largest():
    np.testing.assert_allclose(scale_phase(np.array([[2.0, 3.0, 6.0]]), "per_image"), [[0, 0.25, 1]])
    np.testing.assert_array_equal(scale_phase(np.full((2, 2), 5.0), "per_image"), 0)


def test_standard_follows_the_spread_of_the_image_not_its_extremes():
    image = np.random.default_rng(4).normal(7, 2, (200, 200))
    scaled = scale_phase(image, "standard")
    assert scaled.mean() == pytest.approx(3 / 8.5, abs=1e-3) and scaled.std() == pytest.approx(1 / 8.5, abs=1e-3)
    np.testing.assert_allclose(scale_phase(100 - 3 * (100 - image), "standard"), scaled, atol=1e-4)
    spot = image.copy()
    spot[3, 5] = 60
    assert np.abs(scale_phase(spot, "standard") - scaled)[image == spot].max() < 0.01
    assert np.abs(scale_phase(spot, "per_image") - scale_phase(image, "per_image")).max() > 0.5
    np.testing.assert_array_equal(scale_phase(np.full((4, 4), 0.7), "standard"), 0)


def test_network_input_has_imagenet_statistics():
    np.testing.assert_allclose(
        network_input(np.array([[1.0]])), [[[0.515 / 0.229, 0.544 / 0.224, 0.594 / 0.225]]], rtol=1e-5
    )


@pytest.mark.parametrize("shape, padded", [((33, 64), (64, 64)), ((32, 32), (32, 32)), ((100, 5), (128, 32))])
def test_padding_and_cropping(shape, padded):
    image = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    wide = pad_to_multiple(image)
    assert wide.shape == padded
    np.testing.assert_array_equal(crop_to(wide, shape), image)
    # Mirrored: the first added row repeats the last one.
    if padded[0] > shape[0]:
        np.testing.assert_array_equal(wide[shape[0], : shape[1]], image[-1])


def test_bad_input():
    with pytest.raises(SettingsError, match="input_scaling is 'grey'"):
        scale_phase(np.zeros((2, 2)), "grey")
    with pytest.raises(SettingsError, match="input_window is"):
        scale_phase(np.zeros((2, 2)), "window", (1, 1))
    with pytest.raises(DataError, match="1 values that are not finite"):
        scale_phase(np.array([[0, np.nan]]))
