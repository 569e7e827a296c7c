"""Phase-shifting interferometry in general: N frames by least squares, and shifts that are not as set.

A pixel of frame ``n`` is ``I_n = A + m cos(phi + s_n) = A + P cos s_n - Q sin s_n`` with ``P = m cos phi`` and
``Q = m sin phi``. Shifts count as in `slim.interferograms`, so that a body of higher index has a positive phase;
the other sense of rotation turns the sign of every phase.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..desk.errors import DataError, SettingsError

# A set of shifts whose equations lose more digits than this does not tell sine from cosine.
_WORST_CONDITION = 50


@dataclass(frozen=True)
class Fringes:
    """What N phase-shifted frames say about every pixel.

    Attributes
    ----------
    offset, modulation : numpy.ndarray
        Mean intensity and amplitude of the fringes, in the unit of the frames, shape of one frame.
    phase : numpy.ndarray
        rad in (-pi, pi].
    residual : numpy.ndarray
        Frames minus the fit, shape of all frames; zero for three frames.
    """

    offset: np.ndarray
    modulation: np.ndarray
    phase: np.ndarray
    residual: np.ndarray


def shift_matrix(shifts_rad: Sequence[float]) -> np.ndarray:
    """Rows ``1, cos s_n, -sin s_n`` that turn (A, P, Q) into the frames.

    Parameters
    ----------
    shifts_rad : sequence of float
        Three or more shifts.

    Returns
    -------
    numpy.ndarray
        float64 (N, 3).

    Raises
    ------
    SettingsError
        If these shifts do not tell the phase.
    """
    shifts = np.asarray(shifts_rad, float)
    matrix = np.stack([np.ones_like(shifts), np.cos(shifts), -np.sin(shifts)], 1)
    if len(shifts) < 3 or np.linalg.cond(matrix) > _WORST_CONDITION:
        degrees = ", ".join(f"{shift:.4g}" for shift in np.degrees(shifts))
        raise SettingsError(
            f"shifts of {degrees} degrees do not tell the phase (wanted at least three that are well apart on the "
            "circle); check phase.shifts_deg"
        )
    return matrix


def fringe_parts(frames: np.ndarray, shifts_rad: Sequence[float]) -> np.ndarray:
    """Fit ``A + P cos s_n - Q sin s_n`` to every pixel by least squares.

    Parameters
    ----------
    frames : numpy.ndarray
        Shape (N, ...).
    shifts_rad : sequence of float
        Shift of every frame.

    Returns
    -------
    numpy.ndarray
        Shape (3, ...): A, P and Q; float32 for float32 frames, else float64.
    """
    dtype = np.float32 if frames.dtype == np.float32 else np.float64
    inverse = _equations(tuple(map(float, shifts_rad)))[1].astype(dtype)
    return np.tensordot(inverse, frames.astype(dtype, copy=False), 1)


@lru_cache(maxsize=4)
def _equations(shifts_rad: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Give the matrix from parts to frames, and the one back."""
    matrix = shift_matrix(shifts_rad)
    return matrix, np.linalg.pinv(matrix)


def fit_fringes(frames: np.ndarray, shifts_rad: Sequence[float]) -> Fringes:
    """Find offset, modulation and phase of N phase-shifted frames by least squares.

    Parameters
    ----------
    frames : numpy.ndarray
        Intensities, shape (N, ...), N at least 3.
    shifts_rad : sequence of float
        Shift of every frame.

    Returns
    -------
    Fringes

    Raises
    ------
    SettingsError
        If the shifts do not tell the phase.
    """
    parts = fringe_parts(frames, shifts_rad)
    fitted = np.tensordot(_equations(tuple(map(float, shifts_rad)))[0].astype(parts.dtype), parts, 1)
    return Fringes(parts[0], np.hypot(parts[1], parts[2]), np.arctan2(parts[2], parts[1]), frames - fitted)


def iterate_shifts(
    intensities: np.ndarray,
    start_rad: Sequence[float],
    *,
    even_light: bool = True,
    tolerance_rad: float = 1e-6,
    most_steps: int = 500,
) -> np.ndarray:
    """Find the shifts of N frames by the advanced iterative algorithm (Wang & Han, Opt. Lett. 29, 1671, 2004).

    Two fits by least squares take turns: the phase of every pixel from the shifts, and the shift of every frame
    from the phases.

    Parameters
    ----------
    intensities : numpy.ndarray
        (N, pixels), pixels with fringes.
    start_rad : sequence of float
        Shifts as set; the first one is kept, and the solution next to these is found.
    even_light : bool
        The published form: offset and modulation are taken as equal over all pixels of a frame. False takes those
        of every pixel into the second fit, as an image of cells needs, where they follow the phase. What the
        pixels then cannot tell stays as it was: with four frames, how far the pair of the odd frames lies from
        the pair of the even ones; with three, everything.
    tolerance_rad : float
        Largest change of a shift in the last step.
    most_steps : int
        Steps after which it is given up.

    Returns
    -------
    numpy.ndarray
        float64 (N,), rad, each within pi of its start.

    Raises
    ------
    DataError
        If the steps do not come to rest.
    """
    start = np.asarray(start_rad, float)
    pixels = np.asarray(intensities, float)
    shifts = start.copy()
    for _ in range(most_steps):
        offset, cosine, sine = fringe_parts(pixels, shifts)
        if even_light:
            modulation = np.maximum(np.hypot(cosine, sine), np.finfo(float).tiny)
            terms = np.stack([np.ones_like(offset), cosine / modulation, sine / modulation], 1)
        else:
            terms = np.stack([offset, cosine, sine], 1)
        _, along, across = np.linalg.lstsq(terms, pixels.T, rcond=None)[0]
        found = np.arctan2(-across, along)
        found = start + _wrapped(found - found[0] + start[0] - start)
        step = np.abs(_wrapped(found - shifts)).max()
        shifts = found
        if step < tolerance_rad:
            return shifts
    raise DataError(
        f"the shifts of the {len(shifts)} frames do not come to rest after {most_steps} steps (last change "
        f"{np.degrees(step):.2g} degrees); check phase.frame_order, or give phase.shifts_deg"
    )


def _wrapped(angle: np.ndarray) -> np.ndarray:
    return (angle + np.pi) % (2 * np.pi) - np.pi
