"""Loops over whole camera frames, compiled: each goes once through its arrays and holds a row or two besides.

What NumPy does in a dozen passes over memory is done in one, at the speed at which the memory is read. Compiled at the
first call and kept beside this file (or in the folder NUMBA_CACHE_DIR) for the next process. Planes are (Y, X), uint16
or float32, and lie row by row in memory; dark planes are float32, (Y, X) or (1, 1).
"""

from __future__ import annotations

import numpy as np
from numba import njit

#: Sums may be taken in any order, and nothing here is infinite or no number: counts are checked before.
LOOSE = {"contract", "reassoc", "nsz", "arcp", "nnan", "ninf"}
# arctan(r) / r as polynomial of r^2 for r up to 1, with the least largest error: 4e-8 rad before rounding.
_ARCTAN = tuple(
    np.float32(c)
    for c in (0.99999934, -0.33329859, 0.19946566, -0.13908629, 0.09642196, -0.05591230, 0.02186294, -0.00405456)
)
_PI, _HALF_PI = np.float32(np.pi), np.float32(np.pi / 2)
_ZERO, _TINY = np.float32(0), np.float32(1e-30)
#: Side of the blocks that make the coarse grid, pixels.
COARSE = 4


@njit(inline="always")
def _arctan2(y, x):
    """Angle of (x, y), float32: arithmetic alone, which a loop does for many pixels at once."""
    across, along = abs(y), abs(x)
    ratio = min(across, along) / max(max(across, along), _TINY)
    square = ratio * ratio
    angle = _ARCTAN[7]
    angle = angle * square + _ARCTAN[6]
    angle = angle * square + _ARCTAN[5]
    angle = angle * square + _ARCTAN[4]
    angle = angle * square + _ARCTAN[3]
    angle = angle * square + _ARCTAN[2]
    angle = angle * square + _ARCTAN[1]
    angle = angle * square + _ARCTAN[0]
    angle *= ratio
    angle = _HALF_PI - angle if across > along else angle
    angle = _PI - angle if x < _ZERO else angle
    return -angle if y < _ZERO else angle


@njit(fastmath=LOOSE)
def _phase_row(p0, p1, p2, p3, dark, gains, light, phase):
    d0, d1, d2, d3 = dark[0], dark[1], dark[2], dark[3]
    g0, g1, g2, g3 = gains[0], gains[1], gains[2], gains[3]
    a, b, c = light[0], light[1], light[2]
    for x in range(phase.size):
        sine = g3 * (np.float32(p3[x]) - d3) - g1 * (np.float32(p1[x]) - d1)
        cosine = g0 * (np.float32(p0[x]) - d0) - g2 * (np.float32(p2[x]) - d2)
        column = np.float32(x)
        phase[x] = _arctan2(sine, a + column * (b + column * c) + cosine)


@njit(fastmath=LOOSE)
def _sums_of_row(p0, p1, p2, p3, dark, gains):
    d0, d1, d2, d3 = dark[0], dark[1], dark[2], dark[3]
    g0, g1, g2, g3 = gains[0], gains[1], gains[2], gains[3]
    total = closure = modulation = _ZERO
    for x in range(p0.size):
        f0 = g0 * (np.float32(p0[x]) - d0)
        f1 = g1 * (np.float32(p1[x]) - d1)
        f2 = g2 * (np.float32(p2[x]) - d2)
        f3 = g3 * (np.float32(p3[x]) - d3)
        total += (f0 + f2) + (f1 + f3)
        left = (f0 + f2) - (f1 + f3)
        closure += left * left
        modulation += np.sqrt((f3 - f1) * (f3 - f1) + (f0 - f2) * (f0 - f2))
    return total, closure, modulation


@njit(fastmath=LOOSE)
def _lit_rows(planes, dark, y, lit):
    for n in range(4):
        plane, below, row = planes[n][y], dark[n][y], lit[n]
        for x in range(row.size):
            row[x] = np.float32(plane[x]) - below[x]


@njit(cache=True, nogil=True, fastmath=LOOSE)
def wrapped_phase(planes, dark, gains, light, phase):
    """Retrieve the phase of four quarter steps.

    Parameters
    ----------
    planes, dark : tuple of numpy.ndarray
        Four counts planes in the order of the shifts, and the four dark planes under them.
    gains : numpy.ndarray
        float32 (4,), factors of the frames.
    light : numpy.ndarray
        float32 (Y, 3): of every row, ``4 / a`` times the unscattered light as polynomial of the column number.
    phase : numpy.ndarray
        float32 (Y, X), written: rad in (-pi, pi], within 1e-6 of float64.
    """
    p0, p1, p2, p3 = planes
    level = np.zeros(4, np.float32)
    if dark[0].size > 1:
        lit = np.empty((4, phase.shape[1]), np.float32)
        for y in range(phase.shape[0]):
            _lit_rows(planes, dark, y, lit)
            _phase_row(lit[0], lit[1], lit[2], lit[3], level, gains, light[y], phase[y])
        return
    for n in range(4):
        level[n] = dark[n][0, 0]
    for y in range(phase.shape[0]):
        _phase_row(p0[y], p1[y], p2[y], p3[y], level, gains, light[y], phase[y])


