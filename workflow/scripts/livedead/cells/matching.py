"""True nuclei against predicted pixels: who was seen, as what, and who was never there."""

from typing import Any

import numpy as np
from scipy import ndimage as ndi

from ..desk.errors import DataError
from .geometry import EIGHT_NEIGHBOURS, areas_px, centroids_px, means, sums, touches_border
from .nuclei import majority_states
from .semantic import DEAD, LIVE, STATE_NAMES

#: A predicted component with less than this part of its area on true nuclei is spurious.
SPURIOUS_OVERLAP = 0.5


def match_nuclei(
    truth: np.ndarray,
    instances: np.ndarray,
    predicted: np.ndarray,
    p_live: np.ndarray,
    p_dead: np.ndarray,
    phase: np.ndarray,
    pixel_size_um: float,
    min_coverage: float,
    *,
    phase_in_rad: bool,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """
    Give every true nucleus of a frame its dominant predicted label, and list the spurious components.

    The paper compares "the dominant semantic label" of every nucleus. A nucleus of which less than
    `min_coverage` is predicted live or dead is missed. Else the more frequent of the two states counts; a tie
    goes to the larger softmax, then to dead. A predicted component (8-connected) is spurious if less than
    half of it lies on true nuclei, unless it covers `min_coverage` of one.

    Parameters
    ----------
    truth : numpy.ndarray
        (Y, X) true map, 0 background, 1 live, 2 dead.
    instances : numpy.ndarray
        (Y, X) integer map of the true nuclei, 1..n.
    predicted : numpy.ndarray
        (Y, X) predicted map, 0 background, 1 live, 2 dead.
    p_live, p_dead : numpy.ndarray
        (Y, X) softmax of the two states, 0..1.
    phase : numpy.ndarray
        (Y, X) phase, rad or grey values.
    pixel_size_um : float
        Side of a pixel in the sample, um.
    min_coverage : float
        Least part of a nucleus that must be predicted, 0..1.
    phase_in_rad : bool
        False for imported images in grey values: mean_phase_rad is then unknown.

    Returns
    -------
    matches : list of dict
        One row per true nucleus: label, true_state, predicted_state (live, dead, missed), dominant_state
        (live or dead whatever the coverage, None without predicted pixels), coverage, component (predicted
        component that covers `min_coverage` of it, or None), touches_border, area_um2, mean_phase_rad, p_live,
        p_dead, x_um, y_um.
    spurious : list of dict
        One row per spurious component: component, predicted_state, overlap, touches_border, area_um2, x_um,
        y_um.

    Raises
    ------
    DataError
        If the images differ in shape.
    """
    shapes = {image.shape for image in (truth, instances, predicted, p_live, p_dead, phase)}
    if len(shapes) > 1:
        raise DataError(f"truth, prediction and phase have the shapes {sorted(shapes)}: wanted one grid")
    area = areas_px(instances)
    live, dead = means(p_live, instances), means(p_dead, instances)
    true_pixels = _state_pixels(truth, instances)
    # A true nucleus has one state; a tie can only come from an imported map and goes to live.
    true_states = np.where(true_pixels[:, 0] >= true_pixels[:, 1], LIVE, DEAD)
    pixels = _state_pixels(predicted, instances)
    coverage = pixels.sum(axis=1) / np.maximum(area, 1)
    # Of what no pixel was predicted, nothing was seen, however little is asked for.
    seen = (coverage > 0) & (coverage >= min_coverage)
    dominant = majority_states(pixels, live, dead)
    components, count = ndi.label(predicted > 0, structure=EIGHT_NEIGHBOURS)
    supplier, needed = _suppliers(instances, components, area, min_coverage)
    centre_um = centroids_px(instances) * pixel_size_um
    border = touches_border(instances)
    mean_phase = means(phase, instances)
    matches = [
        {
            "label": int(i) + 1,
            "true_state": STATE_NAMES[int(true_states[i])],
            "predicted_state": STATE_NAMES[int(dominant[i])] if seen[i] else "missed",
            "dominant_state": STATE_NAMES[int(dominant[i])] if coverage[i] > 0 else None,
            "coverage": float(coverage[i]),
            "component": int(supplier[i]) or None,
            "touches_border": bool(border[i]),
            "area_um2": float(area[i] * pixel_size_um**2),
            "mean_phase_rad": float(mean_phase[i]) if phase_in_rad else None,
            "p_live": float(live[i]),
            "p_dead": float(dead[i]),
            "x_um": float(centre_um[i, 1]),
            "y_um": float(centre_um[i, 0]),
        }
        for i in np.flatnonzero(area)
    ]
    return matches, _spurious(components, count, needed, predicted, instances, p_live, p_dead, pixel_size_um)


def _state_pixels(semantic: np.ndarray, instances: np.ndarray) -> np.ndarray:
    """Count live and dead pixels of every object: (n, 2)."""
    return np.stack([sums(semantic == state, instances) for state in (LIVE, DEAD)], axis=1)


def _suppliers(
    instances: np.ndarray, components: np.ndarray, area: np.ndarray, min_coverage: float
) -> tuple[np.ndarray, np.ndarray]:
    """Name the component that covers enough of each nucleus (0: none), and all components that do so."""
    both = (instances > 0) & (components > 0)
    pairs, shared = np.unique(np.stack([instances[both], components[both]]), axis=1, return_counts=True)
    enough = shared >= min_coverage * area[pairs[0] - 1]
    pairs, shared = pairs[:, enough], shared[enough]
    supplier = np.zeros(area.size, dtype=int)
    # In rising order of the shared area: the last one written is the largest.
    order = np.argsort(shared, kind="stable")
    supplier[pairs[0, order] - 1] = pairs[1, order]
    return supplier, np.unique(pairs[1])


def _spurious(
    components: np.ndarray,
    count: int,
    needed: np.ndarray,
    predicted: np.ndarray,
    instances: np.ndarray,
    p_live: np.ndarray,
    p_dead: np.ndarray,
    pixel_size_um: float,
) -> list[dict[str, Any]]:
    """Tabulate the components that lie mostly beside the true nuclei."""
    if count == 0:
        return []
    area = areas_px(components)
    overlap = sums(instances > 0, components) / area
    states = majority_states(_state_pixels(predicted, components), means(p_live, components), means(p_dead, components))
    spurious = overlap < SPURIOUS_OVERLAP
    spurious[needed - 1] = False
    centre_um = centroids_px(components) * pixel_size_um
    border = touches_border(components)
    return [
        {
            "component": int(i) + 1,
            "predicted_state": STATE_NAMES[int(states[i])],
            "overlap": float(overlap[i]),
            "touches_border": bool(border[i]),
            "area_um2": float(area[i] * pixel_size_um**2),
            "x_um": float(centre_um[i, 1]),
            "y_um": float(centre_um[i, 0]),
        }
        for i in np.flatnonzero(spurious)
    ]
