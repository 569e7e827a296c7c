"""Phase maps that a lab has retrieved already: maps in rad, or 8-bit exports without absolute phase."""

from __future__ import annotations

import numpy as np

from ..desk.errors import ImageError

RAD, GREY = "phase [rad]", "phase [grey]"


def channel_name(dtype: np.dtype) -> str:
    """Name of the channel, with its unit: floating point maps are in rad, 8-bit exports in grey levels.

    Raises
    ------
    ImageError
        If the type is neither.
    """
    if np.dtype(dtype).kind == "f":
        return RAD
    if np.dtype(dtype) == np.uint8:
        return GREY
    raise ImageError(
        f"phase of type {np.dtype(dtype)} (wanted floating point in rad, or an 8-bit export); if these are raw "
        "interferograms, name them in the sheet's column raw"
    )


def as_phase(frame: np.ndarray) -> np.ndarray:
    """Turn one imported frame into float32 rad, or into grey values from 0 to 1.

    An 8-bit export has lost its absolute phase: it serves for viability, never for dry mass.

    Parameters
    ----------
    frame : numpy.ndarray
        Any shape, floating point or uint8.

    Returns
    -------
    numpy.ndarray
        float32, the same shape.

    Raises
    ------
    ImageError
        If the type is neither, or a value is not finite.
    """
    if channel_name(frame.dtype) == GREY:
        return frame.astype(np.float32) / np.float32(255)
    if not np.isfinite(frame).all():
        raise ImageError(
            f"{int((~np.isfinite(frame)).sum())} values are not finite (wanted phase in rad); export it again"
        )
    return frame.astype(np.float32)
