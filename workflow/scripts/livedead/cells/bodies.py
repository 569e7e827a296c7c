"""Bodies in a field of heights: the peaks that rise far enough above their saddles."""

import numpy as np
from scipy import ndimage as ndi
from skimage.morphology import local_maxima, reconstruction

from .geometry import EIGHT_NEIGHBOURS


def body_peaks(height: np.ndarray, *, floor: float, rise: float) -> np.ndarray:
    """
    Find the maxima of a field after all that rise by less than `rise` above their saddle were taken off (h-maxima).

    It gives what ``local_maxima(reconstruction(height - rise, height))`` of scikit-image gives for the whole field, of
    which that sorts all pixels. But each part of the field that stands above the floor is a matter of its own; where
    it has one maximum, the peak is what reaches up to `rise` below it; only of the others a box is cut out.

    Parameters
    ----------
    height : numpy.ndarray
        (Y, X) float64.
    floor : float
        Least height, that of what lies around and between the parts.
    rise : float
        Above 0.

    Returns
    -------
    numpy.ndarray
        (Y, X) bool.
    """
    parts, number = ndi.label(height > floor, structure=EIGHT_NEIGHBOURS)
    if parts.all():
        return _plain(height, rise)
    maxima, found = ndi.label(local_maxima(height), structure=EIGHT_NEIGHBOURS)
    places = np.flatnonzero(maxima)
    of_maximum, part_of, top = maxima.ravel()[places], np.zeros(found + 1, int), np.full(number + 1, -np.inf)
    part_of[of_maximum] = parts.ravel()[places]
    np.maximum.at(top, parts.ravel()[places], height.ravel()[places])
    # A part that ends less than this above the floor drowns in it.
    level = np.where(top - rise > floor, top - rise, np.inf)
    several = (np.bincount(part_of, minlength=number + 1) > 1) & np.isfinite(level)
    level[several] = np.inf
    peaks = height >= level[parts]
    boxes = ndi.find_objects(parts)
    for part in np.flatnonzero(several):
        box = tuple(slice(max(side.start - 1, 0), side.stop + 1) for side in boxes[part - 1])
        own = parts[box] == part
        peaks[box] |= own & _plain(np.where(own, height[box], floor), rise)
    return peaks


def _plain(height: np.ndarray, rise: float) -> np.ndarray:
    return local_maxima(reconstruction(height - rise, height)).astype(bool)
