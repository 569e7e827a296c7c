"""Tables as tab-separated text: one row per thing, units in the column names, NA where nothing is known."""

import math
import os
import re
from collections.abc import Iterable, Mapping, Sequence

from .errors import DataError
from .files import whole_file

# Names and words: never read as numbers, even where a lab calls its wells 1, 2, 3.
# fmt: off
TEXT_COLUMNS = frozenset({
    "sequence", "cohort", "cell_line", "replicate", "well", "group", "condition", "confluence", "split", "side",
    "state", "true_state", "predicted_state", "reason", "stage", "check", "score", "unit", "direction",
    "figure", "file", "place", "claim",
})
# fmt: on

_INTEGER = re.compile(r"[+-]?\d+")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?inf|nan")
_LOGICAL = {"true": True, "false": False}


def write_table(
    path: str | os.PathLike, rows: Iterable[Mapping[str, object]], columns: Sequence[str] | None = None
) -> None:
    """Write rows as tab-separated text, whole or not at all.

    Parameters
    ----------
    path : path
        File to write.
    rows : iterable of mappings
        One mapping from column to value per row. Floats are written with six significant digits; None,
        NaN and empty text as ``NA``; logical values as ``true`` and ``false``.
    columns : sequence of str, optional
        Columns in the wanted order; by default the keys of the first row. A row without one of them gets
        ``NA`` there.

    Raises
    ------
    DataError
        A row has a column that is not to be written, a text holds a tab or a line break, or there are
        neither rows nor columns.
    """
    rows = list(rows)
    if columns is None:
        if not rows:
            raise DataError(f"{path}: a table without rows needs its columns named")
        columns = list(rows[0])
    lines = ["\t".join(columns), *(table_line(row, columns, path, number) for number, row in enumerate(rows, start=1))]
    with whole_file(path) as partial:
        partial.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def read_table(path: str | os.PathLike) -> list[dict]:
    """Read a tab-separated table; lines that start with ``#`` are comments.

    Parameters
    ----------
    path : path
        File to read.

    Returns
    -------
    list of dict
        One dictionary per row. ``NA`` becomes None, ``true`` and ``false`` bool, whole numbers int, other
        numbers float; everything else, and every column of `TEXT_COLUMNS`, stays text.

    Raises
    ------
    DataError
        The file is missing or empty, or a row has more or fewer values than the header.
    """
    try:
        with open(path, encoding="utf-8") as file:
            lines = [(n, line.rstrip("\r\n")) for n, line in enumerate(file, 1) if not line.startswith("#")]
    except FileNotFoundError:
        raise DataError(f"{path}: no such table; let the rule that makes it run first") from None
    if not lines:
        raise DataError(f"{path}: empty, wanted a line of column names")
    columns = lines[0][1].split("\t")
    return [parsed_line(line, columns, path, number) for number, line in lines[1:]]


def table_line(row: Mapping[str, object], columns: Sequence[str], path: str | os.PathLike, number: int) -> str:
    """Write one row as a line, without its end.

    Parameters
    ----------
    row : mapping
        Value of every column; see `write_table`.
    columns : sequence of str
        Columns in the wanted order.
    path : path
        Table and ...
    number : int
        ... number of the row, for the error.

    Returns
    -------
    str

    Raises
    ------
    DataError
        As of `write_table`.
    """
    unknown = [key for key in row if key not in columns]
    if unknown:
        raise DataError(f"{path}: row {number} has the column {unknown[0]}, the table has only {', '.join(columns)}")
    return "\t".join(_written(row.get(column), path, number, column) for column in columns)


def parsed_line(line: str, columns: Sequence[str], path: str | os.PathLike, number: int) -> dict:
    """Read one line of a table.

    Parameters
    ----------
    line : str
        Without its end.
    columns : sequence of str
        Columns of the table.
    path : path
        Table and ...
    number : int
        ... number of the line, for the error.

    Returns
    -------
    dict
        As of `read_table`.

    Raises
    ------
    DataError
        It has more or fewer values than there are columns.
    """
    values = line.split("\t")
    if len(values) != len(columns):
        raise DataError(f"{path}:{number}: {len(values)} values, wanted {len(columns)}, one per column")
    return {column: _parsed(value, column) for column, value in zip(columns, values, strict=True)}


def _written(value: object, path: str | os.PathLike, row: int, column: str) -> str:
    # A scalar of an array library says what it is by item(); this room does not know such libraries.
    value = value.item() if hasattr(value, "item") else value
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return "NA"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}"
    text = str(value)
    if any(mark in text for mark in "\t\n\r"):
        raise DataError(f"{path}: row {row}: {column} = {text!r} holds a tab or a line break")
    return text


def _parsed(value: str, column: str) -> object:
    if value in ("NA", ""):
        return None
    if column in TEXT_COLUMNS:
        return value
    if value in _LOGICAL:
        return _LOGICAL[value]
    if _INTEGER.fullmatch(value):
        return int(value)
    return float(value) if _NUMBER.fullmatch(value) else value
