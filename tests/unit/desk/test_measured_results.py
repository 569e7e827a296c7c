import pytest
from livedead.desk.evidence import NotMeasured
from livedead.desk.measured_results import MEASUREMENTS
from livedead.desk.measurements import MEASUREMENTS as ALL

from .evidence import evidence


def measure(name, **tables):
    return MEASUREMENTS[name](evidence(**tables), "hela")


def score(name, value, subset="all", low=0.9, high=0.99):
    return {"score": name, "subset": subset, "value": value, "low": low, "high": high, "nuclei": 50, "sequences": 4}


def both_states(dead=0.9):
    return [score("f1_live_matched", 0.97), score("f1_dead_matched", dead)]


def test_scores_are_those_of_all_nuclei():
    rows = [score("macro_f1_matched", 0.5, "interior"), score("macro_f1_matched", 0.95)]
    rows += both_states()
    rows += [score("live_as_live", 0.98), score("live_as_dead", 0.02), score("dead_as_dead", None)]
    value, detail = measure("mean_f1", scores=rows)
    assert value == 0.95 and detail == "0.9 to 0.99 by bootstrap, 50 nuclei of both states in 4 films"
    assert measure("live_sensitivity", scores=rows).value == 0.98
    assert measure("sum_of_table_row", scores=rows).value == 1
    with pytest.raises(NotMeasured, match="have no nuclei for dead_as_dead"):
        measure("dead_sensitivity", scores=rows)
    with pytest.raises(NotMeasured, match="do not tell accuracy"):
        measure("accuracy", scores=rows)
    told = measure("mean_f1", scores=[*rows, score("missed", 7.0)]).detail
    assert told.endswith("50 nuclei of both states in 4 films, 7 of them missed")
    alone = [score("macro_f1_matched", 0.9, low=None), *both_states()]
    assert measure("mean_f1", scores=alone).detail == "50 nuclei of both states in 4 films"


def test_a_mean_over_one_state_is_no_mean_f1():
    rows = [score("macro_f1_matched", 1.0), *both_states(dead=None)]
    with pytest.raises(NotMeasured, match="have no nuclei for f1_dead_matched"):
        measure("mean_f1", scores=rows)


def test_spread_between_confluences():
    rows = [{"confluence": name, "macro_f1": f1} for name, f1 in [("low", 0.9), ("medium", 0.95), ("high", 0.91)]]
    value, detail = measure("confluence_spread", confluences=[*rows, {"confluence": None, "macro_f1": 0.1}])
    assert value == pytest.approx(0.05) and detail == "low 0.9, medium 0.95, high 0.91"
    with pytest.raises(NotMeasured, match="fewer than two confluences"):
        measure("confluence_spread", confluences=[rows[0], {"confluence": "high", "macro_f1": None}])


def test_half_of_the_nuclei_are_dead_between_two_frames():
    counts = {0: (9, 1), 2: (8, 2), 4: (6, 4), 6: (2, 8)}
    rows = [
        {"source": "prediction", "time_h": time, "live_nuclei": live, "dead_nuclei": dead}
        for time, (live, dead) in counts.items()
        for _ in "ab"
    ]
    truth = [row | {"source": "truth", "live_nuclei": 0} for row in rows]
    # 0.4 at 4 h, 0.8 at 6 h: 0.5 after a quarter of the way.
    assert measure("half_dead_h", viability=truth + rows).value == pytest.approx(4.5)
    assert measure("half_dead_h", viability=rows[:4]).value is None
    assert "more than half are dead at the start, 6 h" in measure("half_dead_h", viability=rows[6:]).detail
    with pytest.raises(NotMeasured, match="no nucleus was predicted"):
        measure("half_dead_h", viability=truth)


