"""Pages of the supplement and of growth: confluence, pixels beside nuclei, stained after imaging, statistics, arms."""

import pytest
from livedead.paper.confluencetable import draw_confluence
from livedead.paper.growthtables import COLUMNS, draw_arms, draw_statistics
from livedead.paper.notes import draw_note3, draw_note4

from tests.unit.paper.cells import Cells

TEST = {"value": 0.031, "p": 0.25, "smallest_p": 0.01, "permutations": 24, "exact": True, "films": 4, "note": "few"}


def group(name, films, f1, **more):
    row = {"confluence": name, "films": films, "nuclei": 30, "live_nuclei": 20, "dead_nuclei": 10, "accuracy": 0.9}
    row |= {"sensitivity_live": 0.95, "sensitivity_dead": 0.8, "macro_f1": f1, "low": 0.8, "high": 0.96}
    return row | {"confidence": 0.95, "missed": 2, "spurious": 3, "data": "simulated", "note": None} | more


def test_confluence_page():
    rows = [group("low", 2, 0.91), group(None, 1, 0.94, low=None, high=None, note="one film: no interval")]
    page = draw_confluence(rows, TEST, cells="simulated")
    cells = Cells(page.html).rows
    assert cells[0][7:9] == ["mean F1", "95 % interval of mean F1"]
    assert cells[1] == ["low", "2", "20", "10", "95.0 %", "80.0 %", "90.0 %", "91.0 %", "80.0 to 96.0 %", "2", "3", ""]
    assert cells[2][0] == "NA" and cells[2][8] == "NA" and cells[2][-1] == "one film: no interval"
    assert "low 91.0 % (2 films), NA 94.0 % (1 film)" in page.caption
    assert "3.1 percentage points, p = 0.25 by all 24 permutations of 4 films." in page.caption
    assert page.rows == rows


@pytest.mark.parametrize(
    "change, words",
    [
        ({"value": None, "p": None, "note": "nothing to compare"}, "No test: nothing to compare."),
        ({"p": None, "note": "one film per confluence"}, "3.1 percentage points; one film per confluence."),
        ({"exact": False, "smallest_p": 0.2}, "by 24 random permutations of 4 films (few: at least 0.2)."),
    ],
)
def test_confluence_page_says_what_was_not_tested(change, words):
    assert words in draw_confluence([group("low", 2, 0.91)], TEST | change, cells="real").caption


def score(name, value, low=0.8, high=0.99):
    return {"score": name, "subset": "all", "value": value, "low": low, "high": high, "confidence": 0.9}


def test_note3_sets_pixels_beside_nuclei():
    pixels = [{"class": name, "f1": f1} for name, f1 in (("background", 0.99), ("live", 0.8), ("dead", 0.7))]
    pixels.append({"class": "mean", "f1": 0.83})
    scores = [score("f1_live_matched", 0.95), score("f1_dead_matched", None), score("macro_f1_matched", 0.95)]
    scores.append(score("f1_live_matched", 0.1) | {"subset": "interior"})
    page = draw_note3(pixels, scores, cells="simulated")
    by_class = {row["class"]: row for row in page.rows}
    assert by_class["live"]["difference"] == pytest.approx(0.15)
    assert by_class["dead"]["difference"] is None and by_class["dead"]["note"] == "no such nucleus"
    assert by_class["live and dead"]["pixel_f1"] == pytest.approx(0.75)
    assert by_class["three classes"]["pixel_f1"] == 0.83 and by_class["background"]["object_f1"] is None
    cells = Cells(page.html)
    assert cells.rows[1][:5] == ["live", "95.0 %", "80.0 to 99.0 %", "80.0 %", "+15.0"]
    assert cells.rows[cells.marked[0]][0] == "live and dead"
    assert page.caption == (
        "Mean F1 of live and dead, simulated cells: 95.0 % nucleus by nucleus, 75.0 % pixel by pixel."
    )


def test_note4_counts_every_nucleus_beside_the_paper():
    calls = [("live", "live")] * 7 + [("live", "dead")] + [("live", "missed")] * 2 + [("dead", "dead")] * 4
    rows = [{"sequence": "a", "touches_border": False, "true_state": t, "predicted_state": p} for t, p in calls]
    scores = [score("live_as_live", 7 / 8), score("dead_as_dead", 1.0, None, None)]
    scores += [score("recall_live_inclusive", 0.7), score("recall_dead_inclusive", 1.0)]
    page = draw_note4(scores, rows, ["a", "b"], cells="simulated")
    live, dead = page.rows
    assert [live[name] for name in ("films", "nuclei", "called_live", "called_dead", "missed")] == [2, 10, 7, 1, 2]
    assert (live["paper"], dead["paper"]) == (0.99, 0.97) and dead["note"] == "one film: no interval"
    assert Cells(page.html).rows[1][:8] == [
        "live nuclei", "10", "7", "1", "2", "99.0 %", "87.5 %", "80.0 to 99.0 %",
    ]  # fmt: skip
    assert "live 87.5 % (80.0 to 99.0 %; the paper, real cells: 99 %) of 8 nuclei" in page.caption
    assert "stained afterwards" in page.html


def test_statistics_page():
    interval = {"quantity": "area", "method": "pooled", "from_h": 2.0, "to_h": 7.0, "points": 11, "mass": None}
    none = interval | {"method": "holm", "from_h": None, "to_h": None, "points": 0, "p": None, "note": "no time"}
    cox = {"quantity": "time_to_death", "analysis": "cox", "estimate": 2.5, "low": 1.1, "high": 6.0, "statistic": 2.2}
    cox |= {"df": None, "p": 1e-6, "n_cells": 91, "n_wells": 6, "converged": True, "note": "wells ignored"}
    page = draw_statistics([interval | {"p": 0.004, "note": None}, none], [cox], cells="simulated")
    cells = Cells(page.html).rows
    assert cells[1][:4] == ["nuclear area: t-test with pooled variance, as in the paper", "2 to 7 h", "11", "0.004"]
    assert cells[2][1:] == ["none", "", "", "no time"]
    assert cells[4][:3] == ["time to death: Cox regression, hazard ratio", "2.5", "1.1 to 6"]
    assert "< 0.0001" in cells[4] and cells[4][-2:] == ["yes", "wells ignored"]
    assert page.columns == COLUMNS and [row["analysis"] for row in page.rows] == ["pooled", "holm", "cox"]
    assert "simulated cells: nuclear area 2 to 7 h. Analyses" in page.caption
    assert "none" in draw_statistics([none], [], cells="real").caption


def test_arms_page_adds_up():
    wells = [
        {"condition": "stained", "well": "A1", "eligible": 9, "kept": 6, "lost_gaps": 3, "lost_jump": 0},
        {"condition": "stained", "well": "A2", "eligible": 5, "kept": 5, "lost_gaps": 0, "lost_jump": 0},
        {"condition": "unstained", "well": None, "eligible": 4, "kept": 4, "lost_gaps": 0, "lost_jump": 0},
    ]
    page = draw_arms(wells, cells="simulated")
    cells = Cells(page.html)
    assert cells.rows[0] == ["condition", "well", "eligible", "kept", "lost: gaps"]
    assert cells.rows[3] == ["stained", "all wells", "14", "11", "3"]
    assert [cells.rows[n][1] for n in cells.marked] == ["all wells"] * 2 and cells.rows[4][1] == "NA"
    assert "stained 11 of 14 in 2 wells; unstained 4 of 4 in 1 well." in page.caption and page.rows == wells
    assert "none" in draw_arms([], cells="real").caption
