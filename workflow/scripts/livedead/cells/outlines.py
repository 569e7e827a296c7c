"""Outlines of stained nuclei by a threshold that follows the brightness of each nucleus."""

from typing import NamedTuple

import numpy as np
from scipy import ndimage as ndi
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from skimage.morphology import disk, local_maxima, reconstruction, remove_small_holes
from skimage.segmentation import expand_labels, watershed

from .geometry import EIGHT_NEIGHBOURS, medians
from .touching import split_touching

#: A patch must rise this many standard deviations of the noise above the background to be looked at.
DETECTION_SIGMAS = 5.0
#: Maxima that rise by less than this factor above their saddle are texture of one nucleus.
TEXTURE_FACTOR = 1.15
#: A patch of nuclear size that is darker by this factor than its peak, or the peak of the patch it touches, is
#: another, dimmer nucleus.
STEP_FACTOR = 2.0
#: What is left around a bright nucleus and fades with the distance from it like this is its blur, no neighbour.
SKIRT_CORRELATION = -0.6
#: The threshold and the local background under it settle in this many rounds.
ROUNDS = 3
#: Bright nuclei, dim ones beside them, and the dimmest beside those.
LAYERS = 3


def outline_nuclei(
    blue: np.ndarray,
    noise: float,
    *,
    threshold_fraction: float,
    lowpass_sigma_px: float,
    split_distance_px: float,
    max_edge_px: float,
    min_area_px: float,
    min_contrast: float,
) -> np.ndarray:
    """
    Segment the nuclei of a low-passed, background-subtracted NucBlue frame.

    The frame is parted into basins of attraction of its brightness maxima. In each basin a pixel is nucleus
    where it lies above ``base + threshold_fraction * (peak - base)``; `base` is the median of a ring around
    the nucleus, so glow of cells out of focus raises the threshold under it only, and a dim live nucleus
    beside a bright pyknotic one has its own threshold. Holes are filled and touching nuclei parted.

    Parameters
    ----------
    blue : numpy.ndarray
        (Y, X) float NucBlue after low-pass and subtraction of the background.
    noise : float
        Standard deviation of the noise in `blue`, unit of `blue`.
    threshold_fraction : float
        Height of the threshold between local background (0) and peak (1).
    lowpass_sigma_px : float
        Standard deviation of the low-pass, pixels.
    split_distance_px : float
        Centres nearer than this belong to one nucleus, pixels.
    max_edge_px : float
        Patches with a softer outline (see `edge_widths`) are glow and no part of a nucleus, pixels.
    min_area_px : float
        Smallest area of a nucleus; holes up to this area are filled, pixels.
    min_contrast : float
        Least height above the surroundings, in units of the median height of the frame's bright patches.

    Returns
    -------
    numpy.ndarray
        (Y, X) int32, 0 background, 1..n candidate nuclei.
    """
    limits = _Limits(threshold_fraction, lowpass_sigma_px, split_distance_px, max_edge_px, min_area_px, min_contrast)
    inside, basins, peak = _peel(blue, noise, limits)
    # The skirt of a bright nucleus and single noisy pixels are thinner than the low-pass.
    inside = _opened(inside, lowpass_sigma_px)
    inside = remove_small_holes(inside, max_size=int(min_area_px), connectivity=1)
    return split_touching(inside, split_distance_px, walls=_brightness_steps(inside, basins, peak))


def ring_background(image: np.ndarray, instances: np.ndarray, gap_px: float, width_px: float) -> np.ndarray:
    """
    Take the median of an image in a ring around every object, other objects left out.

    Parameters
    ----------
    image : numpy.ndarray
        (Y, X) real image.
    instances : numpy.ndarray
        (Y, X) integer map, 0 background, 1..n objects.
    gap_px : float
        Distance of the ring from the outline, which the blur of the object fills, pixels.
    width_px : float
        Width of the ring, pixels.

    Returns
    -------
    numpy.ndarray
        (n,) float64, unit of `image`; NaN where neighbours leave no ring.
    """
    distance, nearest = ndi.distance_transform_edt(instances == 0, return_indices=True)
    rings = np.where((distance > gap_px) & (distance <= gap_px + width_px), instances[tuple(nearest)], 0)
    return medians(image, rings, int(instances.max(initial=0)))


