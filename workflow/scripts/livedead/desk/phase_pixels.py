"""Pixels of the phase, which are what a network sees."""

from collections.abc import Iterable, Mapping

from .settings import settings_for
from .sheet import Sequence

# Pixels that differ by less than this are the same to a network that learns zoomed crops.
_SAME_PIXEL = 0.02


def phase_pixels_um(config: Mapping, sequences: Iterable[Sequence], cohort: str) -> set[float]:
    """Find the pixel sizes of a cohort's phase.

    Parameters
    ----------
    config : mapping
        All settings.
    sequences : iterable of Sequence
        Rows of the sheet.
    cohort : str
        Name of the cohort.

    Returns
    -------
    set of float
        Pixel of each row in um after its downsampling: `phase.downsample` of retrieved phase,
        `phase.import_downsample` of ready maps.
    """
    phase = settings_for(config, "phase", cohort)
    return {
        row.pixel_size_um * phase["downsample" if row.raw else "import_downsample"]
        for row in sequences
        if row.cohort == cohort
    }


def same_pixels(first: Iterable[float], second: Iterable[float]) -> bool:
    """Whether no pixel of one set differs from one of the other by more than a network notices.

    Parameters
    ----------
    first, second : iterable of float
        Pixel sizes; those of `first` may lie up to 2 % above or below each of `second`.

    Returns
    -------
    bool
    """
    first, second = list(first), list(second)
    return max(first) <= min(second) * (1 + _SAME_PIXEL) and min(first) >= max(second) * (1 - _SAME_PIXEL)


def listed_pixels(pixels_um: Iterable[float]) -> str:
    """Write pixel sizes for a message, the smallest first."""
    return ", ".join(f"{pixel_um:g}" for pixel_um in sorted(pixels_um))
