from livedead.desk.counts import COUNT_COLUMNS
from livedead.paper.countstable import draw_counts

from tests.unit.paper.cells import Cells


def count(stage, cohort, sequence, unit, n_in, n_out, reasons=None):
    row = (stage, cohort, sequence, unit, n_in, n_out, n_in - n_out, reasons, "a", "b")
    return dict(zip(COUNT_COLUMNS, row, strict=True))


def test_films_of_a_cohort_are_added_up():
    rows = [
        count("predict", "hela", "f1", "frames", 3, 3),
        count("predict", "hela", "f1", "nuclei", 9, 6, "small 2; out of focus 1"),
        count("predict", "hela", "f2", "nuclei", 5, 4, "small 1"),
        count("predict", "cho", "c1", "nuclei", 7, 7),
    ]
    page = draw_counts(rows)
    assert Cells(page.html).rows[1:] == [
        ["predict", "hela", "frames", "3", "3", "0", ""],
        ["predict", "hela", "nuclei", "14", "10", "4", "small 3; out of focus 1"],
        ["predict", "cho", "nuclei", "7", "7", "0", ""],
    ]
    assert page.rows == rows
    assert page.caption == ("All 4 counts add up, film by film; 3 frames were predicted, with 17 nuclei in them.")
