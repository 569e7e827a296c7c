import pytest
from livedead.desk.errors import DataError
from livedead.desk.live_table import LiveTable
from livedead.desk.tables import read_table

COLUMNS = ["t", "live_fraction", "reason"]
ROWS = [{"t": 0, "live_fraction": 0.5, "reason": None}, {"t": 2, "live_fraction": None, "reason": "cut off"}]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "live/live.tsv"


def begun(path):
    with LiveTable(path, COLUMNS, "abc") as table:
        for row in ROWS:
            table.append(row)
    return path.read_bytes()


def test_rows_are_there_at_once_and_read_as_any_table(path):
    with LiveTable(path, COLUMNS, "abc") as table:
        assert list(table.rows()) == []
        for number, row in enumerate(ROWS, start=1):
            table.append(row)
            assert read_table(path) == ROWS[:number]
    assert path.read_text().splitlines()[0] == "# made with abc"


@pytest.mark.parametrize("lost", range(1, 12))
def test_a_torn_last_line_goes_and_the_rest_stays_as_it_was(path, lost):
    whole = begun(path)
    path.write_bytes(whole[:-lost])
    with LiveTable(path, COLUMNS, "abc") as table:
        assert list(table.rows()) == ROWS[:1]
        table.append(ROWS[1])
    assert path.read_bytes() == whole


def test_a_long_torn_line(path):
    whole = begun(path)
    path.write_bytes(whole + b"7\t" + b"x" * 200_000)
    with LiveTable(path, COLUMNS, "abc") as table:
        assert list(table.rows()) == ROWS
    assert path.read_bytes() == whole


@pytest.mark.parametrize("kept", [0, 5, 17, 25])
def test_a_torn_head_is_begun_again(path, kept):
    whole = begun(path)
    path.write_bytes(whole[:kept])
    assert begun(path) == whole


@pytest.mark.parametrize(("columns", "made_with"), [(COLUMNS, "other"), ([*COLUMNS, "more"], "abc")])
def test_a_table_of_something_else_is_refused_and_left_alone(path, columns, made_with):
    whole = begun(path)
    with pytest.raises(DataError, match="other settings, another network or another version .*--output"):
        LiveTable(path, columns, made_with)
    assert path.read_bytes() == whole


def test_a_file_of_somebody_is_left_alone(path):
    path.parent.mkdir()
    path.write_text("my notes")
    with pytest.raises(DataError, match="--output"):
        LiveTable(path, COLUMNS, "abc")
    assert path.read_text() == "my notes"


def test_only_one_program_writes(path):
    with LiveTable(path, COLUMNS, "abc"), pytest.raises(DataError, match="another program writes to this table"):
        LiveTable(path, COLUMNS, "abc")
    with LiveTable(path, COLUMNS, "abc"):
        pass


def test_a_line_with_a_value_too_few_is_named(path):
    path.write_bytes(begun(path) + b"7\n")
    with LiveTable(path, COLUMNS, "abc") as table, pytest.raises(DataError, match=r"live\.tsv:5: 1 values, wanted 3"):
        list(table.rows())
