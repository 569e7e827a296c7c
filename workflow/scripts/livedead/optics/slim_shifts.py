"""The phase shifts of a film of cells, where they are not as set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.optimize import least_squares

from ..desk.errors import DataError, SettingsError
from .phase_shifting import fringe_parts, iterate_shifts, shift_matrix

# Fringes this strong, relative to the mean of the field, are those of cells.
_CELL_MODULATION = 0.15
# Blocks of 2 x 2 pixels along a tile: over so little of the field the unscattered light hardly changes.
_TILE = 12
_LEAST_IN_TILE = 60
_LEAST_TILES = 30
_MOST_TILES = 1000
# A shift farther off than this is a wrong frame, not a badly set one.
_FARTHEST_RAD = np.radians(50)
# The offset follows the fringes less exactly than the frames follow the shifts.
_OFFSET_WEIGHT = 0.1


def estimate_shifts(fields: Iterable[np.ndarray], start_rad: Sequence[float]) -> np.ndarray:
    """Find the shifts of a film from the pixels in which cells make fringes.

    First by the advanced iterative algorithm with offset and modulation of every pixel (`iterate_shifts`), then
    with what that leaves open. Offset and fringes are of the same two waves, ``I_n = |a U0|^2 + |U1|^2 + 2 a |U0|
    |U1| cos(dphi + s_n)``, so within a small area the offset grows with the square of the modulation, ``A = x +
    (P^2 + Q^2) / 4x``; with wrong shifts it would not. The algorithm in its published form takes offset and
    modulation as equal everywhere; on cells it ends with all shifts nearly equal.

    Parameters
    ----------
    fields : iterable of numpy.ndarray
        Some time points, each (N, Y, X), dark level subtracted.
    start_rad : sequence of float
        Shifts as set; the first one is kept, because all frames shifted by the same look alike.

    Returns
    -------
    numpy.ndarray
        float64 (N,), rad.

    Raises
    ------
    DataError
        If too few pixels have fringes, or if the shifts found are far from those set.
    """
    start = np.asarray(start_rad, float)
    pixels, tiles = _pixels_in_tiles(fields)
    try:
        near = iterate_shifts(pixels, start, even_light=False)
        _refuse_far(near, start)
        fit = least_squares(lambda rest: _misfit(np.append(start[0], rest), pixels, tiles), near[1:], method="lm")
    except SettingsError:
        raise DataError(
            "no shifts fit the frames; check phase.frame_order, or give phase.shifts_deg as numbers"
        ) from None
    shifts = np.append(start[0], fit.x)
    _refuse_far(shifts, start)
    return shifts


def _refuse_far(shifts: np.ndarray, start: np.ndarray) -> None:
    off = np.abs(shifts - start).max()
    if off > _FARTHEST_RAD:
        raise DataError(
            f"the shifts that fit best are {', '.join(f'{shift:.0f}' for shift in np.degrees(shifts))} degrees, up to "
            f"{np.degrees(off):.0f} from those expected (wanted at most {np.degrees(_FARTHEST_RAD):.0f}); check "
            "phase.frame_order, or give phase.shifts_deg as numbers"
        )


def _pixels_in_tiles(fields: Iterable[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Pixels with fringes, (N, pixels), relative to the mean of their field, and the number of each one's tile."""
    found, places = [], []
    for number, field in enumerate(fields):
        height, width = (side // 2 * 2 for side in field.shape[1:])
        # Means of 2 x 2 pixels: less noise, and still finer than what cells are made of.
        blocks = sum(field[:, row:height:2, column:width:2].astype(float) for row in (0, 1) for column in (0, 1))
        blocks /= blocks.mean()
        # Spread over the frames, because the modulation is not known before the shifts are.
        y, x = np.nonzero(blocks.std(0) * np.sqrt(2) > _CELL_MODULATION)
        found.append(blocks[:, y, x])
        places.append(np.stack([np.full_like(y, number), y // _TILE, x // _TILE]))
    pixels = np.concatenate(found, axis=1)
    tiles, sizes = np.unique(np.concatenate(places, axis=1), axis=1, return_inverse=True, return_counts=True)[1:]
    whole = np.flatnonzero(sizes >= _LEAST_IN_TILE)
    if whole.size < _LEAST_TILES:
        raise DataError(
            f"cells make fringes in {whole.size} small areas of the film (wanted {_LEAST_TILES} to find the shifts "
            "from); give phase.shifts_deg as numbers, found in a film with more cells"
        )
    whole = whole[:: -(-whole.size // _MOST_TILES)]
    kept = np.isin(tiles, whole)
    return pixels[:, kept], np.searchsorted(whole, tiles[kept])


def _misfit(shifts: np.ndarray, pixels: np.ndarray, tiles: np.ndarray) -> np.ndarray:
    """Frames against the shifts, and offset against the square of the modulation, a straight line in every tile."""
    parts = fringe_parts(pixels, shifts)
    offset, square = parts[0], parts[1] ** 2 + parts[2] ** 2
    sizes = np.bincount(tiles)
    above, wider = (part - (np.bincount(tiles, part) / sizes)[tiles] for part in (offset, square))
    slopes = np.bincount(tiles, above * wider) / np.bincount(tiles, wider**2)
    lawless = (above - slopes[tiles] * wider) / offset
    return np.concatenate([(pixels - shift_matrix(shifts) @ parts).ravel(), _OFFSET_WEIGHT * lawless])
