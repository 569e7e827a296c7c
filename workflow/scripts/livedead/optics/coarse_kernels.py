"""Loops over the coarse grid and over the pixels of its blocks, compiled as those of `kernels`."""

from __future__ import annotations

import numpy as np
from numba import njit

from .kernels import COARSE, LOOSE

_ZERO = np.float32(0)


@njit(cache=True, nogil=True)
def frame_spread(frames, spread):
    """Write the standard deviation over frames, float32 (N, Y, X) to (Y, X): to the last bit that of NumPy."""
    number = np.float32(len(frames))
    mean = np.empty(spread.shape[1], np.float32)
    for y in range(spread.shape[0]):
        row = spread[y]
        mean[:] = frames[0, y]
        for n in range(1, len(frames)):
            for x in range(mean.size):
                mean[x] += frames[n, y, x]
        row[:] = _ZERO
        for n in range(len(frames)):
            for x in range(mean.size):
                off = frames[n, y, x] - mean[x] / number
                row[x] += off * off
        for x in range(mean.size):
            row[x] = np.sqrt(row[x] / number)


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True, fastmath=LOOSE)
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


@njit(cache=True, nogil=True)
def gather_between(values, mask, low, high, found):
    """Write the values from `low` to `high`, in pixels or blocks of them that a mask holds, as far as there is room.

    Returns how many values the mask holds, how many of them are below `low`, and how many there were to write. Sides of
    the mask times a whole number are those of the values.
    """
    height, width = values.shape
    block = width // mask.shape[1]
    weight = np.empty(width, np.int32)
    marked = np.zeros(-(-width // 8) * 8, np.uint8)
    eights = marked.view(np.uint64)
    number, below, inside = 0, 0, 0
    for y in range(height):
        if y % block == 0:
            held = mask[y // block]
            if block == 1:
                for x in range(width):
                    weight[x] = held[x]
            else:
                for within in range(block):
                    for x in range(held.size):
                        weight[block * x + within] = held[x]
        row = values[y]
        of_row = below_in_row = np.int32(0)
        # Nothing here branches on a value, so that many pixels are done at once.
        for x in range(width):
            of_row += weight[x]
            below_in_row += weight[x] * np.int32(row[x] < low)
            marked[x] = np.uint8((weight[x] != 0) & (row[x] >= low) & (row[x] <= high))
        number += of_row
        below += below_in_row
        for eight in range(eights.size):
            if eights[eight]:
                for x in range(8 * eight, 8 * eight + 8):
                    if marked[x]:
                        if inside < found.size:
                            found[inside] = row[x]
                        inside += 1
    return number, below, inside


@njit(cache=True, nogil=True)
def histogram_counts(values, edges, counts):
    """Count values between the even edges of `numpy.histogram`, to the last bit as that does; 1-D arrays."""
    last = edges.size - 2
    first, scale = edges[0], np.float64(last + 1) / (np.float64(edges[-1]) - np.float64(edges[0]))
    for value in values:
        place = min(max(int((np.float64(value) - np.float64(first)) * scale), 0), last)
        # Rounding may put a value beside its place.
        if value < edges[place]:
            place -= 1
        elif place < last and value >= edges[place + 1]:
            place += 1
        counts[place] += 1


@njit(cache=True, nogil=True)
def lengths(x, y, length):
    """Write ``hypot(x, y)`` of arrays (N,), for float32 to the last bit that of NumPy; nothing here overflows."""
    for place in range(length.size):
        length[place] = np.sqrt(np.float64(x[place]) * x[place] + np.float64(y[place]) * y[place])


@njit(cache=True, nogil=True)
def larger_root(mean, sine, cosine, root):
    """Write the larger root x of ``mean = x + L^2 / x`` with ``L = hypot(sine, cosine) / 4``; float32 (Y, X)."""
    length = np.empty(root.shape[1], np.float32)
    for y in range(root.shape[0]):
        lengths(sine[y], cosine[y], length)
        of, to = mean[y], root[y]
        for x in range(to.size):
            quarter = length[x] / np.float32(4)
            square = of[x] * of[x] - np.float32(4) * (quarter * quarter)
            to[x] = (of[x] + np.sqrt(max(square, _ZERO))) / np.float32(2)


@njit(cache=True, nogil=True, fastmath=LOOSE)
def row_moments(values, mask, moments):
    """Sum up, of every row, powers 0 to 4 of x and the values times powers 0 to 2, where a mask holds.

    x goes from 0 to 1 over the row, counted at the middle of pixels. float32 (Y, X) and bool (Y, X) to float64 (Y, 8).
    """
    step = 1 / values.shape[1]
    for y in range(values.shape[0]):
        row, held = values[y], mask[y]
        one = of_x = of_xx = of_xxx = of_xxxx = value = value_x = value_xx = 0.0
        for place in range(row.size):
            weight, x = np.float64(held[place]), (place + 0.5) * step
            weight_x, weighted = weight * x, weight * row[place]
            one += weight
            of_x += weight_x
            of_xx += weight_x * x
            of_xxx += weight_x * x * x
            of_xxxx += weight_x * x * x * x
            value += weighted
            value_x += weighted * x
            value_xx += weighted * x * x
        moments[y, 0], moments[y, 1], moments[y, 2], moments[y, 3], moments[y, 4] = one, of_x, of_xx, of_xxx, of_xxxx
        moments[y, 5], moments[y, 6], moments[y, 7] = value, value_x, value_xx


@njit(cache=True, nogil=True)
def above_rows(values, rows, above):
    """Write how far values lie above polynomials of x, as in `row_moments`: float32 (Y, X), float64 (Y, 3) of them."""
    step = 1 / values.shape[1]
    for y in range(values.shape[0]):
        a, b, c = rows[y, 0], rows[y, 1], rows[y, 2]
        of, to = values[y], above[y]
        for place in range(of.size):
            x = (place + 0.5) * step
            to[place] = np.float32(of[place] - (a + x * (b + x * c)))
