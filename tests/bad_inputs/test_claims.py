"""Bad tables of the paper's numbers, given to the script that judges them."""

import pytest
from livedead.desk.evidence import KINDS
from livedead.desk.tables import write_table
from livedead.optics.survey import SURVEY_COLUMNS

from tests.bad_inputs.catalogue import ROOT, Bad, assert_one_error, cases, run_script

pytestmark = pytest.mark.inputs

TABLE = (ROOT / "resources/paper_numbers.tsv").read_text(encoding="utf-8")
LINES = TABLE.splitlines()
HEAD = next(number for number, line in enumerate(LINES) if line.startswith("claim\t"))
COLUMNS = LINES[HEAD].split("\t")
FIRST = next(n for n, line in enumerate(LINES) if line.startswith("mean-f1-hela\t"))
HERE = f"numbers.tsv:{FIRST + 1}: "


def cell(**changes):
    """The table with other cells in one row."""
    row = dict(zip(COLUMNS, LINES[FIRST].split("\t"), strict=True)) | changes
    return "\n".join([*LINES[:FIRST], "\t".join(row.values()), *LINES[FIRST + 1 :]]) + "\n"


CASES = [
    Bad("nothing there", None, ("numbers.tsv: no such table",)),
    Bad("empty", "", ("numbers.tsv: the first line must name the columns",)),
    Bad("no column", TABLE.replace("\ttolerance\t", "\t", 1), ("numbers.tsv: the first line must name the columns",)),
    Bad("commas", TABLE.replace("\t", ","), ("numbers.tsv: the first line must name the columns",)),
    Bad("only columns", LINES[HEAD] + "\n", ("numbers.tsv: no numbers",)),
    Bad("latin 1", TABLE.encode() + "\N{MICRO SIGN}".encode("latin-1"), ("numbers.tsv: not a text file in UTF-8",)),
    Bad("a row cut off", TABLE + "one-more\tFig. 1\n", (f"numbers.tsv:{len(LINES) + 1}: 2 values",)),
    Bad("claim twice", TABLE + LINES[FIRST] + "\n", ("a name of its own", f"line {FIRST + 1} has it too")),
    Bad("claim with spaces", cell(claim="mean F1"), (HERE + "claim = mean F1", "small letters")),
    Bad("unknown kind", cell(kind="guess"), (HERE + "kind = guess", r"result\|setting\|count")),
    Bad("unknown direction", cell(direction="about"), (HERE + "direction = about", r"equal\|at least")),
    Bad("no tolerance", cell(tolerance=""), (HERE + "tolerance = nothing", "0.03 relative")),
    Bad("bare tolerance", cell(tolerance="3 %"), (HERE + "tolerance = 3 %", "0.03 relative")),
    Bad("negative tolerance", cell(tolerance="-0.1 absolute"), (HERE + "tolerance = -0.1 absolute",)),
    Bad("no value", cell(value="NA"), (HERE + "value = NA|value = nothing",)),
    Bad("unknown measurement", cell(measured_by="mean_f2(hela)"), (HERE + "measured_by = mean_f2", "did you mean")),
    Bad("measurement of nothing", cell(measured_by="mean_f1"), (HERE + "measured_by = mean_f1", "its cohort")),
    Bad("no reason", cell(measured_by="none", untestable_reason=""), (HERE + "untestable_reason = nothing",)),
    Bad("range the wrong way round", cell(value="6..4", direction="range"), (HERE + "value = 6..4", "smaller end")),
]


@cases(CASES)
def test_a_bad_table_gives_one_error(tmp_path, capsys, case):
    if case.spoil is not None:
        content = case.spoil if isinstance(case.spoil, bytes) else case.spoil.encode()
        (tmp_path / "numbers.tsv").write_bytes(content)
    write_table(tmp_path / "images.tsv", [], SURVEY_COLUMNS)
    files = dict.fromkeys(KINDS, []) | {name: str(tmp_path / f"{name}.tsv") for name in ("numbers", "images")}
    said = run_script("judge_claims", tmp_path, files, {"table": "claims.tsv"}, capsys)
    assert_one_error(said, case)
