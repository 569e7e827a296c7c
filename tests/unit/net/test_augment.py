import numpy as np
import pytest
from livedead.net.augment import augment
from scipy import ndimage

NONE = dict(flip=False, transpose=False, scale=0, shift=0, brightness=0, contrast=0, noise=0, blur_sigma_px=0)


def scene(side=64):
    """Two discs; the image is the labels, so that any disagreement after augmentation is a wrong registration."""
    y, x = np.mgrid[:side, :side]
    labels = np.zeros((side, side), np.uint8)
    labels[(y - 20) ** 2 + (x - 40) ** 2 < 100] = 1
    labels[(y - 45) ** 2 + (x - 15) ** 2 < 64] = 2
    return labels.astype(np.float32) / 2, labels


def run(seed=0, **changes):
    return augment(*scene(), np.random.default_rng(seed), NONE | changes)


def test_nothing_switched_on_changes_nothing():
    image, labels = run()
    np.testing.assert_array_equal(image, scene()[0])
    np.testing.assert_array_equal(labels, scene()[1])


@pytest.mark.parametrize("seed", range(4))
def test_image_and_labels_stay_registered(seed):
    image, labels = run(seed, flip=True, transpose=True, scale=0.3, shift=0.2)
    assert set(np.unique(labels)) <= {0, 1, 2}
    # Linear and nearest sampling differ only on the outlines.
    inside = ndimage.maximum_filter(labels, 3) == ndimage.minimum_filter(labels, 3)
    assert inside.mean() > 0.8 and labels[inside].any()
    np.testing.assert_allclose(image[inside] * 2, labels[inside], atol=1e-5)


@pytest.mark.parametrize("change", [{"flip": True}, {"transpose": True}])
def test_flips_and_transposes_are_exact_and_all_occur(change):
    seen = {run(seed, **change)[1].tobytes() for seed in range(40)}
    assert len(seen) == (4 if "flip" in change else 2)
    for seed in range(4):
        image, labels = run(seed, **change)
        np.testing.assert_array_equal(image * 2, labels)
        assert np.count_nonzero(labels == 1) == np.count_nonzero(scene()[1] == 1)


def test_zoom_scales_areas():
    area = np.count_nonzero(scene()[1])
    ratios = [np.count_nonzero(run(seed, scale=0.3)[1]) / area for seed in range(30)]
    assert 0.45 < min(ratios) < 0.7 and 1.3 < max(ratios) < 1.75


def test_shift_moves_by_at_most_the_given_fraction():
    y, x = np.mgrid[:64, :64]
    spot = (((y - 32) ** 2 + (x - 32) ** 2) < 50).astype(np.uint8)
    moves = []
    for seed in range(30):
        _, labels = augment(spot.astype(np.float32), spot, np.random.default_rng(seed), NONE | {"shift": 0.2})
        moves.append(np.argwhere(labels).mean(axis=0) - 32)
    assert 0.2 * 64 * 0.7 < np.abs(moves).max() <= 0.2 * 64 + 0.5


def test_brightness_and_contrast():
    image, _ = scene()
    bright = run(3, brightness=0.2)[0]
    inside = (bright > 0) & (bright < 1)
    offsets = (bright - image)[inside]
    assert offsets.size and np.ptp(offsets) < 1e-6 and 0.01 < abs(offsets[0]) <= 0.2
    flat = np.full((8, 8), 0.5, np.float32)
    flat[0] = 0.4
    changed, _ = augment(flat, np.zeros((8, 8), np.uint8), np.random.default_rng(0), NONE | {"contrast": 0.5})
    assert changed.mean() == pytest.approx(flat.mean(), abs=1e-6)
    factor = np.ptp(changed) / np.ptp(flat)
    assert 0.5 <= factor <= 1.5 and abs(factor - 1) > 0.05


def test_noise_and_blur():
    flat = np.full((64, 64), 0.5, np.float32)
    labels = np.zeros((64, 64), np.uint8)
    noisy, _ = augment(flat, labels, np.random.default_rng(0), NONE | {"noise": 0.03})
    assert np.std(noisy) == pytest.approx(0.03, rel=0.1)
    sharp = scene()[0]
    blurred = run(1, blur_sigma_px=3.0)[0]
    assert blurred.mean() == pytest.approx(sharp.mean(), rel=0.01)
    assert np.abs(np.diff(blurred)).max() < 0.8 * np.abs(np.diff(sharp)).max()


def test_range_type_and_purity():
    every = dict(flip=True, transpose=True, scale=0.3, shift=0.2, brightness=0.5, contrast=0.5)
    every |= dict(noise=0.3, blur_sigma_px=1)
    image, labels = run(5, **every)
    assert image.dtype == np.float32 and labels.dtype == np.uint8
    assert image.min() >= 0 and image.max() <= 1
    again, again_labels = run(5, **every)
    np.testing.assert_array_equal(image, again)
    np.testing.assert_array_equal(labels, again_labels)
    assert not np.array_equal(image, run(6, **every)[0])
