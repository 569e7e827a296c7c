"""A quadratic through a field, which cells that were taken for medium do not bend."""

from __future__ import annotations

import numpy as np

from .coarse_kernels import above_rows, row_moments
from .medians import median_where

# Powers of y and of x of the six terms.
_OF_Y, _OF_X = np.array([0, 1, 0, 2, 1, 0]), np.array([0, 0, 1, 0, 1, 2])
_ROUNDS, _DEVIATIONS = 4, 3
# A normal distribution's standard deviation over its median absolute deviation.
_SD_PER_MAD = 1.4826


def robust_quadratic(values: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Fit a quadratic by least squares, leaving out what lies three robust deviations off.

    Parameters
    ----------
    values : numpy.ndarray
        float32 (Y, X).
    mask : numpy.ndarray
        bool (Y, X), the pixels that count; at least one.

    Returns
    -------
    numpy.ndarray
        float64 (6,), factors of 1, y, x, y^2, y x and x^2; both go from 0 to 1 over the field, at the middle of pixels.
    """
    y = (np.arange(values.shape[0]) + 0.5) / values.shape[0]
    powers, moments = y ** np.arange(5)[:, None], np.empty((values.shape[0], 8))
    kept, above = mask, np.empty_like(values)
    for fitted in range(1, _ROUNDS + 1):
        # What the equations need of the field are sums of values, powers of y and powers of x: row by row.
        row_moments(values, kept, moments)
        sums = powers @ moments
        equations = sums[_OF_Y[:, None] + _OF_Y, _OF_X[:, None] + _OF_X]
        factors = np.linalg.lstsq(equations, sums[_OF_Y, 5 + _OF_X], rcond=None)[0]
        if fitted == _ROUNDS:
            break
        one, of_y, of_x, of_yy, of_yx, of_xx = factors
        above_rows(values, np.stack([one + y * (of_y + y * of_yy), of_x + y * of_yx, of_xx + 0 * y], 1), above)
        off = np.abs(above - median_where(above, mask))
        kept = mask & (np.abs(above) <= _DEVIATIONS * _SD_PER_MAD * median_where(off, mask))
    return factors
