"""Unwrapping, only where a jump asks for it."""

from __future__ import annotations

import numpy as np
from skimage.restoration import unwrap_phase


def largest_jump_rad(phase: np.ndarray) -> float:
    """Largest difference between neighbouring pixels (rad) of a phase map (Y, X)."""
    return float(max(np.abs(np.diff(phase, axis=axis)).max(initial=0) for axis in (0, 1)))


def unwrap_where_needed(phase: np.ndarray, *, mode: str, gate_rad: float) -> tuple[np.ndarray, bool]:
    """Unwrap a phase map if its neighbours differ by more than a gate.

    Most SLIM images stay below pi; unwrapping all of them costs a hundred times the retrieval and gains
    nothing. Uses reliability sorting (Herraez et al., Appl. Opt. 41, 7437, 2002) of scikit-image.

    Parameters
    ----------
    phase : numpy.ndarray
        float32 (Y, X), rad.
    mode : {"gated", "never", "always"}
        When to unwrap.
    gate_rad : float
        Difference between neighbours that calls for unwrapping.

    Returns
    -------
    phase : numpy.ndarray
        float32 (Y, X); only its constant is arbitrary by a multiple of 2 pi.
    unwrapped : bool
        Whether unwrapping was done.
    """
    if mode == "never" or (mode == "gated" and largest_jump_rad(phase) <= gate_rad):
        return phase, False
    return unwrap_phase(phase, rng=0).astype(np.float32), True