@njit(cache=True, nogil=True, fastmath=LOOSE)
def fringe_sums(planes, dark, gains):
    """Add up what four quarter steps say about themselves; parameters as of `wrapped_phase`.

    Returns
    -------
    tuple of float
        Sums over the field: of the four frames, of the square of ``I0 - I1 + I2 - I3``, and of twice the amplitude
        of the fringes.
    """
    p0, p1, p2, p3 = planes
    level = np.zeros(4, np.float32)
    total = closure = modulation = 0.0
    wide = dark[0].size > 1
    lit = np.empty((4, p0.shape[1] if wide else 0), np.float32)
    if not wide:
        for n in range(4):
            level[n] = dark[n][0, 0]
    for y in range(p0.shape[0]):
        if wide:
            _lit_rows(planes, dark, y, lit)
            sums = _sums_of_row(lit[0], lit[1], lit[2], lit[3], level, gains)
        else:
            sums = _sums_of_row(p0[y], p1[y], p2[y], p3[y], level, gains)
        total += sums[0]
        closure += sums[1]
        modulation += sums[2]
    return total, closure, modulation


@njit(fastmath=LOOSE)
def _jumps_of_row(row, before, gate):
    number = np.int32(0)
    for x in range(1, row.size):
        number += np.int32(abs(row[x] - row[x - 1]) > gate)
    for x in range(row.size):
        number += np.int32(abs(row[x] - before[x]) > gate)
    return number


@njit(cache=True, nogil=True, fastmath=LOOSE)
def jumps_above(phase, gate):
    """Count the differences between neighbours of a phase map, float32 (Y, X), that are larger than a gate (rad)."""
    found = 0
    for y in range(phase.shape[0]):
        found += _jumps_of_row(phase[y], phase[max(y - 1, 0)], gate)
    return found


@njit(cache=True, nogil=True, fastmath=LOOSE)
def mark_jumps(phase, gate, side, marked):
    """Set 1 in blocks of `side` x `side` pixels that hold one of the differences that `jumps_above` counts."""
    for y in range(phase.shape[0]):
        row, before = phase[y], phase[max(y - 1, 0)]
        # Nearly all rows hold none, which is seen many pixels at once.
        if not _jumps_of_row(row, before, gate):
            continue
        above, here = marked[max(y - 1, 0) // side], marked[y // side]
        for x in range(row.size):
            if abs(row[x] - before[x]) > gate:
                above[x // side] = here[x // side] = 1
            if abs(row[x] - row[max(x - 1, 0)]) > gate:
                here[(x - 1) // side] = here[x // side] = 1


@njit(cache=True, nogil=True, fastmath=LOOSE)
def block_means(plane, means):
    """Write the means over blocks of 4 x 4 pixels of a plane, float32 (Y // 4, X // 4)."""
    sums = np.empty(COARSE * means.shape[1], np.float32)
    for y in range(means.shape[0]):
        a, b, c, d = plane[4 * y], plane[4 * y + 1], plane[4 * y + 2], plane[4 * y + 3]
        # Sums of 16 counts of 16 bits have 20: nothing is lost.
        for x in range(sums.size):
            sums[x] = (np.float32(a[x]) + np.float32(b[x])) + (np.float32(c[x]) + np.float32(d[x]))
        row = means[y]
        for x in range(row.size):
            row[x] = (sums[4 * x] + sums[4 * x + 1] + sums[4 * x + 2] + sums[4 * x + 3]) * np.float32(0.0625)


@njit(cache=True, nogil=True, fastmath=LOOSE)
def spread_rows(light, field):
    """Write the polynomials of `wrapped_phase` out over the columns of a field, float32 (Y, X)."""
    for y in range(field.shape[0]):
        a, b, c = light[y, 0], light[y, 1], light[y, 2]
        row = field[y]
        for x in range(row.size):
            column = np.float32(x)
            row[x] = a + column * (b + column * c)


@njit(cache=True, nogil=True, fastmath=LOOSE)
def row_maxima(plane, largest):
    """Write the largest value of every row of a plane, (Y,)."""
    for y in range(plane.shape[0]):
        row, most = plane[y], plane[y, 0]
        for x in range(row.size):
            most = max(most, row[x])
        largest[y] = most


@njit(cache=True, nogil=True)
def means_above(image, level, means):
    """Write the means over square blocks of float32 (Y, X), less a level: to the last bit `downsample_area_mean`."""
    factor = image.shape[1] // means.shape[1]
    number = np.float32(factor * factor)
    for y in range(means.shape[0]):
        row = means[y]
        row[:] = _ZERO
        for within in range(factor):
            of = image[factor * y + within]
            for beside in range(factor):
                for x in range(row.size):
                    row[x] += of[factor * x + beside]
        for x in range(row.size):
            row[x] = row[x] / number - level
