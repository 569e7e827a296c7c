import numpy as np
import pytest
from livedead.desk.errors import ModelError
from livedead.net.resampling import pixel_ratio, resampled, to_grid_of_frame, to_pixel_of_network
from scipy.ndimage import gaussian_filter


def smooth(shape, seed=0, sigma=3.0):
    return gaussian_filter(np.random.default_rng(seed).normal(size=shape), sigma).astype(np.float32)


def grey_classes(images):
    """A stand-in network: probability of live is the phase itself, point by point."""
    for image in images:
        live = np.clip(image, 0, 1)
        yield np.stack([live, 0 * live, 1 - live], axis=-1)


def test_frames_at_double_sampling_are_predicted_as_at_the_network_s_own():
    coarse = 0.5 + 3 * smooth((40, 51))
    fine = np.repeat(np.repeat(coarse, 2, 0), 2, 1)
    [own] = grey_classes([coarse])
    [found] = resampled([fine], 2.0, grey_classes)
    assert found.shape == (80, 102, 3)
    # Pixel by pixel where the finer image has its blocks, and the same classes almost everywhere.
    blocks = found.reshape(40, 2, 51, 2, 3).mean((1, 3))
    np.testing.assert_allclose(blocks, own, atol=0.05)
    fine_own = np.repeat(np.repeat(own, 2, 0), 2, 1)
    assert np.mean(found.argmax(-1) == fine_own.argmax(-1)) > 0.97


@pytest.mark.parametrize("ratio", [2.0, 3.0, 1.3, 0.7, 0.5])
def test_probabilities_come_back_to_the_grid_in_place_and_add_up_to_one(ratio):
    frame = np.clip(0.5 + 4 * smooth((67, 90), sigma=6), 0, 1)
    [found] = resampled([frame], ratio, grey_classes)
    assert found.shape == (67, 90, 3) and found.dtype == np.float32
    np.testing.assert_allclose(found.sum(-1), 1, atol=1e-5)
    error = found[..., 0] - frame
    assert np.abs(error).max() < 0.08
    # In place: one pixel off, either way, fits worse.
    for axis in (0, 1):
        for step in (-1, 1):
            shifted = np.roll(frame, step, axis)
            inner = (slice(3, -3), slice(3, -3))
            assert np.std(error[inner]) < 0.5 * np.std((found[..., 0] - shifted)[inner])


def test_whole_factors_are_area_means():
    phase = np.arange(24.0).reshape(4, 6)
    np.testing.assert_array_equal(to_pixel_of_network(phase, 2.01), [[3.5, 5.5, 7.5], [15.5, 17.5, 19.5]])
    assert to_pixel_of_network(phase[:3, :5], 2.0).shape == (2, 3)
    assert to_grid_of_frame(np.zeros((2, 3, 3)), (3, 5), 2.0).shape == (3, 5, 3)


def test_fine_structure_does_not_alias():
    stripes = np.tile([0.0, 1.0], (60, 30))
    assert np.ptp(to_pixel_of_network(stripes, 2.5)[:, 2:-2]) < 0.3


def test_frames_of_several_sizes_and_batches_ahead():
    frames = [np.full(shape, level, np.float32) for shape, level in [((30, 40), 0.2), ((20, 20), 0.6), ((31, 9), 1.0)]]

    def ahead(images):
        yield from grey_classes(list(images))

    found = list(resampled(iter(frames), 2.0, ahead))
    assert [image.shape[:2] for image in found] == [frame.shape for frame in frames]
    assert [round(float(image[..., 0].mean()), 3) for image in found] == [0.2, 0.6, 1.0]


def test_the_same_pixel_changes_nothing(caplog):
    caplog.set_level("INFO")
    assert pixel_ratio(0.65, 0.66, False) == 1
    assert not caplog.messages
    frame = smooth((8, 8))
    [found] = resampled([frame], 1.0, grey_classes)
    np.testing.assert_array_equal(found[..., 0], np.clip(frame, 0, 1))


def test_other_pixels_are_resampled_with_notice_or_refused(caplog):
    caplog.set_level("INFO")
    assert pixel_ratio(0.65, 0.325, True) == 2
    assert "learned pixels of 0.65 um and the phase has 0.325 um: it is resampled" in caplog.messages[-1]
    with pytest.raises(ModelError, match="predict.resample is false"):
        pixel_ratio(0.65, 0.325, False)
    # 3.1 pixels per um taken for um per pixel.
    with pytest.raises(ModelError, match=r"0.325 um and the phase has 3.1 um, a factor 9.54 \(wanted at most 3\)"):
        pixel_ratio(0.325, 3.1, True)


def test_a_card_that_tells_no_pixel_is_used_as_it_is(caplog):
    caplog.set_level("INFO")
    assert pixel_ratio(None, 0.325, False) == 1
    assert "does not tell the pixel size" in caplog.messages[-1]
