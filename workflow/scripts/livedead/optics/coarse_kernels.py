"""Loops over the coarse grid and over the pixels of its blocks, compiled as those of `kernels`."""

from __future__ import annotations

import numpy as np
from numba import njit

from .kernels import COARSE, LOOSE

_ZERO = np.float32(0)


@njit(cache=True)
def frame_spread(frames, spread):
    """Write the standard deviation over frames, float32 (N, Y, X) to (Y, X): to the last bit that of NumPy."""
    number = np.float32(len(frames))
    for y in range(spread.shape[0]):
        row = spread[y]
        for x in range(row.size):
            mean = frames[0, y, x]
            for n in range(1, len(frames)):
                mean += frames[n, y, x]
            mean /= number
            square = (frames[0, y, x] - mean) * (frames[0, y, x] - mean)
            for n in range(1, len(frames)):
                square += (frames[n, y, x] - mean) * (frames[n, y, x] - mean)
            row[x] = np.sqrt(square / number)


@njit(cache=True)
def box_means(image, means):
    """Write the means over 5 x 5 pixels around each, float32 (Y, X); beyond the border the nearest pixel counts."""
    height, width = image.shape
    line = np.empty(width + 4, np.float32)
    for y in range(height):
        a, b, c = image[max(y - 2, 0)], image[max(y - 1, 0)], image[y]
        d, e = image[min(y + 1, height - 1)], image[min(y + 2, height - 1)]
        for x in range(width):
            column = np.float64(a[x]) + np.float64(b[x]) + np.float64(c[x]) + np.float64(d[x]) + np.float64(e[x])
            line[x + 2] = np.float32(column / 5)
        line[0] = line[1] = line[2]
        line[width + 2] = line[width + 3] = line[width + 1]
        row = means[y]
        for x in range(width):
            near = np.float64(line[x]) + np.float64(line[x + 1]) + np.float64(line[x + 2])
            row[x] = np.float32((near + np.float64(line[x + 3]) + np.float64(line[x + 4])) / 5)


@njit(cache=True, fastmath=LOOSE)
def step_sums(values, mask):
    """Sum up the steps from the pixel to the left, in blocks that a mask holds: number, sum, sum of squares."""
    weight = np.zeros(COARSE * mask.shape[1], np.float32)
    number, total, square = 0.0, 0.0, 0.0
    for y in range(COARSE * mask.shape[0]):
        if y % COARSE == 0:
            for x in range(1, weight.size):
                weight[x] = np.float32(mask[y // COARSE, x // COARSE])
        row = values[y]
        of_row = sum_of_row = squares_of_row = _ZERO
        for x in range(1, weight.size):
            step = (row[x] - row[x - 1]) * weight[x]
            of_row += weight[x]
            sum_of_row += step
            squares_of_row += step * step
        number += of_row
        total += sum_of_row
        square += squares_of_row
    return number, total, square


@njit(cache=True, fastmath=LOOSE)
def count_between(values, mask, low, high):
    """Count, in blocks of 4 x 4 that a mask holds: all values, those below `low`, and those up to `high`."""
    weight = np.zeros(COARSE * mask.shape[1], np.int32)
    number, below, inside = 0, 0, 0
    for y in range(COARSE * mask.shape[0]):
        if y % COARSE == 0:
            for x in range(weight.size):
                weight[x] = np.int32(mask[y // COARSE, x // COARSE])
        row = values[y]
        of_row = below_in_row = up_to_high = np.int32(0)
        for x in range(weight.size):
            of_row += weight[x]
            below_in_row += weight[x] * np.int32(row[x] < low)
            up_to_high += weight[x] * np.int32(row[x] <= high)
        number += of_row
        below += below_in_row
        inside += up_to_high - below_in_row
    return number, below, inside


@njit(cache=True)
def gather_between(values, mask, low, high, found):
    """Write the values from `low` to `high` in blocks that a mask holds; `found` has one place more than there are."""
    place = 0
    for y in range(COARSE * mask.shape[0]):
        row, masked = values[y], mask[y // COARSE]
        for block in range(masked.size):
            if masked[block]:
                for x in range(COARSE * block, COARSE * block + COARSE):
                    # Without a branch: written at once, kept by moving on.
                    found[place] = row[x]
                    place += (row[x] >= low) & (row[x] <= high)
