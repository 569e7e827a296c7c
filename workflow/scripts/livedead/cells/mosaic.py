"""Fields of a well that overlap like tiles: which of them counts a nucleus that several see."""

from __future__ import annotations

import re
from collections.abc import Collection

from ..desk.errors import DataError

_TILE = re.compile(r"c(\d+)r(\d+)")


def tile_place(tile: str) -> tuple[int, int]:
    """
    Read the place of a field in the mosaic of its well.

    Parameters
    ----------
    tile : str
        ``c<column>r<row>``, counted from 0 at the upper left.

    Returns
    -------
    tuple of int
        Column and row.

    Raises
    ------
    DataError
        If the text says something else.
    """
    found = _TILE.fullmatch(tile)
    if not found:
        raise DataError(f"tile {tile} (wanted column and row as c0r2); correct the sheet's column tile")
    return int(found[1]), int(found[2])


def counted_elsewhere(
    x_um: float,
    y_um: float,
    field_um: tuple[float, float],
    place: tuple[int, int],
    places: Collection[tuple[int, int]],
    overlap: float,
) -> bool:
    """
    Tell whether a neighbouring field counts a nucleus.

    Of all fields that see the point, the one whose centre is nearest counts it: between two neighbours that is a line
    through the middle of the stripe they share, so a nucleus in the outer half of the stripe is the neighbour's.

    Parameters
    ----------
    x_um, y_um : float
        Centre of the nucleus from the upper left pixel of its field.
    field_um : tuple of float
        Height and width of every field.
    place : tuple of int
        Column and row of the field that sees it.
    places : collection of tuple of int
        Column and row of every field of the mosaic that was filmed at that time.
    overlap : float
        Part of a field's side that it shares with its neighbour, 0 to below 0.5.

    Returns
    -------
    bool
    """
    height, width = field_um
    from_centre = x_um - width / 2, y_um - height / 2
    own = from_centre[0] ** 2 + from_centre[1] ** 2, place
    for across in (-1, 0, 1):
        for down in (-1, 0, 1):
            other = place[0] + across, place[1] + down
            if other == place or other not in places:
                continue
            x = from_centre[0] - across * width * (1 - overlap)
            y = from_centre[1] - down * height * (1 - overlap)
            # On the line itself, one of the two counts it: the one further left or up.
            if abs(x) <= width / 2 and abs(y) <= height / 2 and (x**2 + y**2, other) < own:
                return True
    return False
