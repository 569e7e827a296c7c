from collections import Counter

import numpy as np
import pytest
from livedead.desk.errors import DataError, SettingsError
from livedead.net.batches import frame_numbers, random_crop, steps_per_epoch, training_batch


def test_batch_is_a_pure_function_of_seed_epoch_and_step(fields, settings):
    def batch(*place):
        return training_batch(fields, *place, settings, steps=4)

    image, target = batch(1, 2, 3)
    assert image.shape == (4, 32, 32, 3) and target.shape == (4, 32, 32, 3)
    assert image.dtype == target.dtype == np.float32
    np.testing.assert_array_equal(target.sum(axis=-1), 1)
    batch(5, 0, 0)
    again = batch(1, 2, 3)
    np.testing.assert_array_equal(image, again[0])
    np.testing.assert_array_equal(target, again[1])
    for place in [(2, 2, 3), (1, 1, 3), (1, 2, 2)]:
        assert not np.array_equal(image, batch(*place)[0])


def test_images_and_targets_belong_together(fields, settings):
    settings["augment"] |= {"noise": 0, "brightness": 0, "contrast": 0, "scale": 0, "shift": 0, "blur_sigma_px": 0}
    image, target = training_batch(fields, 0, 0, 0, settings, steps=4)
    grey = image[..., 0] * 0.229 + 0.485
    for channel, level in enumerate((0.5, 0.9, 0.1)):
        assert grey[target[..., channel] == 1].mean() == pytest.approx(level, abs=0.01)


def test_every_frame_is_used_equally_often_and_in_changing_order():
    numbers = [frame_numbers(3, first, 4, 10) for first in range(0, 40, 4)]
    flat = sum(numbers, [])
    assert set(Counter(flat).values()) == {4}
    assert sorted(flat[:10]) == sorted(flat[10:20]) == list(range(10))
    assert flat[:10] != flat[10:20]
    assert flat[:10] != frame_numbers(4, 0, 10, 10)
    # More crops in a batch than frames.
    assert Counter(frame_numbers(0, 0, 9, 3)) == {0: 3, 1: 3, 2: 3}


def test_steps():
    assert steps_per_epoch(50, 10, 8) == 50
    # As in the paper: 899 images in batches of 14.
    assert steps_per_epoch(0, 899, 14) == 64
    assert steps_per_epoch(0, 3, 8) == 1


def test_crops_reach_every_place_and_stay_registered():
    image = np.arange(40 * 34).reshape(40, 34)
    corners = set()
    for seed in range(200):
        crop, labels = random_crop(image, image + 7, 32, np.random.default_rng(seed))
        np.testing.assert_array_equal(labels - 7, crop)
        assert crop.shape == (32, 32)
        corners.add(divmod(int(crop[0, 0]), 34))
    assert corners == {(y, x) for y in range(9) for x in range(3)}


def test_bad_crops(fields, settings):
    with pytest.raises(DataError, match="has 48 x 48 pixels and train.crop_px is 64"):
        training_batch(fields, 0, 0, 0, settings | {"crop_px": 64}, steps=1)
    with pytest.raises(SettingsError, match="crop_px is 40; wanted a multiple of 32"):
        training_batch(fields, 0, 0, 0, settings | {"crop_px": 40}, steps=1)
