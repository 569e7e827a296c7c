from livedead.paper.claimstable import draw_claims

from .test_pages import Cells

ROW = {"claim": "a", "place": "Abstract", "kind": "result", "statement": "mean F1", "paper": 0.967, "ours": 0.95318}
ROW |= {"unit": "1", "verdict": "reproduced", "reason": "within <0.03>", "data": "simulated"}


def test_claims_stand_by_place_with_their_reasons():
    bad = {"kind": "setting", "place": "Methods", "unit": "px", "verdict": "not reproduced"}
    rows = [ROW, ROW | bad, ROW | {"ours": None, "verdict": "not testable here", "paper": "4 to 6", "unit": "h"}]
    page = draw_claims(rows)
    cells = Cells(page.html).rows
    assert cells[1:3] == [["results", "1", "0", "1"], ["settings", "0", "1", "0"]]
    assert cells[4] == ["mean F1", "0.967", "0.9532", "", "reproduced", "within <0.03>"]
    assert cells[5] == ["mean F1", "4 to 6", "NA", "h", "not testable here", "within <0.03>"]
    # The second place has a table of its own.
    assert cells[7][3:5] == ["px", "not reproduced"]
    assert page.html.index("<h2>Abstract</h2>") < page.html.index("<h2>Methods</h2>")
    assert [page.html.count(f'<tr class="{look}">') for look in ("good", "bad", "open")] == [1, 1, 1]
    assert page.rows == rows
    assert page.caption == (
        "3 numbers of the paper, simulated cells. results: 1 reproduced, 0 not reproduced, 1 not testable here; "
        "settings: 0 reproduced, 1 not reproduced, 0 not testable here."
    )


def test_only_tables_of_verdicts_fill_the_page():
    assert draw_claims([ROW]).html.count('<table class="verdicts">') == 1
