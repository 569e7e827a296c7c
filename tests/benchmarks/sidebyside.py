"""Candidates that do the same work, timed in turns, so that a busy machine is busy for all of them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Table:
    """Candidates of one measurement.

    Attributes
    ----------
    title : str
        What is measured, on what size.
    seconds : dict
        Candidate -> time of every round.
    floor : str
        Candidate the ratios refer to.
    notes : dict
        Candidate -> what was checked beside it, for instance its error.
    """

    title: str
    seconds: Mapping[str, list[float]]
    floor: str
    notes: Mapping[str, str]

    def ratio(self, candidate: str) -> float:
        """Median of the ratios to the floor, round by round."""
        return median(a / b for a, b in zip(self.seconds[candidate], self.seconds[self.floor], strict=True))

    def markdown(self) -> str:
        """Lay the table out for docs/performance.md."""
        lines = [f"### {self.title}", "", "| candidate | median | least | ratio | beside it |", "|---|---|---|---|---|"]
        for name, times in self.seconds.items():
            cells = (name, seconds_text(median(times)), seconds_text(min(times)), f"{self.ratio(name):.2f}")
            lines.append(f"| {' | '.join(cells)} | {self.notes.get(name, '')} |")
        return "\n".join([*lines, ""])


def side_by_side(
    title: str,
    candidates: Mapping[str, Callable[[], object]],
    *,
    floor: str,
    rounds: int = 7,
    warm_up: int = 1,
    notes: Mapping[str, str] | None = None,
) -> Table:
    """Time candidates in turns, each once per round.

    Parameters
    ----------
    title : str
        See `Table`.
    candidates : mapping
        Name -> call without arguments that does the work once.
    floor : str
        Name of the candidate that the ratios refer to.
    rounds, warm_up : int
        Rounds that count, and those before them that do not.
    notes : mapping, optional
        See `Table`.

    Returns
    -------
    Table
    """
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    for turn in range(warm_up + rounds):
        for name, call in candidates.items():
            gc.collect()
            start = perf_counter()
            call()
            spent = perf_counter() - start
            if turn >= warm_up:
                seconds[name].append(spent)
    return Table(title, seconds, floor, dict(notes or {}))


def seconds_text(seconds: float) -> str:
    """Write a time with three digits and a unit that suits it."""
    for unit, scale in (("s", 1.0), ("ms", 1e3)):
        if seconds * scale >= 1:
            return f"{seconds * scale:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"
