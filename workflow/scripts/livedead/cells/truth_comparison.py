"""One simulated film held against its truth: sums and counts per frame, which add over films."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

FRAME_COLUMNS = [
    "cohort",
    "sequence",
    "kind",
    "pixel_size_um",
    "wavelength_nm",
    "frame",
    "cell_pixels",
    "squared_error_rad2",
    "phase_sum_rad",
    "truth_sum_rad",
    "nuclei",
    "found",
    "right_state",
    "invented",
    "true_dead_fraction",
]
# Pixels with at least this much phase (rad) in truth are cells; thinner rims are background to the eye.
CELL_PHASE_RAD = 0.1


def phase_sums(phase: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Compare a retrieved phase map with the truth.

    Parameters
    ----------
    phase, truth : numpy.ndarray
        float32 (Y, X), rad.

    Returns
    -------
    dict of float
        Pixels in cells, sum of squared errors in them, and sums of the retrieved and the true phase where
        there is any specimen: sums add over frames, means do not.
    """
    cells, specimen = truth > CELL_PHASE_RAD, truth > 0.01
    error = phase.astype(float) - truth
    return {
        "cell_pixels": int(cells.sum()),
        "squared_error_rad2": float((error[cells] ** 2).sum()),
        "phase_sum_rad": float(phase[specimen].sum(dtype=float)),
        "truth_sum_rad": float(truth[specimen].sum(dtype=float)),
    }


def label_counts(
    instances: np.ndarray,
    labels: np.ndarray,
    truth_nuclei: np.ndarray,
    truth_states: Mapping[int, str],
    *,
    min_pixels: float,
) -> dict[str, int]:
    """Count the true nuclei that the labels found, and those found with the right state.

    A true nucleus is found if one labelled nucleus covers at least half of it and covers no other true
    nucleus more: two nuclei labelled as one count as one found and one not.

    Parameters
    ----------
    instances, labels, truth_nuclei : numpy.ndarray
        (Y, X): labelled nuclei 1..n, map of states (0, 1 live, 2 dead), true identities.
    truth_states : mapping
        State, live or dead, of every true identity of the frame.
    min_pixels : float
        Smaller true nuclei (slivers at the border) are not counted; the labels drop objects of that size.

    Returns
    -------
    dict of int
        nuclei, found, right_state, and invented: labelled nuclei of which less than half is true nucleus.
    """
    shared = np.zeros((int(truth_nuclei.max()) + 1, int(instances.max()) + 1), np.int64)
    np.add.at(shared, (truth_nuclei.ravel(), instances.ravel()), 1)
    area = shared.sum(1)
    owner = shared[1:].argmax(0) + 1 if len(shared) > 1 else np.zeros(shared.shape[1], int)
    counts = {"nuclei": 0, "found": 0, "right_state": 0}
    for number, state in truth_states.items():
        if area[number] < min_pixels:
            continue
        counts["nuclei"] += 1
        best = int(shared[number, 1:].argmax()) + 1 if shared.shape[1] > 1 else 0
        if best and 2 * shared[number, best] >= area[number] and owner[best] == number:
            counts["found"] += 1
            seen = labels[(instances == best)].max()
            counts["right_state"] += {"live": 1, "dead": 2}[state] == seen
    labelled = shared[:, 1:].sum(0)
    return counts | {"invented": int(((2 * shared[0, 1:] > labelled) & (labelled > 0)).sum())}


def check_frames(
    phases: Iterable[np.ndarray],
    truth_phases: Iterable[np.ndarray],
    truth_nuclei: Iterable[np.ndarray],
    truth: Sequence[Mapping[str, Any]],
    stained: Sequence[Iterable[np.ndarray]],
    *,
    min_pixels: float,
) -> list[dict[str, Any]]:
    """Compare one simulated film with its truth, frame by frame.

    Parameters
    ----------
    phases, truth_phases, truth_nuclei : iterable of numpy.ndarray
        Frames (1, Y, X).
    truth : sequence of mapping
        Rows of the simulator's table of nuclei.
    stained : sequence of iterables
        Frames of the instance map and of the label map; empty where the film is not stained.
    min_pixels : float
        See `label_counts`.

    Returns
    -------
    list of dict
        One row per frame with the sums and counts of `phase_sums` and `label_counts`.
    """
    states: dict[int, dict[int, str]] = {}
    for row in truth:
        states.setdefault(row["frame"], {})[row["nucleus"]] = row["state"]
    rows = []
    maps = zip(*stained, strict=True) if stained else None
    for frame, (phase, truth_phase, nuclei) in enumerate(zip(phases, truth_phases, truth_nuclei, strict=True)):
        row = {"frame": frame} | phase_sums(phase[0], truth_phase[0])
        now = states.get(frame, {})
        if maps:
            instances, labels = next(maps)
            row |= label_counts(instances[0], labels[0], nuclei[0], now, min_pixels=min_pixels)
        row["true_dead_fraction"] = sum(state == "dead" for state in now.values()) / len(now) if now else None
        rows.append(row)
    return rows
