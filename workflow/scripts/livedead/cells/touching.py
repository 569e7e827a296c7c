"""Parting of nuclei that touch, by the waist between them."""

import numpy as np
from scipy import ndimage as ndi
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from skimage.segmentation import watershed

from ..optics.columns import gaussian, widened
from .bodies import body_peaks
from .geometry import EIGHT_NEIGHBOURS

#: Two bodies part where their waist is narrower than this fraction of the smaller body; an ellipse has no
#: waist, a kidney-shaped nucleus keeps above it.
WAIST = 0.8
# Distances to the outline below this, in pixels, say nothing.
_LEAST_PX = 0.5


def split_touching(mask: np.ndarray, min_distance_px: float, walls: np.ndarray | None = None) -> np.ndarray:
    """
    Label the objects of a mask, touching ones parted at their waists.

    A watershed floods the distance to the outline from the centres of the bodies. Peaks of the logarithm of
    the distance that rise by less than ``-log(WAIST)`` above their saddle are no bodies of their own, so the
    decision does not depend on the size of a nucleus.

    Parameters
    ----------
    mask : numpy.ndarray
        (Y, X) bool, True on nuclei.
    min_distance_px : float
        Centres nearer than this belong to one nucleus.
    walls : numpy.ndarray, optional
        (Y, X) bool, True on pixels of the mask where two nuclei are known to meet.

    Returns
    -------
    numpy.ndarray
        (Y, X) int32, 0 background, 1..n objects; every pixel of the mask has a label.
    """
    components, count = ndi.label(mask, structure=EIGHT_NEIGHBOURS)
    if count == 0:
        return components.astype(np.int32)
    # The border of the image is no outline: distances grow towards it, and a cut nucleus stays whole.
    distance = _distance_inside(mask if walls is None else mask & ~walls)
    height = np.log(np.maximum(gaussian(distance, 1.0), _LEAST_PX))
    bodies = body_peaks(height, floor=np.log(_LEAST_PX), rise=-np.log(WAIST))
    peaks, peak_count = ndi.label(bodies & mask, structure=EIGHT_NEIGHBOURS)
    markers = _join_near(peaks, peak_count, components, min_distance_px)
    labels = watershed(-distance, markers, mask=mask, connectivity=2)
    return _with_unreached(labels, components)


def _distance_inside(mask: np.ndarray) -> np.ndarray:
    """Distance to the nearest pixel outside, as `scipy.ndimage.distance_transform_edt` has it, but only inside."""
    # Pixels beside the image are no outline.
    nearest = ndi.distance_transform_edt(widened(mask, True), return_distances=False, return_indices=True)
    y, x = np.nonzero(mask)
    distance = np.zeros(mask.shape)
    distance[y, x] = np.sqrt((nearest[0, y, x] - y) ** 2 + (nearest[1, y, x] - x) ** 2)
    return distance


def _join_near(peaks: np.ndarray, count: int, components: np.ndarray, min_distance_px: float) -> np.ndarray:
    """Give one number to peaks of one component that are nearer than `min_distance_px`."""
    if count == 0:
        return peaks
    y, x = np.nonzero(peaks)
    number = peaks[y, x] - 1
    centres = np.stack([np.bincount(number, along) for along in (y, x)], 1) / np.bincount(number)[:, None]
    component = np.empty(count, components.dtype)
    component[number] = components[y, x]
    pairs = cKDTree(centres).query_pairs(min_distance_px, output_type="ndarray")
    pairs = pairs[component[pairs[:, 0]] == component[pairs[:, 1]]]
    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    _, group = connected_components(graph, directed=False)
    return np.concatenate([[0], group + 1])[peaks]


def _with_unreached(labels: np.ndarray, components: np.ndarray) -> np.ndarray:
    """Renumber 1..n without gaps, objects without a peak (a few pixels) included."""
    numbered = np.where(labels == 0, np.where(components > 0, labels.max() + components, 0), labels)
    taken = np.bincount(numbered.ravel()) > 0
    taken[0] = False
    return np.cumsum(taken).astype(np.int32)[numbered]
