import pytest
from livedead.desk.claims_block import BEGIN, END, claims_block, put_block
from livedead.desk.errors import DataError

ROW = {"kind": "result", "statement": "mean F1", "paper": 0.967, "ours": 0.95, "unit": "1", "data": "simulated"}
ROW |= {"verdict": "reproduced"}


def test_results_one_by_one_and_the_rest_counted():
    rows = [
        ROW,
        ROW | {"statement": "a | b", "paper": "4 to 6", "ours": None, "unit": "h", "verdict": "not testable here"},
        ROW | {"kind": "setting", "statement": "crop", "verdict": "not reproduced"},
    ]
    lines = claims_block(rows).splitlines()
    assert lines[0] == "| result | paper | this run, simulated cells | |"
    assert lines[2] == "| mean F1 | 0.967 | 0.95 | reproduced |"
    assert lines[3] == "| a  or  b | 4 to 6 h | NA | not testable here |"
    assert not any("crop" in line for line in lines)
    assert "| results | 1 | 0 | 1 |" in lines and "| settings | 0 | 1 | 0 |" in lines
    assert lines[-1].startswith("All 3 numbers")


def test_only_what_stands_between_the_markers_changes():
    text = f"above\n{BEGIN}\nold\nlines\n{END}\nbelow\n"
    once = put_block(text, "new\n")
    assert once == f"above\n{BEGIN}\nnew\n{END}\nbelow\n"
    assert put_block(once, "new\n") == once


@pytest.mark.parametrize(
    "text", ["", f"{BEGIN}\n", f"{END}\n{BEGIN}\n", f"{BEGIN}\n{BEGIN}\n{END}\n", f"x {BEGIN}\n{END}"]
)
def test_markers_must_be_there_once(text):
    with pytest.raises(DataError, match="must hold the lines <!-- claims:begin -->"):
        put_block(text, "new\n")
