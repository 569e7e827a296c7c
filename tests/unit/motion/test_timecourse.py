import numpy as np
import pytest
from livedead.motion.timecourse import TIMECOURSE_COLUMNS, mass_conditions, time_course
from scipy import stats

from tests.unit.motion.cohorts import growth, small

MEASURED = {"wavelength_nm": 550, "refraction_increment": 0.2, "halo_correction": "none"}


def test_mean_and_standard_error_at_every_time():
    cells = growth(sizes=(9, 5))
    cells.values[2, 4] = np.nan
    rows = time_course(cells, 0.95, MEASURED)
    assert [row["time_h"] for row in rows] == 2 * cells.times_h.tolist()
    assert all(list(row) == TIMECOURSE_COLUMNS for row in rows)
    row = rows[4]
    values = np.delete(cells.values[:9, 4], 2)
    assert (row["condition"], row["n"], row["wells"]) == ("stained", 8, 3)
    assert row["mean"] == pytest.approx(values.mean())
    assert row["standard_error"] == pytest.approx(stats.sem(values, ddof=1))
    interval = stats.t.interval(0.95, 7, values.mean(), stats.sem(values))
    assert (row["low"], row["high"]) == pytest.approx(interval)


def test_the_mass_names_its_optics_and_the_area_needs_none():
    assert time_course(growth(quantity="dry_mass"), 0.95, MEASURED)[0]["wavelength_nm"] == 550
    assert time_course(growth(), 0.95, MEASURED)[0]["halo_correction"] is None


def test_one_cell_and_none_say_so():
    first, *_, last = time_course(small([[1.5, 2]], []), 0.95, MEASURED)
    assert (first["n"], first["mean"], first["standard_error"]) == (1, 1, None)
    assert first["note"] == "one cell: no standard error"
    assert (last["n"], last["mean"], last["note"]) == (0, None, "no cell")


def test_cells_without_well_have_no_number_of_wells():
    cells = small([[1, 2], [2, 3]], [[1, 2], [2, 3]])
    cells.well[0] = None
    rows = time_course(cells, 0.95, MEASURED)
    assert (rows[0]["wells"], rows[-1]["wells"]) == (None, 1)


def test_films_measured_differently_are_all_named():
    row = {"wavelength_nm": 550, "refraction_increment_um3_per_pg": 0.2, "halo_correction": "none"}
    assert mass_conditions([row, row]) == MEASURED
    assert mass_conditions([row, row | {"wavelength_nm": 650}])["wavelength_nm"] == "550, 650"
