import numpy as np
import pytest
from livedead.cells.pixels import pixel_scores
from livedead.cells.scores import score_rows
from livedead.cells.table1 import paper_table
from livedead.paper.htmlpage import html_page, html_table, percent, percent_range
from livedead.paper.stagechecks import draw_stage_checks
from livedead.paper.table1 import draw_pixel_table, draw_table1

from tests.unit.paper.cells import Cells

PIXELS = np.array([[900, 100, 0], [20, 80, 0], [10, 0, 90]])


def nucleus(sequence, true, predicted):
    dominant = None if predicted == "missed" else predicted
    place = {"sequence": sequence, "frame": 0, "touches_border": False, "component": None}
    return place | {"true_state": true, "predicted_state": predicted, "dominant_state": dominant, "coverage": 0.9}


@pytest.fixture
def scores():
    # 8 live (6 live, 2 dead) and 4 dead (3 dead, 1 live) matched; one live missed.
    calls = [("live", "live")] * 6 + [("live", "dead")] * 2 + [("dead", "dead")] * 3 + [("dead", "live")]
    rows = [nucleus(name, *call) for name in ("a", "b") for call in [*calls, ("live", "missed")]]
    settings = {"sensitivity_coverages": [], "bootstrap_resamples": 50, "confidence": 0.9, "seed": 1}
    return score_rows(rows, [], ["a", "b"], **settings)


def test_every_value_is_escaped_and_nothing_is_loaded():
    page = html_page("a <b>", [("c & d", html_table(["<x>"], [["<script>1</script>"]]))], "note <i>")
    assert "<script>" not in page and "<b>" not in page and "<i>" not in page
    assert "&lt;script&gt;" in page and "c &amp; d" in page
    assert not any(word in page for word in ("http", "src=", "href=", "@import", "url("))


def test_table_cells_and_marks():
    cells = Cells(html_table(["name", "value"], [["a", "1"], ["b", "2"]], marked=[1]))
    assert cells.rows == [["name", "value"], ["a", "1"], ["b", "2"]]
    assert cells.marked == [2]


@pytest.mark.parametrize("value, text", [(0.9674, "96.7 %"), (1, "100.0 %"), (None, "NA")])
def test_percent(value, text):
    assert percent(value) == text


@pytest.mark.parametrize("ends, text", [((0.93, 0.9874), "93.0 to 98.7 %"), ((None, 0.9), "NA"), ((0.9, None), "NA")])
def test_percent_range(ends, text):
    assert percent_range(*ends) == text


def test_notes_may_take_several_lines():
    page = html_table(["p", "note"], [["1", "long words"]])
    assert page.count('class="words"') == 2 and '<td class="words">long words</td>' in page


def test_table1_sets_the_paper_beside_this_run(scores):
    page = draw_table1(paper_table(scores, "HeLa", "simulated"), scores, cells="simulated", cell_line="HeLa")
    cells = Cells(page.html)
    assert cells.rows[0] == ["nuclei", "paper, real HeLa cells", "this run, simulated cells", "90 % interval"]
    by_name = {row[0]: row for row in cells.rows}
    assert by_name["live nuclei called live"][1:3] == ["NA", "75.0 %"]
    assert by_name["dead nuclei called live"][1:3] == ["NA", "25.0 %"]
    assert by_name["precision, dead"][2] == "60.0 %"
    # F1 live 2*6/(7+8), dead 2*3/(5+4).
    assert by_name["mean F1"][1:3] == ["96.7 %", "73.3 %"]
    assert cells.rows[cells.marked[0]][0] == "mean F1"
    # Two equal sequences: every draw gives the same score.
    assert by_name["mean F1"][3] == "73.3 to 73.3 %"
    assert by_name["nuclei missed"][1] == "2" and by_name["spurious nuclei"][1] == "0"
    assert (
        "Held-out sequences: 2, nuclei: 26, all simulated cells; missed, and not in this table: 2 (7.7 %)" in page.html
    )
    assert "73.3 %" in page.caption and "simulated cells" in page.caption
    assert page.rows[0]["entry"] == "live_as_live"


def test_table1_says_over_which_states_it_averages_and_what_was_missed():
    rows = [nucleus("a", "live", "live"), nucleus("a", "dead", "missed"), nucleus("b", "dead", "missed")]
    settings = {"sensitivity_coverages": [], "bootstrap_resamples": 50, "confidence": 0.9, "seed": 1}
    scores = score_rows(rows, [], ["a", "b"], **settings)
    scores = [row | {"value": None if row["value"] != row["value"] else row["value"]} for row in scores]
    caption = draw_table1(paper_table(scores, "HeLa", "real"), scores, cells="real", cell_line="HeLa").caption
    assert caption.startswith("Mean F1 over live nuclei 100.0 %")
    assert "missed, and not in this table: 2 (66.7 %)" in caption


def test_table1_of_a_line_the_paper_does_not_have(scores):
    page = draw_table1(paper_table(scores, "any", "real"), scores, cells="real", cell_line="any")
    assert {row[1] for row in Cells(page.html).rows[1:12]} == {"NA"}
    assert "real cells" in page.caption


def test_the_table_of_cho_cells_is_the_paper_s_second(scores):
    page = draw_table1(paper_table(scores, "CHO", "simulated"), scores, cells="simulated", cell_line="CHO")
    assert "<h1>Table 2. Live and dead nuclei" in page.html
    assert {row[0]: row for row in Cells(page.html).rows}["mean F1"][1] == "94.9 %"
    first = draw_table1(paper_table(scores, "HeLa", "simulated"), scores, cells="simulated", cell_line="HeLa")
    assert "<h1>Table 1. Live" in first.html


def test_pixel_table():
    page = draw_pixel_table(pixel_scores(PIXELS), cells="simulated")
    cells = Cells(page.html)
    assert cells.rows[1][:4] == ["background", "90.0 %", "10.0 %", "0.0 %"]
    assert cells.rows[5][0] == "mean" and cells.rows[5][1:4] == ["", "", ""] and cells.rows[5][-1] == "1,200"
    assert cells.rows[4][0] == "nucleus" and cells.rows[4][6] in page.caption
    assert cells.marked == [5]
    assert "1,200 pixels, simulated cells" in page.caption


def test_stage_checks_say_what_failed():
    names = ("check", "value", "unit", "threshold", "direction", "passed")
    checks = [
        ("phase_rms", 0.0123456, "rad", 0.02, "at most", True),
        ("mean_f1", 0.93, "1", 0.94, "at least", False),
        ("halo_rms", 0.2, "rad", None, "reported", None),
    ]
    page = draw_stage_checks([dict(zip(names, check, strict=True)) for check in checks])
    cells = Cells(page.html)
    assert cells.rows[1] == ["phase rms", "0.01235", "≤ 0.02", "rad", "passed"]
    assert cells.rows[2] == ["mean f1", "0.93", "≥ 0.94", "", "FAILED"]
    assert cells.rows[3] == ["halo rms", "0.2", "", "rad", "reported"]
    assert cells.marked == [2]
    assert page.caption == "1 of 2 checks passed; failed: mean f1."
