"""Parting of touching nuclei."""

import numpy as np
import pytest
from livedead.cells.touching import split_touching


def disks(shape, *circles):
    y, x = np.indices(shape)
    return np.any([np.hypot(y - cy, x - cx) <= r for cy, cx, r in circles], axis=0)


@pytest.mark.parametrize(("distance", "radius", "count"), [(40, 12, 2), (22, 12, 2), (12, 12, 1)])
def test_two_disks(distance, radius, count):
    mask = disks((60, 100), (30, 30, radius), (30, 30 + distance, radius))
    labels = split_touching(mask, 8)
    assert labels.max() == count
    assert np.array_equal(labels > 0, mask)


def test_parts_meet_at_the_waist():
    labels = split_touching(disks((60, 100), (30, 30, 12), (30, 52, 12)), 8)
    left, right = labels[30, 30], labels[30, 52]
    assert (labels[30, 20:40] == left).all()
    assert (labels[30, 43:60] == right).all()


def test_near_centres_are_one_nucleus():
    mask = disks((60, 100), (30, 30, 12), (30, 52, 12))
    assert split_touching(mask, 30).max() == 1
    # ... but not across a gap.
    assert split_touching(disks((60, 100), (30, 20, 8), (30, 40, 8)), 30).max() == 2


def test_size_does_not_matter_and_long_nuclei_stay_whole():
    for scale in (1, 3):
        mask = disks(
            (60 * scale, 100 * scale), (30 * scale, 30 * scale, 9 * scale), (30 * scale, 46 * scale, 9 * scale)
        )
        assert split_touching(mask, 5 * scale).max() == 2
    y, x = np.indices((60, 120))
    assert split_touching(((y - 30) / 10) ** 2 + ((x - 60) / 35) ** 2 <= 1, 8).max() == 1


def test_walls_part_what_has_no_waist():
    mask = np.zeros((40, 60), dtype=bool)
    mask[10:30, 10:50] = True
    walls = np.zeros_like(mask)
    walls[10:30, 29:31] = True
    assert split_touching(mask, 8).max() == 1
    labels = split_touching(mask, 8, walls)
    assert labels.max() == 2
    assert labels[20, 15] != labels[20, 45]
    assert np.array_equal(labels > 0, mask)


def test_specks_and_nothing():
    mask = np.zeros((20, 20), dtype=bool)
    assert split_touching(mask, 5).max() == 0
    mask[[3, 10], [3, 12]] = True
    assert sorted(np.unique(split_touching(mask, 5))) == [0, 1, 2]
    assert (split_touching(np.ones((9, 9), dtype=bool), 5) == 1).all()
