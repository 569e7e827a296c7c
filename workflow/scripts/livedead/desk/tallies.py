"""What the files of a run say of how many there are: rows, sums of columns, things of each kind."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .tables import read_table

#: Cohort and sequence; no sequence where a file is about the whole cohort.
Place = tuple[str, str | None]
Rows = Sequence[Mapping[str, Any]]


class Tally(NamedTuple):
    """Numbers of one file.

    Attributes
    ----------
    numbers : collections.Counter
        Number by name.
    source : str
        Where they were read.
    """

    numbers: Counter
    source: str


def _rows(rows: Rows) -> Counter:
    return Counter(rows=len(rows))


def _sums(rows: Rows) -> Counter:
    """Add up every column of whole numbers."""
    total = Counter()
    for row in rows:
        total.update({name: value for name, value in row.items() if type(value) is int})
    return total


def _sides(rows: Rows) -> Counter:
    """Count films by side, and the frames of those that a network learns from."""
    learned = sum(row["frames"] for row in rows if row["side"] in ("train", "validation"))
    frames = sum(row["frames"] for row in rows)
    return Counter(row["side"] for row in rows) + Counter(frames=frames, learned=learned)


def _matches(rows: Rows) -> Counter:
    missed = sum(row["predicted_state"] == "missed" for row in rows)
    return Counter(rows=len(rows), matched=len(rows) - missed, missed=missed)


def _scores(rows: Rows) -> Counter:
    every = {row["score"]: row for row in rows if row["subset"] == "all"}
    return Counter(nuclei=every["missed"]["nuclei"], **{name: every[name]["value"] for name in ("missed", "spurious")})


def _tracks(rows: Rows) -> Counter:
    linked = [row["track"] for row in rows if row["track"] is not None]
    return Counter(linked=len(linked), tracks=len(set(linked)))


def _lives_elsewhere(rows: Rows) -> Counter:
    return Counter(of_no_arm=sum(row["at_start"] for row in rows))


def _wells(rows: Rows) -> Counter:
    sums = _sums(rows)
    counted = sum(sums[name] for name in ("n_live", "n_dead", "n_uncertain"))
    return Counter(images=sums["n_images"], counted=counted, shared=sums["n_shared"], excluded=sums["n_excluded"])


def _images(rows: Rows) -> Counter:
    return Counter(rows=len(rows), nuclei=sum(row["live_nuclei"] + row["dead_nuclei"] for row in rows))


def _card(card: Mapping[str, Any]) -> Counter:
    return Counter(frames=sum(card["data"][side]["frames"] for side in ("training", "validation")))


#: Kind of table, or of model card -> its numbers.
KINDS: dict[str, Callable[[Any], Counter]] = {
    "quality": _rows,
    "label_counts": _sums,
    "label_nuclei": _rows,
    "splits": _sides,
    "cards": _card,
    "object_counts": _sums,
    "nuclei": _rows,
    "matches": _matches,
    "spurious": _rows,
    "scores": _scores,
    "tracks": _tracks,
    "track_counts": _sums,
    "armless": _lives_elsewhere,
    "arms": _sums,
    "wells": _wells,
    "images": _images,
}


def place_of(path: str | os.PathLike) -> Place:
    """Tell whose file it is, by the convention of names of the results.

    Parameters
    ----------
    path : path
        ``<cohort>/<sequence>.<what>.<ext>``, or ``<cohort>/<what>.<ext>`` for the whole cohort.

    Returns
    -------
    tuple
        Cohort and sequence, None for the whole cohort.
    """
    path = Path(path)
    words = path.name.removesuffix(".ome.tif").removesuffix(path.suffix).split(".")
    return path.parent.name, words[0] if len(words) > 1 else None


def tally_tables(files: Mapping[str, Iterable[str | os.PathLike]]) -> dict[str, dict[Place, Tally]]:
    """Read the numbers of tables and model cards.

    Parameters
    ----------
    files : mapping
        Files by kind; kinds that are none of `KINDS` are left alone.

    Returns
    -------
    dict
        For every kind, the tally of each place.

    Raises
    ------
    DataError
        If a table is missing or damaged.
    """
    return {
        kind: {place_of(path): Tally(count(_read(path)), str(path)) for path in files[kind]}
        for kind, count in KINDS.items()
        if kind in files
    }


def tally_film(frames: int, source: str | os.PathLike) -> Tally:
    """Count one film and its frames.

    Parameters
    ----------
    frames : int
        Frames its images hold.
    source : path
        The images.

    Returns
    -------
    Tally
    """
    return Tally(Counter(films=1, frames=frames), str(source))


def tally_rows(rows: Iterable[Mapping[str, Any]], source: str) -> dict[Place, Tally]:
    """Take over numbers that are known without a file.

    Parameters
    ----------
    rows : iterable of mapping
        cohort, sequence, and numbers by name.
    source : str
        Who says so.

    Returns
    -------
    dict
        One tally per row.
    """
    named = ({**row} for row in rows)
    return {(row.pop("cohort"), row.pop("sequence")): Tally(Counter(row), source) for row in named}


def _read(path: str | os.PathLike) -> Any:
    if Path(path).suffix == ".json":
        return json.loads(Path(path).read_text(encoding="utf-8"))
    return read_table(path)
