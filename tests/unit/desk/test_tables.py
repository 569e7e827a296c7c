"""Tables: what is written is read back, and nothing is lost in silence."""

import math

import numpy as np
import pytest
from livedead.desk.errors import DataError
from livedead.desk.tables import read_table, write_table


def test_what_is_written_is_read_back(tmp_path):
    path = tmp_path / "t.tsv"
    rows = [
        {"sequence": "007", "frame": 3, "area_um2": 210.5, "state": "live", "touches_border": True},
        {"sequence": "12", "frame": 4, "area_um2": None, "state": "dead", "touches_border": False},
    ]
    write_table(path, rows)
    assert read_table(path) == rows


def test_text_of_the_file(tmp_path):
    path = tmp_path / "t.tsv"
    rows = [{"a": math.pi, "b": float("nan"), "c": np.float32(0.5), "d": np.bool_(True), "e": ""}]
    write_table(path, rows)
    assert path.read_text() == "a\tb\tc\td\te\n3.14159\tNA\t0.5\ttrue\tNA\n"


def test_columns_order_the_table_and_fill_gaps(tmp_path):
    path = tmp_path / "t.tsv"
    write_table(path, [{"b": 1}], ["a", "b"])
    assert path.read_text() == "a\tb\nNA\t1\n"
    write_table(path, [], ["a", "b"])
    assert path.read_text() == "a\tb\n"
    assert read_table(path) == []


def test_numbers_are_read_as_numbers(tmp_path):
    path = tmp_path / "t.tsv"
    path.write_text("# a comment\na\tb\tc\td\te\n1\t-2.5e-3\tinf\t1_000\ttrue\n")
    row = read_table(path)[0]
    assert row == {"a": 1, "b": -0.0025, "c": math.inf, "d": "1_000", "e": True}
    assert isinstance(row["a"], int)


def test_a_column_too_many_is_refused_and_nothing_written(tmp_path):
    with pytest.raises(DataError, match="row 2 has the column c"):
        write_table(tmp_path / "t.tsv", [{"a": 1}, {"a": 1, "c": 2}])
    assert not list(tmp_path.iterdir())


def test_tabs_in_text_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"row 1: a = 'x\\ty'"):
        write_table(tmp_path / "t.tsv", [{"a": "x\ty"}])


def test_no_rows_need_columns(tmp_path):
    with pytest.raises(DataError, match="columns named"):
        write_table(tmp_path / "t.tsv", [])


@pytest.mark.parametrize(
    ("text", "message"),
    [("a\tb\n1\n", r"t\.tsv:2: 1 values, wanted 2"), ("", "empty"), (None, "no such table")],
)
def test_broken_tables(tmp_path, text, message):
    path = tmp_path / "t.tsv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(DataError, match=message):
        read_table(path)
