"""Mosaics: in a scatter of nuclei over overlapping fields every nucleus is counted exactly once."""

import numpy as np
import pytest
from livedead.cells.mosaic import counted_elsewhere, tile_place
from livedead.desk.errors import DataError

HEIGHT, WIDTH = 200.0, 300.0


def times_counted(points, places, overlap):
    """How often each point of the well is counted, over all fields that see it."""
    counts = np.zeros(len(points), int)
    seen = np.zeros(len(points), bool)
    for place in places:
        left, top = place[0] * WIDTH * (1 - overlap), place[1] * HEIGHT * (1 - overlap)
        for number, (x, y) in enumerate(points - [left, top]):
            if 0 <= x <= WIDTH and 0 <= y <= HEIGHT:
                seen[number] = True
                counts[number] += not counted_elsewhere(x, y, (HEIGHT, WIDTH), place, set(places), overlap)
    return counts[seen]


@pytest.mark.parametrize("overlap", [0.0, 0.1, 0.37])
@pytest.mark.parametrize(
    "places",
    [
        [(c, r) for c in range(3) for r in range(3)],
        [(0, 0), (1, 0), (0, 1)],
        [(1, 0), (0, 1)],
        [(0, 0), (2, 0)],
        [(4, 7)],
    ],
    ids=["3x3", "corner missing", "diagonal", "apart", "single"],
)
def test_every_nucleus_is_counted_exactly_once(places, overlap):
    points = np.random.default_rng(1).uniform(0, 1, (3000, 2)) * [3 * WIDTH, 3 * HEIGHT]
    counts = times_counted(points, places, overlap)
    assert (counts == 1).all()


def test_on_the_middle_line_one_field_counts():
    # Stripe from 270 to 300 um of the left field is 0 to 30 um of the right one; its middle is 285 and 15.
    both = {(0, 0), (1, 0)}
    left = counted_elsewhere(285.0, 100.0, (HEIGHT, WIDTH), (0, 0), both, 0.1)
    right = counted_elsewhere(15.0, 100.0, (HEIGHT, WIDTH), (1, 0), both, 0.1)
    assert (left, right) == (False, True)
    assert counted_elsewhere(286.0, 100.0, (HEIGHT, WIDTH), (0, 0), both, 0.1)
    assert not counted_elsewhere(286.0, 100.0, (HEIGHT, WIDTH), (0, 0), {(0, 0), (0, 1)}, 0.1)


def test_place_of_a_tile():
    assert tile_place("c2r10") == (2, 10)
    with pytest.raises(DataError, match="wanted column and row as c0r2"):
        tile_place("3x3")
