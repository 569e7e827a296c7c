"""Two predictions of the same film: pixels of another class, and nuclei that one of them does not have."""

from collections.abc import Iterable, Sequence

import numpy as np

from .geometry import areas_px, means, sums
from .nuclei import majority_states, split_nuclei
from .semantic import DEAD, LIVE

#: Two nuclei are one if they share more than this part of what both cover; more than one such partner is impossible.
SHARED = 0.5
COUNTS = ("frames", "pixels", "equal_pixels", "nuclei", "missed_nuclei", "new_nuclei", "other_state_nuclei")


def compare_films(
    pairs: Iterable[tuple[dict, dict]], pixel_size_um: Iterable[float], *, min_area_um2: float, split_distance_um: float
) -> dict[str, int]:
    """
    Compare pairs of predicted films, nucleus by nucleus and pixel by pixel.

    Parameters
    ----------
    pairs : iterable of (dict, dict)
        Of every film, the prediction that counts as right and the other one: semantic, frames (1, Y, X), probability,
        frames (C, Y, X), and channels, as of `livedead.net.films.predict_film`.
    pixel_size_um : iterable of float
        Side of a pixel of every film, um.
    min_area_um2, split_distance_um : float
        As for `livedead.cells.nuclei.split_nuclei`.

    Returns
    -------
    dict of int
        `COUNTS`: frames, pixels, pixels of equal class; nuclei of the first predictions, those of them that the second
        ones lack (or have in another shape), those that only the second ones have, and those of another state.
    """
    total = dict.fromkeys(COUNTS, 0)
    for (right, other), pixel_um in zip(pairs, pixel_size_um, strict=True):
        live, dead = (right["channels"].index(name) for name in ("live", "dead"))
        for number, semantic in enumerate(right["semantic"]):
            frames = []
            for film in (right, other):
                labels, softmax = film["semantic"][number][0], film["probability"][number]
                split = split_nuclei(labels, pixel_um, min_area_um2=min_area_um2, split_distance_um=split_distance_um)
                nuclei = split.instances
                frames.append((nuclei, _states(nuclei, labels, softmax[live], softmax[dead])))
            equal = int(np.count_nonzero(semantic == other["semantic"][number]))
            found = dict(zip(COUNTS, (1, semantic.size, equal, *_compared(*frames)), strict=True))
            total = {name: total[name] + found[name] for name in COUNTS}
    return total


def _states(nuclei: np.ndarray, labels: np.ndarray, p_live: np.ndarray, p_dead: np.ndarray) -> np.ndarray:
    """State of every nucleus, as in the table of nuclei."""
    pixels = np.stack([sums(labels == state, nuclei) for state in (LIVE, DEAD)], axis=1)
    return majority_states(pixels, means(p_live, nuclei), means(p_dead, nuclei))


def _compared(right: Sequence[np.ndarray], other: Sequence[np.ndarray]) -> tuple[int, int, int, int]:
    """Numbers of nuclei, of missed ones, of new ones and of those of another state in one frame."""
    (ours, our_states), (theirs, their_states) = right, other
    both = (ours > 0) & (theirs > 0)
    pairs, shared = np.unique(np.stack([ours[both], theirs[both]]), axis=1, return_counts=True)
    i, j = pairs.astype(int) - 1
    same = shared > SHARED * (areas_px(ours)[i] + areas_px(theirs)[j] - shared)
    i, j = i[same], j[same]
    return (
        our_states.size,
        our_states.size - i.size,
        their_states.size - j.size,
        int(np.count_nonzero(our_states[i] != their_states[j])),
    )
