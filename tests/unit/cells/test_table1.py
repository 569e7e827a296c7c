"""The paper's table."""

import pytest
from livedead.cells.scores import score_rows
from livedead.cells.table1 import paper_table

from tests.unit.cells.test_scores import TABLE, rows_of


@pytest.mark.parametrize(("cell_line", "paper"), [("HeLa", 0.967), ("CHO", 0.949), ("any", None)])
def test_paper_stands_beside_ours(cell_line, paper):
    true, beside = rows_of(TABLE)
    scores = score_rows(
        true, beside, ["a"], sensitivity_coverages=[0.3], bootstrap_resamples=100, confidence=0.95, seed=0
    )
    rows = {row["entry"]: row for row in paper_table(scores, cell_line, "simulated")}
    assert len(rows) == 4 + 6 + 1
    assert rows["macro_f1_matched"]["paper"] == paper
    assert rows["dead_as_live"]["paper"] is None
    assert rows["dead_as_live"]["ours"] == pytest.approx(0.4)
    assert (rows["dead_as_live"]["true_state"], rows["dead_as_live"]["predicted_state"]) == ("dead", "live")
    assert {row["data"] for row in rows.values()} == {"simulated"}
