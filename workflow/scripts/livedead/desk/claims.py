"""Every number of the paper judged by what a run gave: reproduced, not reproduced, or not testable here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .errors import DataError
from .evidence import Evidence, Measured, NotMeasured
from .paper_numbers import KINDS, PaperNumber

REPRODUCED, NOT_REPRODUCED, NOT_TESTABLE = "reproduced", "not reproduced", "not testable here"
VERDICTS = (REPRODUCED, NOT_REPRODUCED, NOT_TESTABLE)
COLUMNS = (
    "claim", "place", "kind", "statement", "paper", "ours", "unit", "tolerance", "direction", "verdict",
    "reason", "data",
)  # fmt: skip
PRESET = "resources/presets/paper.yaml"
_PRESET_MARK = "preset "
_SIMULATED_MARK = "simulated: "


def judge_claims(
    numbers: Sequence[PaperNumber],
    evidence: Evidence,
    measurements: Mapping[str, Callable[[Evidence, str], Measured]],
) -> list[dict[str, Any]]:
    """Judge every number of the paper.

    Parameters
    ----------
    numbers : sequence of PaperNumber
        The paper's numbers.
    evidence : Evidence
        Tables of the run.
    measurements : mapping
        Measurement by name.

    Returns
    -------
    list of dict
        One row per number, in the same order, with `COLUMNS`: ours is None where nothing was measured, verdict
        one of `VERDICTS`, reason a sentence, data where the cells come from (simulated, real, mixed).

    Raises
    ------
    DataError
        A row has no verdict or no reason, or rows were lost.
    """
    rows = [_judged(number, evidence, measurements) for number in numbers]
    lost = {number.claim for number in numbers} - {
        row["claim"] for row in rows if row["verdict"] in VERDICTS and row["reason"]
    }
    if lost or len(rows) != len(numbers):
        raise DataError(
            f"{len(numbers)} numbers of the paper gave {len(rows)} claims, without verdict or reason: "
            f"{', '.join(sorted(lost)) or 'none'}; wanted one row with both for every number"
        )
    return rows


def count_verdicts(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Count the claims of each kind by verdict.

    Parameters
    ----------
    rows : sequence of mapping
        Rows of `judge_claims`.

    Returns
    -------
    list of dict
        One row per kind that occurs, results first: kind, then the number of each of `VERDICTS`.
    """
    found = Counter((row["kind"], row["verdict"]) for row in rows)
    kinds = [kind for kind in KINDS if any(key[0] == kind for key in found)]
    return [{"kind": kind} | {verdict: found[kind, verdict] for verdict in VERDICTS} for kind in kinds]


def agrees(number: PaperNumber, ours: float | int | str) -> bool:
    """Tell whether a measured value agrees with the paper's number.

    Parameters
    ----------
    number : PaperNumber
        Value, tolerance and direction.
    ours : float, int or str
        What was measured, in the same unit.

    Returns
    -------
    bool
        Ends of an interval count as inside, but with `above` and `below`.

    Raises
    ------
    DataError
        One is a word and the other a number.
    """
    if isinstance(ours, str) != isinstance(number.value, str):
        raise DataError(
            f"{number.claim}: the paper's value is {number.value!r} and the measured one {ours!r}; wanted two numbers "
            "or two words: correct the value or measured_by of the table of the paper's numbers"
        )
    if isinstance(ours, str):
        return ours.casefold() == number.value.casefold()
    low, high = _bounds(number)
    if number.direction in ("above", "below"):
        return low < ours < high
    # Sums of decimals such as 0.967 - 0.03 are off by their last binary digit.
    slack = 1e-9 * max(abs(ours), *(abs(end) for end in (low, high) if abs(end) != float("inf")), 0.0)
    return low - slack <= ours <= high + slack


def _bounds(number: PaperNumber) -> tuple[float, float]:
    """Give the smallest and the largest value that agree with a number."""
    first, last = number.value if isinstance(number.value, tuple) else (number.value, number.value)
    off = [number.tolerance * abs(end) if number.relative else number.tolerance for end in (first, last)]
    low = float("-inf") if number.direction in ("at most", "below") else first - off[0]
    return low, float("inf") if number.direction in ("at least", "above") else last + off[1]


def _judged(number: PaperNumber, evidence: Evidence, measurements: Mapping[str, Callable]) -> dict[str, Any]:
    origin = (number.cohort and evidence.origin(number.cohort)) or evidence.origins()
    measured, absent = None, None
    if number.measurement:
        try:
            measured = measurements[number.measurement](evidence, number.cohort)
        except NotMeasured as reason:
            absent = str(reason)
    verdict, reason = _verdict(number, measured, absent, origin)
    return {
        **{column: getattr(number, column) for column in ("claim", "place", "kind", "statement")},
        "paper": _paper(number),
        "ours": measured.value if measured else None,
        "unit": number.unit,
        "tolerance": _tolerance(number),
        "direction": number.direction,
        "verdict": verdict,
        "reason": reason,
        "data": origin,
    }


def _verdict(number: PaperNumber, measured: Measured | None, absent: str | None, origin: str) -> tuple[str, str]:
    if number.untestable_reason:
        shown = f"; this run: {written(measured.value)}" if measured and measured.value is not None else ""
        return NOT_TESTABLE, f"{number.untestable_reason}{shown}{_after(measured)}"
    if measured is None:
        return NOT_TESTABLE, absent
    start = f"{origin} cells: " if number.kind == "result" else ""
    if measured.value is None:
        return (
            NOT_REPRODUCED,
            f"{start}nothing to hold against {_wanted(number)}{_after(measured)}{_excuse(number, origin)}",
        )
    words = f"{start}{written(measured.value)}, wanted {_wanted(number)}{_after(measured)}"
    return (REPRODUCED, words) if agrees(number, measured.value) else (NOT_REPRODUCED, words + _excuse(number, origin))


def _after(measured: Measured | None) -> str:
    return f"; {measured.detail}" if measured and measured.detail else ""


def _excuse(number: PaperNumber, origin: str) -> str:
    """Say what explains a difference; a key of the preset is the usual one."""
    if not number.if_not:
        return ""
    if number.if_not.startswith(_SIMULATED_MARK):
        return f"; {number.if_not.removeprefix(_SIMULATED_MARK)}" if origin == "simulated" else ""
    if number.if_not.startswith(_PRESET_MARK):
        key = number.if_not.removeprefix(_PRESET_MARK)
        return f"; the default run is sized for two cores, {PRESET} sets {key}"
    return f"; {number.if_not}"


def written(value: float | int | str | tuple) -> str:
    """Write a value for a reader: four significant digits, counts in full, a range with its ends.

    Examples
    --------
    >>> written(0.95318), written(17868123), written((4.0, 6.0)), written("B3")
    ('0.9532', '17868123', '4 to 6', 'B3')
    """
    if isinstance(value, tuple):
        return " to ".join(map(written, value))
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _wanted(number: PaperNumber) -> str:
    low, high = _bounds(number) if not isinstance(number.value, str) else (0, 0)
    if number.direction in ("at least", "at most", "above", "below"):
        return f"{number.direction} {written(low if number.direction in ('at least', 'above') else high)}"
    # Equal within a tolerance, or a range.
    return written(number.value) if not number.tolerance else written((low, high))


def _paper(number: PaperNumber) -> float | int | str:
    return written(number.value) if isinstance(number.value, tuple) else number.value


def _tolerance(number: PaperNumber) -> str:
    if not number.tolerance:
        return "exact"
    return f"{number.tolerance:g} {'relative' if number.relative else 'absolute'}"