def edge_widths(blue: np.ndarray, instances: np.ndarray, contrast: np.ndarray, gap_px: float) -> np.ndarray:
    """
    Measure how soft the outline of every object is: its contrast over the slope at its outline.

    Only outline pixels that no other object comes near are used, so that the slope is the object's own.

    Parameters
    ----------
    blue : numpy.ndarray
        (Y, X) real image.
    instances : numpy.ndarray
        (Y, X) integer map, 0 background, 1..n objects.
    contrast : numpy.ndarray
        (n,) height of the objects above their surroundings, unit of `blue`.
    gap_px : float
        Distance that other objects must keep, pixels.

    Returns
    -------
    numpy.ndarray
        (n,) float64, pixels; NaN for an object without a free outline.
    """
    size = 2 * round(gap_px) + 1
    most = np.iinfo(instances.dtype).max
    alone = (ndi.maximum_filter(instances, size=size) == instances) & (
        ndi.minimum_filter(np.where(instances > 0, instances, most), size=size) == instances
    )
    inner = ndi.binary_erosion(instances > 0, structure=EIGHT_NEIGHBOURS, border_value=1)
    rim = np.where(alone & ~inner, instances, 0)
    # Along the normal only: the length of a noisy gradient is never zero, its median along the normal is.
    inward = np.stack(np.gradient(ndi.gaussian_filter((instances > 0).astype(float), 1.0)))
    inward /= np.maximum(np.linalg.norm(inward, axis=0), np.finfo(float).tiny)
    rise = np.stack(np.gradient(ndi.gaussian_filter(blue, 0.5)))
    slope = medians((rise * inward).sum(axis=0), rim, contrast.size)
    return contrast / np.where(slope > 0, slope, np.nan)


class _Limits(NamedTuple):
    """Arguments of `outline_nuclei`, lengths in pixels."""

    fraction: float
    lowpass_sigma: float
    split_distance: float
    max_edge: float
    min_area: float
    min_contrast: float