def test_longest_run_as_the_paper_tested_it():
    runs = [
        {"quantity": quantity, "method": method, "from_h": start, "to_h": end, "points": 4, "note": note}
        for quantity, method, start, end, note in [
            ("area", "welch", 9, 10, None),
            ("area", "pooled", 2, 7, "also significant at 11 h"),
            ("dry_mass", "pooled", None, None, "no significant time"),
        ]
    ]
    assert (measure("area_from_h", intervals=runs).value, measure("area_to_h", intervals=runs).value) == (2, 7)
    detail = measure("area_to_h", intervals=runs).detail
    assert detail.startswith("4 times in a row; also significant at 11 h; found again, not discovered")
    assert measure("mass_from_h", intervals=runs) == (None, "no significant time")
    with pytest.raises(NotMeasured, match="do not tell dry_mass"):
        measure("mass_to_h", intervals=runs[:2])


def test_tests_in_time():
    rows = [
        {"quantity": quantity, "p_pooled": p, "significant_pooled": p is not None and p < 0.05}
        for quantity in ("area", "dry_mass")
        for p in (0.2, 0.04, 0.001, None)
    ]
    assert measure("tested_times", comparisons=rows).value == 4
    value, detail = measure("significance_level", comparisons=rows)
    assert value == 0.04 and "smallest of the others 0.2" in detail
    assert measure("significance_level", comparisons=rows[:1]).value is None
    wrong = [*rows, {"quantity": "area", "p_pooled": 0.06, "significant_pooled": True}]
    assert measure("significance_level", comparisons=wrong).value == 0.06


def test_cells_of_the_arms():
    rows = [
        {"condition": condition, "well": well, "eligible": 20, "kept": kept}
        for condition, well, kept in [("stained", 1, 9), ("stained", 2, 8), ("unstained", 3, 7)]
    ]
    assert measure("stained_cells", arms=rows) == (17, "of 40 at the start")
    assert measure("unstained_cells", arms=rows).value == 7


def test_stained_cells_peak_earlier():
    peaks = {"stained": (1.0, 1.2, 1.1, None), "unstained": (1.0, 1.1, 1.2, 1.3)}
    rows = [
        {"quantity": quantity, "condition": condition, "time_h": time, "mean": mean if quantity == "area" else 9 - time}
        for quantity in ("dry_mass", "area")
        for condition, means in peaks.items()
        for time, mean in enumerate(means)
    ]
    value, detail = measure("peak_lead_h", timecourses=rows)
    assert value == -2 and detail == "largest at 1 h with dyes, 3 h without"
    with pytest.raises(NotMeasured, match="no mean area of unstained cells"):
        measure("peak_lead_h", timecourses=[row for row in rows if row["condition"] == "stained"])


def test_hazard_ratio():
    row = {"analysis": "cox", "estimate": 1.8, "low": 1.1, "high": 2.9, "n_cells": 90, "note": None}
    words = "low end of 1.1 to 2.9 around 1.8, 90 cells"
    assert measure("hazard_ratio", models=[{"analysis": "icc"}, row]) == (1.1, words)
    with pytest.raises(NotMeasured, match="no death in one arm"):
        measure("hazard_ratio", models=[row | {"estimate": None, "note": "no death in one arm"}])
    with pytest.raises(NotMeasured, match="hold no Cox regression"):
        measure("hazard_ratio", models=[{"analysis": "icc"}])


def test_speed():
    place = {"network": "eunet_b0", "height_px": 320, "width_px": 320, "threads": 2, "device": "CPU:0"}
    rows = [
        place | {"step": step, "ms_per_frame": ms, "frames_per_second": 1000 / ms}
        for step, ms in [("network", 50), ("both", 80)]
    ]
    assert measure("ms_per_frame", rates=rows) == (80, "phase and eunet_b0, 320 x 320 pixels, 2 threads of CPU:0")
    assert measure("frames_per_second", rates=rows).value == 12.5
    with pytest.raises(NotMeasured, match="does not tell phase and network together"):
        measure("ms_per_frame", rates=rows[:1])


def test_no_two_measurements_share_a_name():
    from livedead.desk import measured_images, measured_results, measured_training

    rooms = [module.MEASUREMENTS for module in (measured_images, measured_training, measured_results)]
    assert len(ALL) == sum(map(len, rooms))
