"""Camera counts: whether they can be used, and the dark level under them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..desk.errors import ImageError
from .kernels import row_maxima

# So many pixels at the very maximum, and so many times more than at any of the levels just below, are clipped.
_LEAST_CLIPPED = 50
_PILE = 10
_LEVELS_BELOW = 16


def clipped_level(counts: np.ndarray) -> float | None:
    """Find the level at which a camera or a converter cut the counts off.

    A 12-bit camera ends at 4095 also in a 16-bit file, and where an offset was subtracted anywhere below. Clipped
    pixels pile up at the maximum; of light that just ends there, fewer and fewer pixels have the highest counts.

    Parameters
    ----------
    counts : numpy.ndarray
        Counts of any real type and shape.

    Returns
    -------
    float or None
        The maximum, where pixels pile up there; None where they do not, or where all pixels are equal.
    """
    rows = counts.reshape(-1, counts.shape[-1])
    return _clipped(rows, _tops(rows))


def _clipped(rows: np.ndarray, tops: np.ndarray) -> float | None:
    top = tops.max()
    # Only rows that reach a level can hold it.
    clipped = int((rows[tops == top] == top).sum())
    if clipped < _LEAST_CLIPPED or clipped == rows.size:
        return None
    bright = rows[tops >= float(top) - _LEVELS_BELOW]
    near = bright[(bright < top) & (bright >= float(top) - _LEVELS_BELOW)]
    near = np.floor(np.asarray(top - near, float)).astype(int)
    just_below = np.bincount(near, minlength=1).max()
    return float(top) if clipped >= _PILE * max(just_below, 1) else None


def saturated_fraction(
    counts: np.ndarray, *, saturation_adu: float, most: float, tops: np.ndarray | None = None
) -> float:
    """Part of the pixels that are saturated.

    Parameters
    ----------
    counts : numpy.ndarray
        Counts of any real type and shape.
    tops : numpy.ndarray, optional
        Largest count of every row, where `check_counts` has found them.
    saturation_adu : float
        Counts from which on a pixel is saturated; a lower level at which pixels pile up counts as well.
    most : float
        Largest part that is not refused.

    Returns
    -------
    float

    Raises
    ------
    ImageError
        If more pixels are saturated.
    """
    rows = counts.reshape(-1, counts.shape[-1])
    tops = _tops(rows) if tops is None else tops
    level = _clipped(rows, tops)
    level = saturation_adu if level is None else min(level, saturation_adu)
    saturated = float((rows[tops >= level] >= level).sum() / counts.size)
    if saturated > most:
        bits = f" ({round(np.log2(level + 1))} bits)" if np.log2(level + 1).is_integer() else ""
        raise ImageError(
            f"{saturated:.1%} of the pixels are saturated, at {level:g} counts{bits} or above (wanted at most "
            f"{most:.1%}, phase.max_saturated_fraction); expose for less time"
        )
    return saturated


def dark_level(planes: Sequence[np.ndarray], *, frames: int, offset_adu: float) -> np.ndarray:
    """Level that the camera shows without light: its background frame, or one number.

    Parameters
    ----------
    planes : sequence of numpy.ndarray
        Nothing; or the stack (T, C, Y, X) of the camera's background frame, as read from its file.
    frames : int
        Interferograms per time point.
    offset_adu : float
        Dark level where there is no background frame.

    Returns
    -------
    numpy.ndarray
        float32, shape (1, 1, 1), (1, Y, X) or (frames, Y, X).

    Raises
    ------
    ImageError
        If the file has another number of planes, or values that are not finite.
    """
    if not len(planes):
        return np.full((1, 1, 1), offset_adu, np.float32)
    (stack,) = planes
    dark = stack.reshape(-1, *stack.shape[-2:]).astype(np.float32)
    if len(dark) not in (1, frames):
        raise ImageError(
            f"{len(dark)} planes in phase.background_frame (wanted 1, or {frames}, one for every interferogram of a "
            "time point); give the mean of frames recorded with the light off"
        )
    if not np.isfinite(dark).all():
        raise ImageError("phase.background_frame has pixels that are not finite (wanted counts); export it again")
    return dark


def check_counts(counts: np.ndarray, dark: np.ndarray, *, frames: int) -> np.ndarray:
    """Refuse what is no set of interferograms.

    Parameters
    ----------
    counts : numpy.ndarray
        Camera counts (N, Y, X).
    dark : numpy.ndarray
        As `dark_level` gives it.
    frames : int
        Wanted interferograms.

    Returns
    -------
    numpy.ndarray
        Largest count of every row, for `saturated_fraction`.

    Raises
    ------
    ImageError
        If their number is another, a pixel is not finite, nothing is above the dark level, or that has another
        shape.
    """
    if counts.shape[0] != frames:
        raise ImageError(
            f"{counts.shape[0]} interferograms (wanted {frames}); check that the stack holds {frames} per time point, "
            "as many as phase.frame_order has entries"
        )
    if dark.shape[1:] not in ((1, 1), counts.shape[1:]):
        raise ImageError(
            f"phase.background_frame has {dark.shape[1]} x {dark.shape[2]} pixels, the interferograms "
            f"{counts.shape[1]} x {counts.shape[2]} (wanted the same); record it with the same region and binning"
        )
    tops = _tops(counts.reshape(-1, counts.shape[-1]))
    top = tops.max()
    # A largest value that is a number may hide the smallest: -inf.
    if counts.dtype.kind == "f" and not np.isfinite(counts).all():
        raise ImageError(f"{int((~np.isfinite(counts)).sum())} pixels are not finite (wanted numbers); export it again")
    if top <= dark.min() or (dark.size > 1 and not (counts > dark).any()):
        wanted = (
            f"phase.camera_offset_adu = {dark.max():g}); check the shutter, or the offset in the configuration"
            if dark.size == 1
            else "phase.background_frame); check the shutter, and that the background was recorded without light"
        )
        raise ImageError(f"no light: the brightest pixel is {top} (wanted more than {wanted}")
    return tops


def _tops(rows: np.ndarray) -> np.ndarray:
    """Find the largest value of each row."""
    if rows.dtype != np.uint16:
        return rows.max(1)
    tops = np.empty(len(rows), np.uint16)
    row_maxima(np.ascontiguousarray(rows), tops)
    return tops
