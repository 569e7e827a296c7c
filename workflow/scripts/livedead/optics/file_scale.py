"""What a file says of its own pixel size and frame interval, held against what the user says."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from ..desk.errors import ImageError
from .stacks import FrameReader

log = logging.getLogger(__name__)

# Two roundings of one calibration agree within this; another objective, binning or unit does not.
TOLERANCE = 0.05
_UNITS = {"pixel_size_um": "um per pixel", "frame_interval_min": "min between frames"}


def check_scale(film: FrameReader, row: Mapping[str, float], *, mismatch: str, place: str = "the sheet") -> None:
    """Hold the scale written in a film's file against what the user says.

    Parameters
    ----------
    film : FrameReader
        The opened film; what its file does not say cannot disagree.
    row : mapping
        pixel_size_um and frame_interval_min as the user says; a film of a single image needs no interval.
    mismatch : {"error", "warning"}
        What a difference of more than 5 % is; a warning goes to the log.
    place : str
        Where the user says it, for the message.

    Raises
    ------
    ImageError
        With both numbers of every difference, where it is an error.
    """
    found = []
    for key, unit in _UNITS.items():
        own = getattr(film.info, key)
        # A single image has no interval.
        if own is None or (key == "frame_interval_min" and len(film) < 2):
            continue
        stated = row[key]
        if abs(own / stated - 1) > TOLERANCE:
            found.append(f"the file says {own:.4g} {unit}, {place} {key} = {stated:g}{_hint(key, own, stated)}")
    if not found:
        return
    said = (
        f"{film}: {'; '.join(found)} (wanted the same within {TOLERANCE:.0%}); correct {place}, or set "
        "phase.metadata_mismatch: warning where the file is wrong"
    )
    if mismatch == "error":
        raise ImageError(said)
    log.warning(said)


def _hint(key: str, own: float, stated: float) -> str:
    if key == "pixel_size_um" and abs(own * stated - 1) <= TOLERANCE:
        return f" (these are pixels per um: 1 / {stated:g} = {1 / stated:.4g})"
    if key == "frame_interval_min":
        for factor, unit in ((60, "seconds"), (1 / 60, "hours")):
            if abs(stated / (own * factor) - 1) <= TOLERANCE:
                return f" (these are {unit})"
    return ""
