"""Unwrapping, only where jumps ask for it."""

from __future__ import annotations

import numpy as np
from scipy import ndimage
from skimage.restoration import unwrap_phase

from .kernels import jumps_above, mark_jumps

# A part to unwrap reaches so many blocks, of so many pixels along a side, beyond its jumps: to where the phase is calm.
_BLOCK, _MARGIN = 4, 2
# Parts that fill more of the field than this are no saving.
_MOST = 0.6


def unwrap_where_needed(phase: np.ndarray, *, mode: str, gate_rad: float, block: int = 8) -> tuple[np.ndarray, bool]:
    """Unwrap a phase map where its neighbours differ by more than a gate.

    Most of a SLIM image stays below pi; unwrapping all of it costs a thousand times the retrieval and gains nothing.
    So boxes around the jumps are unwrapped, each joined to what surrounds it, where the phase is continuous as it is.
    Where a box does not join (a line of jumps that only the whole field can place), or boxes fill most of the field,
    all of it is unwrapped. Uses reliability sorting (Herraez et al., Appl. Opt. 41, 7437, 2002) of scikit-image.

    Parameters
    ----------
    phase : numpy.ndarray
        float32 (Y, X), rad.
    mode : {"gated", "never", "always"}
        When to unwrap; always: the whole field.
    gate_rad : float
        Difference between neighbours that calls for unwrapping.

    Returns
    -------
    phase : numpy.ndarray
        float32 (Y, X); only its constant is arbitrary by a multiple of 2 pi.
    unwrapped : bool
        Whether unwrapping was done.
    """
    if mode == "never" or (mode == "gated" and not jumps_above(phase, np.float32(gate_rad))):
        return phase, False
    if mode == "gated":
        # The whole field would lose every step of more than pi, whatever the gate.
        joined = _unwrapped_in_boxes(phase, min(gate_rad, np.pi))
        if joined is not None:
            return joined, True
    return unwrap_phase(phase, rng=0).astype(np.float32), True


def _unwrapped_in_boxes(phase: np.ndarray, gate_rad: float) -> np.ndarray | None:
    """Unwrap boxes around the jumps; nothing where a box does not join its surroundings or little is saved."""
    boxes = _boxes(phase, gate_rad)
    area = sum((rows.stop - rows.start) * (columns.stop - columns.start) for rows, columns in boxes)
    if area > _MOST * phase.size:
        return None
    whole = phase.copy()
    for box in boxes:
        part = phase[box]
        turns = np.rint((unwrap_phase(part, rng=0) - part) / (2 * np.pi)).astype(np.float32)
        rim = _rim(turns, box, phase.shape)
        # Outside nothing was turned. Along the rim the phase is continuous, and so must be what unwrapping adds.
        if rim.size == 0 or rim.min() != rim.max():
            return None
        whole[box] = part + np.float32(2 * np.pi) * (turns - rim[0])
    return whole


def _boxes(phase: np.ndarray, gate_rad: float) -> list[tuple[slice, slice]]:
    """Boxes around all jumps, with a margin, that do not touch one another."""
    marked = np.zeros([-(-side // _BLOCK) for side in phase.shape], np.uint8)
    mark_jumps(phase, np.float32(gate_rad), _BLOCK, marked)
    wide = _widened(_widened(marked > 0).T).T
    while True:
        found = ndimage.find_objects(ndimage.label(wide, np.ones((3, 3)))[0])
        filled = np.zeros_like(wide)
        for box in found:
            filled[box] = True
        if (filled == wide).all():
            break
        wide = filled
    return [
        tuple(
            slice(of_axis.start * _BLOCK, min(of_axis.stop * _BLOCK, side))
            for of_axis, side in zip(box, phase.shape, strict=True)
        )
        for box in found
    ]


def _widened(marked: np.ndarray) -> np.ndarray:
    """Mark what lies within the margin above or below, too."""
    wide = marked.copy()
    for step in range(1, _MARGIN + 1):
        wide[step:] |= marked[:-step]
        wide[:-step] |= marked[step:]
    return wide


def _rim(part: np.ndarray, box: tuple[slice, slice], shape: tuple[int, int]) -> np.ndarray:
    """Outermost pixels of a part, but for those at the border of the field."""
    rows, columns = box
    sides = [
        (rows.start > 0, part[0]),
        (rows.stop < shape[0], part[-1]),
        (columns.start > 0, part[:, 0]),
        (columns.stop < shape[1], part[:, -1]),
    ]
    return np.concatenate([side for inside, side in sides if inside] or [part[:0, 0]])
