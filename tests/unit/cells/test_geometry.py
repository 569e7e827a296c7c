"""Areas, centres, borders and averages of objects."""

import numpy as np
from livedead.cells import geometry

MAP = np.array([[0, 0, 0, 0, 0], [0, 1, 1, 0, 3], [0, 1, 1, 0, 3], [0, 0, 0, 0, 0]])
VALUES = np.arange(20.0).reshape(4, 5)


def test_by_hand():
    assert geometry.areas_px(MAP).tolist() == [4, 0, 2]
    centres = geometry.centroids_px(MAP)
    assert centres[[0, 2]].tolist() == [[1.5, 1.5], [1.5, 4.0]]
    assert np.isnan(centres[1]).all()
    assert geometry.touches_border(MAP).tolist() == [False, False, True]
    assert geometry.sums(VALUES, MAP).tolist() == [6 + 7 + 11 + 12, 0, 9 + 14]
    assert geometry.means(VALUES, MAP)[[0, 2]].tolist() == [9, 11.5]
    assert geometry.medians(VALUES, MAP, 3)[[0, 2]].tolist() == [9, 11.5]
    assert np.isnan(geometry.medians(VALUES, MAP, 4)[[1, 3]]).all()


def test_keep_renumbers_in_order():
    kept = geometry.keep(MAP, np.array([False, True, True]))
    assert kept.max() == 2
    assert np.array_equal(kept == 2, MAP == 3)
    assert not (kept == 1).any()


def test_empty_map():
    empty = np.zeros((3, 4), dtype=int)
    for function in (geometry.areas_px, geometry.centroids_px, geometry.touches_border):
        assert len(function(empty)) == 0
    assert geometry.medians(VALUES[:3, :4], empty, 0).size == 0
    assert geometry.keep(empty, np.zeros(0, dtype=bool)).shape == (3, 4)
