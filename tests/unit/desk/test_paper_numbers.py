import pytest
from livedead.desk.errors import DataError
from livedead.desk.paper_numbers import COLUMNS, read_paper_numbers

NAMES = ("mean_f1", "frames")
ROW = {
    "claim": "mean-f1", "place": "Abstract", "kind": "result", "statement": "mean F1", "value": "0.967", "unit": "1",
    "tolerance": "0.03 absolute", "direction": "at least", "measured_by": "mean_f1(hela)", "untestable_reason": "NA",
    "if_not": "NA",
}  # fmt: skip


@pytest.fixture
def write(tmp_path):
    def write(*changes):
        rows = ["# a comment", "\t".join(COLUMNS)]
        rows += ["\t".join((ROW | change).values()) for change in changes]
        path = tmp_path / "numbers.tsv"
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        return path

    return write


def read(path):
    return read_paper_numbers(path, NAMES)


def mistakes(path):
    with pytest.raises(DataError) as caught:
        read(path)
    return [line.removeprefix(f"{path}:") for line in str(caught.value).splitlines()]


def test_numbers_ranges_and_words(write):
    exact = {"tolerance": "exact", "direction": "equal"}
    number, span, word, untested = read(
        write(
            {},
            {"claim": "b", "value": "4..6", "direction": "range", "tolerance": "0.5 relative", "if_not": "why not"},
            {"claim": "c", "value": "B3"} | exact,
            {"claim": "d", "value": "17868123", "measured_by": "none", "untestable_reason": "a bench"} | exact,
        )
    )
    assert (number.value, number.tolerance, number.relative) == (0.967, 0.03, False)
    assert (number.measurement, number.cohort, number.if_not) == ("mean_f1", "hela", None)
    assert (span.value, span.tolerance, span.relative, span.if_not) == ((4.0, 6.0), 0.5, True, "why not")
    assert (word.value, word.tolerance) == ("B3", 0)
    assert (untested.value, untested.measurement, untested.cohort) == (17868123, None, None)
    assert isinstance(untested.value, int) and untested.untestable_reason == "a bench"


@pytest.mark.parametrize(
    "change, text",
    [
        ({"claim": "Mean F1"}, "claim = Mean F1 (wanted small letters"),
        ({"place": ""}, "place = nothing (wanted words)"),
        ({"statement": "NA"}, "statement = NA (wanted words)"),
        ({"kind": "fact"}, "kind = fact (wanted result|setting|count)"),
        ({"direction": "about"}, "direction = about (wanted equal|at least|at most|above|below|range)"),
        ({"tolerance": "0.03"}, "tolerance = 0.03 (wanted exact, `0.5 absolute`"),
        ({"tolerance": "-1 absolute"}, "tolerance = -1 absolute"),
        ({"value": "4..6"}, "value = 4..6 (wanted a range such as 4..6 where the direction is range"),
        ({"value": "6..4", "direction": "range"}, "value = 6..4 (wanted the smaller end"),
        ({"value": "B3"}, "value = B3 (wanted a number, or for a word the direction equal"),
        ({"value": "1.2.3"}, "value = 1.2.3 (wanted a number"),
        ({"measured_by": "mean_f1"}, "measured_by = mean_f1 (wanted none, or a measurement and its cohort"),
        ({"measured_by": "mean_f(hela)"}, "measured_by = mean_f(hela) (wanted a measurement there is; did you mean me"),
        (
            {"measured_by": "xyz(hela)"},
            "measured_by = xyz(hela) (wanted a measurement there is; one of frames, mean",
        ),
        ({"measured_by": "none"}, "untestable_reason = NA (wanted the reason why nothing measures"),
    ],
)
def test_one_mistake(write, change, text):
    [line] = mistakes(write(change))
    assert line.startswith("3: ") and text in line


def test_every_mistake_at_once_with_its_line(write):
    path = write({"kind": "fact", "unit": ""}, {"claim": "b"}, {"tolerance": "some"})
    with path.open("a") as file:
        file.write("too\tfew\n")
    lines = mistakes(path)
    assert [line.partition(": ")[0] for line in lines] == ["3", "3", "5", "5", "6"]
    assert "line 3 has it too" in lines[3] and "2 values (wanted 11" in lines[4]


def test_no_table_no_columns_no_rows(tmp_path, write):
    with pytest.raises(DataError, match="no such table"):
        read(tmp_path / "none.tsv")
    (tmp_path / "bare.tsv").write_text("claim\tvalue\n")
    with pytest.raises(DataError, match="the first line must name the columns claim, place"):
        read(tmp_path / "bare.tsv")
    with pytest.raises(DataError, match="no numbers"):
        read(write())
