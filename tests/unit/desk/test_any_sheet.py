"""Sheets of any rows, in any order of columns, with anything in their cells."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livedead.desk.errors import SheetError
from livedead.desk.sheet import COLUMNS, OPTIONAL, SIDES, read_sheet

from tests.unit.desk.conftest import ROW

NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,12}", fullmatch=True).filter(lambda name: name != "NA")
WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=8).filter(lambda word: not word.startswith("#"))
ROWS = st.fixed_dictionaries(
    {
        "sequence": NAMES,
        "cohort": st.sampled_from(["hela", "cho"]),
        "cell_line": st.sampled_from(["HeLa", "CHO", "any"]),
        "replicate": WORDS,
        "well": WORDS,
        "condition": st.sampled_from(["stained", "unstained", "stained_after"]),
        "confluence": st.sampled_from(["low", "medium", "high", "NA", ""]),
        "pixel_size_um": st.floats(0.02, 2).map(str),
        "wavelength_nm": st.integers(300, 1100).map(str),
        "frame_interval_min": st.floats(0.01, 1e4).map(repr),
        "start_h": st.floats(-100, 1000).map(repr) | st.sampled_from(["", "NA"]),
        "split": st.sampled_from([*SIDES, "predict", "NA", ""]),
    }
).map(lambda row: ROW | row)
SHEETS = st.lists(ROWS, min_size=1, max_size=5, unique_by=lambda row: row["sequence"].lower())


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("sheets") / "sheet.tsv"


def saved(cell, spreadsheet):
    """What a cell is in the file; one that stands in quotes of its own needs others around them."""
    quotes = '"' in cell if spreadsheet else len(cell) > 1 and cell[0] == cell[-1] == '"'
    return '"' + cell.replace('"', '""') + '"' if quotes or (spreadsheet and "," in cell) else cell


def write(path, rows, columns, end="\n", spreadsheet=False):
    cells = [[saved(row.get(column, ""), spreadsheet) for column in columns] for row in rows]
    lines = ["\t".join(columns), *("\t".join(row) for row in cells)]
    path.write_text(end.join(lines) + end, encoding="utf-8", newline="")


@settings(max_examples=60, deadline=None)
@given(
    rows=SHEETS, columns=st.permutations(COLUMNS), end=st.sampled_from(["\n", "\r\n", "\r", "\n\n"]), spreadsheet=...
)
def test_a_good_sheet_is_read_back(path, rows, columns, end, spreadsheet: bool):
    write(path, rows, columns, end, spreadsheet)
    found = read_sheet(path)
    assert [row.sequence for row in found] == [row["sequence"] for row in rows]
    for row, wanted in zip(found, rows, strict=True):
        for column in ("cohort", "cell_line", "replicate", "well", "condition", "split", "confluence"):
            assert getattr(row, column) == (wanted[column] if wanted[column] not in ("", "NA") else None)
        assert (row.pixel_size_um, row.wavelength_nm) == (float(wanted["pixel_size_um"]), int(wanted["wavelength_nm"]))
        assert row.frame_interval_min == float(wanted["frame_interval_min"])
        assert row.start_h == float(wanted["start_h"] if wanted["start_h"] not in ("", "NA") else 0)


@settings(max_examples=60, deadline=None)
@given(rows=SHEETS, data=st.data())
def test_one_wrong_cell_is_named_with_its_line(path, rows, data):
    number = data.draw(st.integers(0, len(rows) - 1))
    wrong = {
        "sequence": st.text(string.punctuation + " ", min_size=1).map(str.strip).filter(lambda t: t not in ("", "-")),
        "cell_line": WORDS.filter(lambda word: word not in ("HeLa", "CHO", "any")),
        "condition": WORDS,
        "pixel_size_um": st.floats(max_value=0).map(repr) | WORDS.filter(lambda word: not word.isascii()),
        "wavelength_nm": st.floats(1101, 1e30).map(repr),
        "split": WORDS.filter(lambda word: word not in (*SIDES, "predict", "NA", "")),
    }
    column = data.draw(st.sampled_from(sorted(wrong)))
    rows = [row | ({column: data.draw(wrong[column])} if n == number else {}) for n, row in enumerate(rows)]
    write(path, rows, ["replicate", *(c for c in COLUMNS if c != "replicate")])
    with pytest.raises(SheetError) as error:
        read_sheet(path)
    lines = str(error.value).splitlines()
    assert all(line.startswith(f"{path}:{number + 2}: {column} = ") for line in lines), lines


@settings(max_examples=60, deadline=None)
@given(rows=SHEETS, data=st.data())
def test_a_lost_column_is_missed(path, rows, data):
    lost = data.draw(st.sampled_from([column for column in COLUMNS if column not in OPTIONAL]))
    write(path, rows, [column for column in COLUMNS if column != lost])
    with pytest.raises(SheetError) as error:
        read_sheet(path)
    assert str(error.value) == f"{path}:1: no column {lost} (wanted)"


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_anything_else_is_refused_with_a_sentence(path, content):
    path.write_bytes(content)
    with pytest.raises(SheetError, match="sheet.tsv"):
        read_sheet(path)
