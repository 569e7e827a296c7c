"""Peaks of bodies, part by part, against the whole field at once."""

import numpy as np
import pytest
from livedead.cells.bodies import body_peaks
from scipy import ndimage as ndi
from skimage.morphology import local_maxima, reconstruction


@pytest.mark.parametrize("smooth", [1, 3, 6])
@pytest.mark.parametrize("above", [0.01, 0.3, 0.9])
@pytest.mark.parametrize("rise", [0.05, 0.5])
def test_peaks_are_those_of_the_whole_field(smooth, above, rise):
    rng = np.random.default_rng(smooth)
    several = 0
    for _ in range(8):
        field = ndi.gaussian_filter(rng.normal(size=rng.integers(20, 120, 2)), smooth)
        # Steps, so that there are plateaus.
        field = np.round(field / field.std(), 1)
        floor = np.quantile(field, 1 - above)
        height = np.maximum(field, floor)
        peaks = body_peaks(height, floor=floor, rise=rise)
        np.testing.assert_array_equal(peaks, local_maxima(reconstruction(height - rise, height)))
        several += ndi.label(peaks)[1] > 1
    assert several


def test_flat_fields_and_parts_that_drown_have_no_peak():
    height = np.full((20, 30), 2.0)
    assert not body_peaks(height, floor=2.0, rise=0.5).any()
    assert not body_peaks(height, floor=0.0, rise=0.5).any()
    height[5, 5] = 2.5
    height[15, 20] = 2.6
    assert np.argwhere(body_peaks(height, floor=2.0, rise=0.5)).tolist() == [[15, 20]]
