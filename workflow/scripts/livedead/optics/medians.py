"""Exact medians of large fields, without sorting or copying them."""

from __future__ import annotations

import numpy as np

from .coarse_kernels import count_between, gather_between

# So many values tell about where the median lies; it is sought within so many standard errors of that.
_SAMPLE, _ERRORS = 2**14, 6


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
    low, high = _around_the_middle(values[:: -(-values.size // _SAMPLE)])
    below, between = int((values < low).sum()), (values >= low) & (values <= high)
    middle = np.array([(values.size - 1) // 2, values.size // 2]) - below
    inside = values[between]
    if middle[0] < 0 or middle[1] >= inside.size:
        return np.median(values)
    return np.partition(inside, middle)[middle].mean(dtype=values.dtype)


def median_where(values: np.ndarray, mask: np.ndarray) -> np.float32:
    """Take the median over the pixels of a field that a coarse mask holds.

    A sample says between which two values the median lies; what is below is counted, and only what is between is
    sorted. The result is that of `numpy.median`.

    Parameters
    ----------
    values : numpy.ndarray
        float32 (Y, X).
    mask : numpy.ndarray
        bool (Y // 4, X // 4), one value for every block of 4 x 4 pixels; at least one holds.

    Returns
    -------
    numpy.float32
    """
    sample = values[2::4, 2::4][: mask.shape[0], : mask.shape[1]][mask]
    low, high = _around_the_middle(sample[:: -(-sample.size // _SAMPLE)])
    number, below, inside = count_between(values, mask, low, high)
    middle = np.array([(number - 1) // 2, number // 2])
    if middle[0] < below or middle[1] >= below + inside:
        return np.median(values[: 4 * mask.shape[0], : 4 * mask.shape[1]][mask.repeat(4, 0).repeat(4, 1)])
    found = np.empty(inside + 1, np.float32)
    gather_between(values, mask, low, high, found)
    return np.partition(found[:inside], middle - below)[middle - below].mean(dtype=np.float32)


def _around_the_middle(sample: np.ndarray) -> tuple[np.floating, np.floating]:
    """Give two values of a sample between which the median of all values lies, all but surely."""
    ordered = np.sort(sample)
    reach = _ERRORS * 0.5 * np.sqrt(ordered.size)
    places = np.array([ordered.size / 2 - reach, ordered.size / 2 + reach])
    low, high = ordered[places.clip(0, ordered.size - 1).astype(int)]
    return low, high
