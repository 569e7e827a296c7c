"""Parting of touching nuclei."""

import numpy as np
import pytest
from livedead.cells.touching import WAIST, split_touching
from scipy import ndimage as ndi
from skimage.morphology import local_maxima, reconstruction
from skimage.segmentation import watershed


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


def plain(mask, min_distance_px, walls):
    """The same rules with whole fields and one step after the other."""
    components = ndi.label(mask, np.ones((3, 3)))[0]
    distance = ndi.distance_transform_edt(mask & ~walls)
    height = np.log(np.maximum(ndi.gaussian_filter(distance, 1.0), 0.5))
    domes = reconstruction(height + np.log(WAIST), height)
    peaks, count = ndi.label(local_maxima(domes) & mask, np.ones((3, 3)))
    centres = ndi.center_of_mass(peaks > 0, peaks, range(1, count + 1))
    group = list(range(count + 1))
    for first in range(count):
        for second in range(first + 1, count):
            near = np.hypot(*np.subtract(centres[first], centres[second])) <= min_distance_px
            if near and components[peaks == first + 1][0] == components[peaks == second + 1][0]:
                old, new = group[second + 1], group[first + 1]
                group = [new if number == old else number for number in group]
    labels = watershed(-distance, np.array(group)[peaks], mask=mask, connectivity=2)
    labels[(labels == 0) & mask] = count + components[(labels == 0) & mask]
    values = np.unique(labels[mask])
    return np.where(mask, 1 + np.searchsorted(values, labels), 0)


@pytest.mark.parametrize("smooth", [1.0, 2.5, 5.0])
@pytest.mark.parametrize("walled", [False, True])
def test_objects_and_their_numbers_are_those_of_whole_fields(smooth, walled):
    rng = np.random.default_rng(int(10 * smooth))
    split = 0
    for covered in (0.05, 0.3, 0.6, 0.95):
        field = ndi.gaussian_filter(rng.normal(size=(70, 90)), smooth)
        mask = field > np.quantile(field, 1 - covered)
        walls = ndi.gaussian_filter(rng.normal(size=mask.shape), 1) > (0.35 if walled else 9)
        labels = split_touching(mask, 4, walls if walled else None)
        np.testing.assert_array_equal(labels, plain(mask, 4, walls))
        split += labels.max() - ndi.label(mask, np.ones((3, 3)))[1]
    assert split
