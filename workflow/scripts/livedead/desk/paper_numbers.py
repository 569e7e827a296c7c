"""The numbers the paper states, read from their table and checked as a whole."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Collection
from dataclasses import dataclass

from .errors import DataError

KINDS = ("result", "setting", "count")
DIRECTIONS = ("equal", "at least", "at most", "above", "below", "range")
COLUMNS = (
    "claim", "place", "kind", "statement", "value", "unit", "tolerance", "direction", "measured_by",
    "untestable_reason", "if_not",
)  # fmt: skip

_NUMBER = r"[+-]?\d+\.?\d*(?:[eE][+-]?\d+)?"
_RANGE = re.compile(rf"({_NUMBER})\.\.({_NUMBER})")
_TOLERANCE = re.compile(r"(\d+\.?\d*(?:[eE][+-]?\d+)?) (absolute|relative)")
_MEASURED = re.compile(r"(\w+)\(([A-Za-z0-9-]+)\)")


@dataclass(frozen=True)
class PaperNumber:
    """One number of the paper.

    Attributes
    ----------
    claim, place, kind, statement, unit : str
        Name of the claim, where it stands in the paper, one of `KINDS`, what is claimed in short words, unit.
    value : float, str or tuple of float
        The number; a word such as B3; for a range its two ends.
    tolerance : float
        How far a number may be off.
    relative : bool
        Whether the tolerance is a part of the value.
    direction : str
        One of `DIRECTIONS`: what counts as agreement.
    measurement, cohort : str or None
        Name of the measurement and the cohort it is made on; None where nothing can be measured.
    untestable_reason : str or None
        Why a run cannot test the number, where it cannot.
    if_not : str or None
        What explains a difference that the default run has.
    """

    claim: str
    place: str
    kind: str
    statement: str
    value: float | str | tuple[float, float]
    unit: str
    tolerance: float
    relative: bool
    direction: str
    measurement: str | None
    cohort: str | None
    untestable_reason: str | None
    if_not: str | None


def read_paper_numbers(path: str | os.PathLike, measurements: Collection[str]) -> list[PaperNumber]:
    """Read the table of the paper's numbers.

    Parameters
    ----------
    path : path
        Tab-separated text with `COLUMNS`; ``#`` starts a comment line. A value is a number, a range ``4..6`` or
        a word; a tolerance ``exact``, ``0.5 absolute`` or ``0.03 relative``; ``measured_by`` names a measurement
        and its cohort as ``mean_f1(hela)``, or is ``none``. Empty cells are ``NA``.
    measurements : collection of str
        Names of the measurements there are.

    Returns
    -------
    list of PaperNumber
        In the order of the table.

    Raises
    ------
    DataError
        With every mistake of the table, one per line, as ``file:line: column = value (wanted ...)``.
    """
    try:
        with open(path, encoding="utf-8") as file:
            lines = [(n, line.rstrip("\r\n").split("\t")) for n, line in enumerate(file, 1)]
    except FileNotFoundError:
        raise DataError(f"{path}: no such table (wanted the numbers of the paper)") from None
    except UnicodeDecodeError:
        raise DataError(f"{path}: not a text file in UTF-8 (save it as tab-separated text)") from None
    lines = [(n, cells) for n, cells in lines if any(cells) and not cells[0].startswith("#")]
    if not lines or lines[0][1] != list(COLUMNS):
        raise DataError(f"{path}: the first line must name the columns {', '.join(COLUMNS)}, separated by tabs")
    mistakes, numbers, seen = [], [], {}
    for line, cells in lines[1:]:
        place = f"{path}:{line}"
        if len(cells) != len(COLUMNS):
            mistakes.append(f"{place}: {len(cells)} values (wanted {len(COLUMNS)}, one per column)")
            continue
        row = dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True))
        wrong = _mistakes(row, measurements)
        first = seen.setdefault(row["claim"], line)
        if first != line:
            wrong.append(f"claim = {row['claim']} (wanted a name of its own; line {first} has it too)")
        mistakes += [f"{place}: {one}" for one in wrong]
        if not wrong:
            numbers.append(_number(row))
    if not mistakes and not numbers:
        mistakes.append(f"{path}: no numbers (wanted at least one row below the columns)")
    if mistakes:
        raise DataError("\n".join(mistakes))
    return numbers


def _mistakes(row: dict[str, str], measurements: Collection[str]) -> list[str]:
    def wrong(column: str, wanted: str) -> str:
        return f"{column} = {row[column] or 'nothing'} (wanted {wanted})"

    found = []
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["claim"]):
        found.append(wrong("claim", "small letters, digits and single hyphens"))
    found += [wrong(c, "words") for c in ("place", "statement", "value", "unit") if _empty(row[c])]
    found += [
        wrong(column, "|".join(choices))
        for column, choices in (("kind", KINDS), ("direction", DIRECTIONS))
        if row[column] not in choices
    ]
    if row["tolerance"] != "exact" and not _TOLERANCE.fullmatch(row["tolerance"]):
        found.append(wrong("tolerance", "exact, `0.5 absolute` or `0.03 relative`"))
    value = _value(row["value"])
    if (row["direction"] == "range") != isinstance(value, tuple):
        found.append(wrong("value", "a range such as 4..6 where the direction is range, and only there"))
    elif isinstance(value, tuple) and value[0] >= value[1]:
        found.append(wrong("value", "the smaller end of the range first"))
    elif isinstance(value, str) and (row["direction"], row["tolerance"]) != ("equal", "exact"):
        found.append(wrong("value", "a number, or for a word the direction equal and the tolerance exact"))
    return found + _measurement_mistakes(row, measurements, wrong)


def _measurement_mistakes(row: dict[str, str], measurements: Collection[str], wrong) -> list[str]:
    if row["measured_by"] == "none":
        if _empty(row["untestable_reason"]):
            return [wrong("untestable_reason", "the reason why nothing measures this number")]
        return []
    match = _MEASURED.fullmatch(row["measured_by"])
    if not match:
        return [wrong("measured_by", "none, or a measurement and its cohort such as mean_f1(hela)")]
    if match[1] not in measurements:
        near = difflib.get_close_matches(match[1], measurements, 1)
        hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(sorted(measurements))}"
        return [wrong("measured_by", f"a measurement there is; {hint}")]
    return []


def _number(row: dict[str, str]) -> PaperNumber:
    tolerance = _TOLERANCE.fullmatch(row["tolerance"])
    measured = _MEASURED.fullmatch(row["measured_by"])
    return PaperNumber(
        **{column: row[column] for column in ("claim", "place", "kind", "statement", "unit", "direction")},
        value=_value(row["value"]),
        tolerance=float(tolerance[1]) if tolerance else 0.0,
        relative=bool(tolerance) and tolerance[2] == "relative",
        measurement=measured[1] if measured else None,
        cohort=measured[2] if measured else None,
        **{c: None if _empty(row[c]) else row[c] for c in ("untestable_reason", "if_not")},
    )


def _value(text: str) -> float | str | tuple[float, float]:
    ends = _RANGE.fullmatch(text)
    if ends:
        return float(ends[1]), float(ends[2])
    if re.fullmatch(r"[+-]?\d+", text):
        # Counts of any length are kept to the last digit.
        return int(text)
    return float(text) if re.fullmatch(_NUMBER, text) else text


def _empty(text: str) -> bool:
    return text in ("", "NA")
