import pytest
from livedead.cells.stage_checks import CHECK_COLUMNS
from livedead.motion.comparison import compare_times
from livedead.motion.intervals import cluster_rows, longest_runs
from livedead.motion.windows import judge_windows

from tests.unit.motion.cohorts import growth

COMMON = {"mass_with_area": 0, "onset_h": 0.4, "ramp_h": 0.2, "spread_h": 0.1, "area_wander": 0.02}
EARLY = COMMON | {"area_gain": 0.25, "mass_gain": 0.25, "area_until_h": 1.75, "mass_until_h": 1.75}
LATE = EARLY | {"area_until_h": 7.25, "mass_until_h": 5.25}
TEST = {"scale": "ratio", "significance": 0.05}


def found(area_window, mass_window, difference=0.3):
    windows = {"area": area_window, "dry_mass": mass_window}
    cells = [growth(1, difference=difference, window_h=windows[name], quantity=name) for name in windows]
    comparison = compare_times(cells, confidence=0.95, **TEST)
    intervals = cluster_rows(cells, resamples=199, seed=0, **TEST)
    for name in windows:
        intervals += longest_runs(name, [row for row in comparison if row["quantity"] == name], 0.05)
    return intervals, comparison


def judged(tables, swelling):
    rows = judge_windows("c", *tables, swelling, {"window_error_h": 0.5}, 0.05)
    assert all(list(row) == CHECK_COLUMNS for row in rows)
    return {row["check"]: row for row in rows}


def test_windows_that_agree_pass():
    rows = judged(found((2, 7), (2, 5)), (EARLY, LATE))
    assert list(rows) == [
        f"compare: longest significant run of {quantity}, {end} error, c"
        for quantity in ("area", "dry_mass")
        for end in ("start", "end")
    ]
    assert all(row["passed"] and row["value"] <= 0.5 and row["unit"] == "h" for row in rows.values())


def test_a_window_elsewhere_fails():
    rows = judged(found((2, 7), (4, 7)), (EARLY, LATE))
    start = rows["compare: longest significant run of dry_mass, start error, c"]
    assert start["value"] == pytest.approx(2, abs=0.5)
    assert start["passed"] is False


def test_no_window_at_all_fails():
    intervals, comparison = found((2, 7), (2, 5))
    none = [row | {"from_h": None, "to_h": None, "points": 0} for row in intervals]
    rows = judged((none, comparison), (EARLY, LATE))
    assert {row["value"] for row in rows.values()} == {float("inf")}
    assert not any(row["passed"] for row in rows.values())


def test_equal_arms_want_no_corrected_test():
    names = [f"compare: corrected tests significant of {quantity}, equal arms, c" for quantity in ("area", "dry_mass")]
    rows = judged(found((2, 7), (2, 5), difference=0), (LATE, LATE))
    assert list(rows) == names
    assert [(row["value"], row["direction"], row["passed"]) for row in rows.values()] == 2 * [(0, "at most", True)]
    intervals, comparison = found((2, 7), (2, 5))
    rows = judged((intervals, comparison), (EARLY, EARLY))
    corrected = sum(row[p] < 0.05 for row in comparison for p in ("p_holm", "p_bh") if row["quantity"] == "area")
    assert rows[names[0]]["value"] == corrected + 1  # and the cluster
    assert rows[names[0]]["passed"] is False


def test_arms_that_differ_in_area_only():
    rows = judged(found((2, 7), (2, 5)), (EARLY | {"mass_gain": 0}, LATE | {"mass_gain": 0}))
    assert [name.split(" of ")[0] for name in rows] == [
        *2 * ["compare: longest significant run"],
        "compare: corrected tests significant",
    ]
