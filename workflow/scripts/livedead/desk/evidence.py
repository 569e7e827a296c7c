"""The tables a run left, by kind and cohort: what its claims are judged by."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .errors import DataError, LiveDeadError
from .tables import read_table

# Kind of table -> what a cohort without such a table does not have.
KINDS = {
    "cards": "has no network of its own",
    "histories": "has no network of its own",
    "splits": "has no network of its own",
    "scores": "has no test films with known states",
    "confluences": "has no test films of known confluence",
    "shown": "has no films for Fig. 1",
    "viability": "has no viability curve",
    "quality": "has no interferograms; its phase was retrieved elsewhere",
    "comparisons": "has no tracked films of both stained and unstained cells",
    "intervals": "has no tracked films of both stained and unstained cells",
    "timecourses": "has no tracked films of both stained and unstained cells",
    "models": "has no tracked films of both stained and unstained cells",
    "arms": "has no tracked films of both stained and unstained cells",
    "rates": "has no measured frame rate",
}


class NotMeasured(LiveDeadError):  # noqa: N818 - what it says is no fault
    """A number cannot be measured on this run; the message says why."""


class Measured(NamedTuple):
    """What a run gives for a number.

    Attributes
    ----------
    value : float, int, str or None
        The number in the unit of the measurement, or a word; None where the run has looked and found nothing.
    detail : str
        What it was taken from, or why there is nothing, in a few words; may be empty.
    """

    value: float | int | str | None
    detail: str = ""


class Evidence:
    """Tables of a run.

    Parameters
    ----------
    images : sequence of mapping
        Rows of the survey of the images, `livedead.optics.survey.SURVEY_COLUMNS`.
    tables : mapping
        For each of `KINDS`, the rows (for model cards, the card) by cohort.
    """

    def __init__(self, images: Iterable[Mapping[str, Any]], tables: Mapping[str, Mapping[str, Any]]):
        self._tables = tables
        self._films: dict[str, list[Mapping[str, Any]]] = {}
        for film in images:
            self._films.setdefault(film["cohort"], []).append(film)

    def films(self, cohort: str) -> list[Mapping[str, Any]]:
        """Films of a cohort, one row each; raises `NotMeasured` where the sheet has none."""
        if cohort not in self._films:
            raise NotMeasured(f"the sheet has no cohort {cohort}")
        return self._films[cohort]

    def table(self, kind: str, cohort: str) -> Any:
        """Rows or card of a cohort; raises `NotMeasured` where the run made none."""
        self.films(cohort)
        found = self._tables.get(kind, {}).get(cohort)
        if not found:
            raise NotMeasured(f"the cohort {cohort} {KINDS[kind]}")
        return found

    def origin(self, cohort: str) -> str | None:
        """Where the images of a cohort come from: simulated, real or mixed; None for a cohort the sheet has not."""
        kinds = {film["data"] for film in self._films.get(cohort, [])}
        return (kinds.pop() if len(kinds) == 1 else "mixed") if kinds else None

    def origins(self) -> str:
        """Where the images of all cohorts come from: simulated, real or mixed."""
        kinds = {self.origin(cohort) for cohort in self._films}
        return kinds.pop() if len(kinds) == 1 else "mixed"


def read_evidence(images: str | os.PathLike, files: Mapping[str, Iterable[str | os.PathLike]]) -> Evidence:
    """Read the tables of a run.

    Parameters
    ----------
    images : path
        Survey of the images.
    files : mapping
        For each of `KINDS` its files; the folder a file lies in has the name of its cohort. Several tables of
        one cohort are put one below the other. A kind may have no file.

    Returns
    -------
    Evidence

    Raises
    ------
    DataError
        A kind is not one of `KINDS`, or a file is missing.
    """
    unknown = [kind for kind in files if kind not in KINDS]
    if unknown:
        raise DataError(f"no kind of table is called {unknown[0]} (wanted one of {', '.join(KINDS)})")
    tables: dict[str, dict[str, Any]] = {}
    for kind, paths in files.items():
        for path in map(Path, paths):
            cohort = path.parent.name
            if path.suffix == ".json":
                tables.setdefault(kind, {})[cohort] = json.loads(path.read_text(encoding="utf-8"))
            else:
                tables.setdefault(kind, {}).setdefault(cohort, []).extend(read_table(path))
    return Evidence(read_table(images), tables)