def _peel(blue: np.ndarray, noise: float, limits: _Limits) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    Find the bright nuclei first and look again at what is left of their basins.

    A dim nucleus on the flank of a bright one has no maximum of its own until the bright one is taken away.
    Returns the (Y, X) bool mask, the (Y, X) basins and the (n,) peak heights of all layers.
    """
    floor = max(DETECTION_SIGMAS * noise, np.finfo(float).tiny)
    detectable = blue > floor
    inside = np.zeros(blue.shape, dtype=bool)
    basins = np.zeros(blue.shape, dtype=np.int32)
    peak = np.zeros(0)
    rest, least = detectable, floor
    for _ in range(LAYERS):
        layer, height = _basins(blue, rest, floor, limits.split_distance / 4)
        if height.size == 0:
            break
        # The skirt that was cut off around brighter nuclei may belong to this one.
        layer = np.where(detectable & ~inside, expand_labels(layer, 2 * limits.lowpass_sigma + 1), 0)
        found, contrast = _above_own_threshold(blue, layer, height, limits, inside, least)
        basins = np.where(found, layer + peak.size, basins)
        peak = np.concatenate([peak, height])
        inside |= found
        # Only the first layer, which holds the bright nuclei, says what is faint.
        if least == floor and contrast.size:
            least = max(floor, limits.min_contrast * np.median(contrast))
        rest = detectable & ~_grown(inside, 2 * limits.lowpass_sigma)
        rest = _opened(rest, limits.split_distance / 3)
    return inside, basins, peak


def _basins(blue: np.ndarray, rest: np.ndarray, floor: float, sigma_px: float) -> tuple[np.ndarray, np.ndarray]:
    """Part the pixels of `rest` among its maxima; return the (Y, X) basins and the (n,) peak heights."""
    weight = ndi.gaussian_filter(rest.astype(float), sigma_px, mode="nearest")
    smooth = ndi.gaussian_filter(np.where(rest, blue, 0.0), sigma_px, mode="nearest")
    smooth = np.where(rest, smooth / np.maximum(weight, 1e-6), 0.0)
    height = np.log(np.maximum(smooth, floor))
    domes = reconstruction(height - np.log(TEXTURE_FACTOR), height)
    peaks, count = ndi.label(local_maxima(domes) & rest, structure=EIGHT_NEIGHBOURS)
    if count == 0:
        return np.zeros(blue.shape, dtype=np.int32), np.zeros(0)
    basins = watershed(-smooth, peaks, mask=rest, connectivity=2)
    return basins, ndi.maximum(smooth, peaks, np.arange(1, count + 1))


def _above_own_threshold(
    blue: np.ndarray,
    basins: np.ndarray,
    peak: np.ndarray,
    limits: _Limits,
    taken: np.ndarray,
    least_contrast: float,
) -> tuple[np.ndarray, np.ndarray]:
    """
    Threshold every basin between the background around its nucleus and its peak.

    Pixels `taken` by brighter nuclei are no background. Returns the (Y, X) bool mask and the (n,) contrasts.
    """
    base = np.zeros(peak.size)
    height = np.full(peak.size, limits.fraction)
    for _ in range(ROUNDS):
        inside = _higher(blue, basins, base, peak, height)
        # A patch of nuclear size below half the peak is another, dimmer nucleus: leave it to the next layer.
        step = inside & ~_higher(blue, basins, base, peak, np.maximum(height, 1 / STEP_FACTOR))
        step = np.where(_opened(step, limits.split_distance / 3), basins, 0)
        dimmer = np.bincount(step.ravel(), minlength=peak.size + 1)[1:] >= limits.min_area / 2
        height = np.where(dimmer, np.maximum(height, 1 / STEP_FACTOR), height)
        # Nuclei of brighter layers take part under a number of their own, so that no ring runs over them.
        objects = np.where(taken, peak.size + 1, np.where(inside, basins, 0))
        ring = ring_background(blue, objects, 2 * limits.lowpass_sigma, limits.split_distance)[: peak.size]
        ring = np.concatenate([ring, np.full(peak.size - ring.size, np.nan)])
        # Nuclei without a ring sit in a dense patch: there the background of the frame is the best guess.
        base = np.clip(np.nan_to_num(ring), 0.0, peak)
    inside = _higher(blue, basins, base, peak, height)
    objects = np.where(inside, basins, 0)
    contrast = np.nan_to_num(medians(blue, objects, peak.size)) - base
    around = np.where(taken, peak.size + 1, objects)
    edge = edge_widths(blue, around, np.append(contrast, 0.0), 2 * limits.lowpass_sigma)[: peak.size]
    skirt = _fading(blue, objects, taken, peak.size) < SKIRT_CORRELATION
    refused = np.concatenate([[True], (edge > limits.max_edge) | (contrast < least_contrast) | skirt])
    return inside & ~refused[basins], contrast[~refused[1:]]


def _fading(blue: np.ndarray, objects: np.ndarray, taken: np.ndarray, count: int) -> np.ndarray:
    """Correlate the brightness in each object with the distance from the nuclei already taken: (count,)."""
    if not taken.any():
        return np.zeros(count)
    distance = ndi.distance_transform_edt(~taken)
    area = np.maximum(np.bincount(objects.ravel(), minlength=count + 1), 1)

    def mean(values: np.ndarray) -> np.ndarray:
        return np.bincount(objects.ravel(), values.ravel(), minlength=count + 1) / area

    height, away = blue - mean(blue)[objects], distance - mean(distance)[objects]
    spread = np.sqrt(mean(height**2) * mean(away**2))
    return (mean(height * away) / np.maximum(spread, np.finfo(float).tiny))[1:]


def _higher(blue: np.ndarray, basins: np.ndarray, base: np.ndarray, peak: np.ndarray, height: np.ndarray) -> np.ndarray:
    """Say where a basin lies above a height between its base (0) and its peak (1)."""
    threshold = np.concatenate([[np.inf], base + height * (peak - base)])
    return blue > threshold[basins]


def _brightness_steps(inside: np.ndarray, basins: np.ndarray, peak: np.ndarray) -> np.ndarray:
    """Mark the pixels where a bright nucleus meets a dim one."""
    if peak.size == 0:
        return np.zeros(inside.shape, dtype=bool)
    basins = np.where(inside, basins, 0)
    pairs = []
    for here, there in ((basins[1:], basins[:-1]), (basins[:, 1:], basins[:, :-1])):
        meets = (here > 0) & (there > 0) & (here != there)
        pairs.append(np.stack([here[meets], there[meets]], axis=1))
    first, second = np.unique(np.concatenate(pairs), axis=0).T - 1
    alike = np.maximum(peak[first], peak[second]) < STEP_FACTOR * np.minimum(peak[first], peak[second])
    graph = coo_matrix((np.ones(alike.sum()), (first[alike], second[alike])), shape=(peak.size, peak.size))
    _, group = connected_components(graph, directed=False)
    groups = np.where(basins > 0, group[basins - 1] + 1, 0)
    low = ndi.minimum_filter(np.where(groups > 0, groups, np.iinfo(groups.dtype).max), size=3)
    return inside & (ndi.maximum_filter(groups, size=3) != low)


def _grown(mask: np.ndarray, distance_px: float) -> np.ndarray:
    """Grow a mask by a distance."""
    return expand_labels(mask.astype(np.uint8), distance_px) > 0


def _opened(mask: np.ndarray, radius_px: float) -> np.ndarray:
    """Take away what a disk does not fit into; the mask goes on over the border, so cut nuclei stay."""
    radius = max(1, round(radius_px))
    padded = np.pad(mask, 2 * radius, mode="edge")
    opened = ndi.binary_opening(padded, structure=disk(radius))
    return opened[2 * radius : -2 * radius, 2 * radius : -2 * radius]
