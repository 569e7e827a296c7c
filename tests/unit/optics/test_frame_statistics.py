"""Statistics of a frame: right on images of known content, and telling apart what a network has not learned."""

import numpy as np
import pytest
from livedead.desk.errors import DataError
from livedead.optics.frame_statistics import FEATURES, frame_statistics, out_of_range
from scipy.ndimage import gaussian_filter, zoom

PIXEL_UM = 0.5


def cells(seed, pixel_um=PIXEL_UM, blur_um=0.4):
    """Bright domes with texture, a dark halo around them, and a little noise."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:100:pixel_um, :100:pixel_um]
    image = np.zeros(y.shape)
    for row, column in rng.uniform(0, 100, (20 + seed % 20, 2)):
        image += 0.9 * np.clip(1 - ((y - row) ** 2 + (x - column) ** 2) / 64, 0, None)
    grain = gaussian_filter(rng.normal(size=image.shape), 0.5 / pixel_um) * 0.6
    image = gaussian_filter(image * (1 + grain), blur_um / pixel_um)
    image -= 0.5 * gaussian_filter(image, 10 / pixel_um)
    return (image + rng.normal(0, 0.005, image.shape)).astype(np.float32)


@pytest.fixture(scope="module")
def reference():
    frames = [frame_statistics(cells(seed), PIXEL_UM) for seed in range(40)]
    return {name: {"low": min(f[name] for f in frames), "high": max(f[name] for f in frames)} for name in FEATURES}


def test_percentiles_and_spread_of_known_values():
    image = np.repeat(np.arange(101, dtype=np.float32), 101).reshape(101, 101)
    found = frame_statistics(image, 0.5)
    assert set(found) == set(FEATURES) and all(isinstance(value, float) for value in found.values())
    assert found["p01"] == pytest.approx(1) and found["p99"] == pytest.approx(99)
    assert found["sd"] == pytest.approx(np.std(np.arange(101)))


def test_noise_is_that_of_a_noisy_plane():
    # Of white noise a Gaussian of width s leaves the variance 1 / (4 pi s^2) and takes away 1/(2 pi s^2) twice over.
    sigma, width = 0.02, 1.0 / PIXEL_UM
    noisy = np.random.default_rng(3).normal(0, sigma, (400, 400)).astype(np.float32)
    expected = sigma * np.sqrt(1 - 2 / (2 * np.pi * width**2) + 1 / (4 * np.pi * width**2))
    assert frame_statistics(noisy, PIXEL_UM)["noise"] == pytest.approx(expected, rel=0.02)


def test_sharpness_ignores_contrast_and_offset():
    image = cells(1)
    first, second = frame_statistics(image, PIXEL_UM), frame_statistics(3 * image + 1, PIXEL_UM)
    assert second["sharpness"] == pytest.approx(first["sharpness"], rel=1e-4)
    assert second["sd"] == pytest.approx(3 * first["sd"], rel=1e-4)


def test_the_same_cells_at_another_pixel_size_look_the_same(reference):
    finer = zoom(cells(40), 2, order=3)
    statistics = frame_statistics(finer, PIXEL_UM / 2)
    assert statistics["sharpness"] == pytest.approx(frame_statistics(cells(40), PIXEL_UM)["sharpness"], rel=0.1)
    assert out_of_range(statistics, reference, 0.5) == []


@pytest.mark.parametrize(
    ("change", "feature"),
    [
        (lambda image: gaussian_filter(image, 1.0 / PIXEL_UM), "sharpness"),
        (lambda image: -image, "p01"),
        (lambda image: 2 * image, "p99"),
        (lambda image: np.degrees(image), "sd"),
        (lambda image: image + np.random.default_rng(0).normal(0, 0.1, image.shape), "noise"),
        (lambda image: 0 * image, "sharpness"),
    ],
    ids=["blurred", "inverted", "doubled", "in degrees", "noisy", "blank"],
)
def test_changed_images_are_told_apart(reference, change, feature):
    assert feature in out_of_range(frame_statistics(change(cells(50)), PIXEL_UM), reference, 0.5)


def test_like_images_are_not_flagged(reference):
    flagged = [seed for seed in range(100, 120) if out_of_range(frame_statistics(cells(seed), 0.5), reference, 0.5)]
    assert flagged == []


def test_margin_is_in_units_of_the_range():
    reference = {"sd": {"low": 1.0, "median": 1.5, "high": 2.0}}
    assert out_of_range({"sd": 2.4, "p01": -99.0}, reference, 0.5) == []
    assert out_of_range({"sd": 2.6}, reference, 0.5) == ["sd"]
    assert out_of_range({"sd": 0.4}, reference, 0.5) == ["sd"]


def test_bad_input():
    with pytest.raises(DataError, match="not finite"):
        frame_statistics(np.full((8, 8), np.nan, np.float32), 0.5)
    with pytest.raises(DataError, match="pixel size"):
        frame_statistics(np.zeros((8, 8), np.float32), 0)
    with pytest.raises(DataError, match="low <= high"):
        out_of_range({"sd": 1.0}, {"sd": {"low": 2.0, "high": 1.0}}, 0.5)
