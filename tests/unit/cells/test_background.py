"""Background and noise estimates."""

import numpy as np
import pytest
from livedead.cells.background import local_background, noise_after_lowpass
from scipy import ndimage as ndi


def test_constant_and_slope_are_followed():
    assert local_background(np.full((50, 70), 7.0), 20) == pytest.approx(7.0)
    x = np.indices((200, 200))[1] * 0.5
    inner = np.s_[60:-60, 60:-60]
    difference = (x - local_background(x, 60))[inner]
    # A low percentile of a slope lies below its middle, by the same amount everywhere.
    assert difference.std() < 0.5
    assert 0 < difference.mean() < 15


def test_nuclei_do_not_raise_it():
    image = np.full((200, 200), 100.0)
    y, x = np.indices(image.shape)
    image[(y % 40 - 20) ** 2 + (x % 40 - 20) ** 2 < 15**2] += 1000
    assert local_background(image, 80) == pytest.approx(100, abs=5)


def test_noise_is_that_of_the_lowpassed_image():
    image = np.random.default_rng(1).normal(50, 8, (300, 300))
    for sigma in (1.0, 2.5):
        expected = ndi.gaussian_filter(image, sigma).std()
        assert noise_after_lowpass(image, sigma) == pytest.approx(expected, rel=0.1)
    assert noise_after_lowpass(image, 0.0) == pytest.approx(8, rel=0.05)


def test_smooth_structure_is_no_noise():
    y, x = np.indices((200, 200))
    assert noise_after_lowpass(100 * np.sin(x / 15) * np.cos(y / 20), 1.0) < 0.1
