"""Exact medians and percentiles of large fields: only what lies near them is sorted."""

from __future__ import annotations

import numpy as np

from .coarse_kernels import gather_between

# A sample tells about where a value lies: it is sought within so many standard errors of that, first few, then more.
# One value in so many is in the sample, or one block in so many: steps that few patterns have. Of fewer than `_LEAST`
# values it tells nothing.
_ERRORS, _EVERY, _EVERY_BLOCK, _LEAST = (2, 6), 17, 5, 2**8


def median_of(values: np.ndarray) -> np.floating:
    """Take the median as `numpy.median`, several times faster where there are many values.

    Parameters
    ----------
    values : numpy.ndarray
        float32 or float64 (N,), N at least 1.

    Returns
    -------
    numpy.floating
        Of the type of the values.
    """
    return median_where(values[None], np.ones((1, values.size), bool))


def median_where(values: np.ndarray, mask: np.ndarray) -> np.floating:
    """Take the median over the pixels of a field that a mask holds, as `numpy.median`.

    Parameters
    ----------
    values : numpy.ndarray
        float32 or float64 (Y, X).
    mask : numpy.ndarray
        bool, one value for every pixel, or (Y // 4, X // 4) for every block of 4 x 4; at least one holds.

    Returns
    -------
    numpy.floating
        Of the type of the values.
    """
    lower, upper, part = _beside(values, mask, 0.5)
    return (lower + upper) / 2 if part else lower


def percentile_where(values: np.ndarray, mask: np.ndarray, percent: float) -> np.floating:
    """Take a percentile over the pixels of a field that a mask holds, as `numpy.percentile`; see `median_where`."""
    lower, upper, part = _beside(values, mask, percent / 100)
    # From the nearer end, as NumPy does it.
    return lower + (upper - lower) * part if part < 0.5 else upper - (upper - lower) * (1 - part)


def _beside(values: np.ndarray, mask: np.ndarray, fraction: float) -> tuple[np.floating, np.floating, float]:
    """Give the two values beside a place in the sorted order, and how far the place is from the first to the second.

    A sample says between which two values they lie; what is below is counted, and only what is between is sorted.
    """
    block = values.shape[1] // mask.shape[1]
    values = values[: block * mask.shape[0], : block * mask.shape[1]]
    step = _EVERY if block == 1 else _EVERY_BLOCK
    sample = np.sort(values[block // 2 :: block, block // 2 :: block * step][mask[:, ::step]])
    for errors in _ERRORS if sample.size >= _LEAST else ():
        ends = fraction + errors * np.sqrt(fraction * (1 - fraction) / sample.size) * np.array([-1, 1])
        low, high = sample[(ends.clip(0, 1) * (sample.size - 1)).astype(int)]
        number, below, inside = _between(values, mask, low, high)
        first, second, part = _places(number, fraction)
        if below <= first and second < below + inside.size:
            inside.sort()
            return inside[first - below], inside[second - below], part
    inside = np.sort(_between(values, mask, -np.inf, np.inf)[-1])
    first, second, part = _places(inside.size, fraction)
    return inside[first], inside[second], part


def _places(number: int, fraction: float) -> tuple[int, int, float]:
    """Give the places beside a fraction of so many sorted values, and how far it is from the first to the second."""
    first = int(fraction * (number - 1))
    return first, min(first + 1, number - 1), fraction * (number - 1) - first


def _between(values: np.ndarray, mask: np.ndarray, low: float, high: float) -> tuple[int, int, np.ndarray]:
    """Count the values, and those below an end, and gather those between two ends, the ends included."""
    found = np.empty(values.size // 8 + 2**10, values.dtype)
    kind = values.dtype.type
    number, below, inside = gather_between(values, mask, kind(low), kind(high), found)
    if inside > found.size:
        found = np.empty(inside, values.dtype)
        gather_between(values, mask, kind(low), kind(high), found)
    return number, below, found[:inside]
