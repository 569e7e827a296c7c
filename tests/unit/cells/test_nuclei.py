"""Predicted nuclei."""

import numpy as np
import pytest
from livedead.cells.nuclei import majority_states, measure_nuclei, split_nuclei
from livedead.desk.errors import DataError

OPTICS = {"phase_in_rad": True, "wavelength_nm": 550, "refraction_increment_um3_per_pg": 0.2}


def scene():
    y, x = np.indices((60, 100))
    semantic = np.zeros((60, 100), dtype=np.uint8)
    semantic[np.hypot(y - 30, x - 30) <= 10] = 1
    semantic[np.hypot(y - 30, x - 48) <= 10] = 2
    semantic[(y < 6) & (x > 90)] = 2
    semantic[50, 50] = 1
    return semantic


def test_split():
    nuclei, counts = split_nuclei(scene(), 0.5, min_area_um2=5, split_distance_um=4)
    assert nuclei.max() == 3
    assert counts == {"found": 4, "kept": 3, "dropped_small": 1}
    assert nuclei.dtype == np.uint16
    assert nuclei[30, 30] != nuclei[30, 50]
    assert nuclei[50, 50] == 0
    assert split_nuclei(scene(), 0.5, min_area_um2=0, split_distance_um=4).instances.max() == 4


def test_a_nucleus_of_two_states_stays_one():
    semantic = scene()
    semantic[28:30, 25:30] = 2
    assert split_nuclei(semantic, 0.5, min_area_um2=5, split_distance_um=4).instances.max() == 3


def test_majority_and_ties():
    counts = np.array([[3, 2], [2, 3], [2, 2], [2, 2], [2, 2]])
    p_live, p_dead = np.array([0, 0, 0.6, 0.4, 0.5]), np.array([1, 1, 0.4, 0.6, 0.5])
    assert majority_states(counts, p_live, p_dead).tolist() == [1, 2, 1, 2, 2]


def test_measures_by_hand():
    instances = np.zeros((6, 8), dtype=np.uint16)
    instances[1:3, 1:4] = 1
    instances[4:6, 6:8] = 2
    semantic = np.where(instances == 1, 1, 0).astype(np.uint8)
    semantic[1, 1] = 2
    semantic[instances == 2] = 2
    p_live = np.where(instances == 1, 0.75, 0.1)
    phase = np.where(instances > 0, 1.5, 0.0).astype(np.float32)
    first, second = measure_nuclei(instances, semantic, p_live, 1 - p_live, phase, 0.5, **OPTICS)
    assert first["area_um2"] == 1.5
    assert (first["x_um"], first["y_um"]) == (1.0, 0.75)
    # 550 nm / (2 pi 0.2 um3/pg) = 0.43768 pg/um2 per rad.
    assert first["dry_mass_pg"] == pytest.approx(0.43768 * 1.5 * 1.5, rel=1e-4)
    assert (first["p_live"], first["p_dead"]) == pytest.approx((0.75, 0.25))
    assert (first["state"], second["state"]) == ("live", "dead")
    assert (first["touches_border"], second["touches_border"]) == (False, True)
    assert [row["label"] for row in (first, second)] == [1, 2]


@pytest.mark.parametrize("change", [{"phase_in_rad": False}, {"wavelength_nm": None}])
def test_no_mass_without_rad_or_wavelength(change):
    one = np.ones((3, 3))
    (row,) = measure_nuclei(one.astype(int), one.astype(int), one, 0 * one, one, 1.0, **OPTICS | change)
    assert row["dry_mass_pg"] is None


def test_empty_frame_and_mixed_grids():
    empty = np.zeros((4, 4), dtype=int)
    assert measure_nuclei(empty, empty, empty, empty, empty * 1.0, 1.0, **OPTICS) == []
    assert split_nuclei(empty, 1.0, min_area_um2=1, split_distance_um=3).instances.max() == 0
    with pytest.raises(DataError, match="phase image is"):
        measure_nuclei(empty, empty, empty, empty, np.zeros((5, 4)), 1.0, **OPTICS)
