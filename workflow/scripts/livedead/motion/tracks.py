"""From the nuclei of a film to its tracks: area and dry mass relative to the start, lives, and counts that add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..cells.tables import NUCLEUS_COLUMNS
from ..desk.errors import DataError
from .linking import link_nuclei
from .lives import KEPT, LATE, REASONS, area_jumps, last_window_frame, life_of

TRACK_COLUMNS = [
    *NUCLEUS_COLUMNS,
    "track",
    "parents",
    "missed_frames",
    "jump",
    "area_relative",
    "dry_mass_relative",
    "wavelength_nm",
    "refraction_increment_um3_per_pg",
    "halo_correction",
    "note",
]
FEW, AFTER_JUMP = "too_few_detections", "after_jump"
COUNT_COLUMNS = [
    "sequence",
    "found",
    "linked",
    *(f"dropped_{reason}" for reason in (FEW, AFTER_JUMP)),
    "tracks",
    LATE,
    "at_start",
    KEPT,
    *(f"not_kept_{reason}" for reason in REASONS),
]


class TrackedFilm(NamedTuple):
    """Tables of one film: rows of `TRACK_COLUMNS`, of `lives.LIFE_COLUMNS` and of `COUNT_COLUMNS`."""

    tracks: list[dict[str, Any]]
    lives: list[dict[str, Any]]
    counts: list[dict[str, Any]]


def track_film(
    nuclei: Sequence[Mapping[str, Any]],
    sequence: str,
    times_h: Sequence[float],
    settings: Mapping[str, Any],
    mass_conditions: Mapping[str, Any],
) -> TrackedFilm:
    """Follow the nuclei of a film.

    Parameters
    ----------
    nuclei : sequence of mapping
        Rows of `livedead.cells.tables.NUCLEUS_COLUMNS`.
    sequence : str
        Name of the film.
    times_h : sequence of float
        Time of every frame, hours; frames without a nucleus count.
    settings : mapping
        Section `track` of the configuration.
    mass_conditions : mapping
        wavelength_nm, refraction_increment_um3_per_pg, halo_correction: what the dry mass was computed with.

    Returns
    -------
    TrackedFilm
        Every nucleus is in the table of tracks; one that is in no track says why in `note`.

    Raises
    ------
    DataError
        If the table is of another film, or its frames or positions cannot be used.
    SettingsError
        If the nuclei cannot be linked with these settings.
    """
    foreign = next((row["sequence"] for row in nuclei if row["sequence"] != sequence), None)
    if foreign is not None:
        raise DataError(f"{sequence}: the table of nuclei holds {foreign} (wanted one film); make the table again")
    try:
        linked = link_nuclei(nuclei, len(times_h), settings)
    except DataError as error:
        raise DataError(f"{sequence}: {error}") from error
    unset = dict.fromkeys(TRACK_COLUMNS) | dict(mass_conditions)
    rows = [unset | dict(row) | {"track": int(track)} for row, track in zip(nuclei, linked.number, strict=True)]
    members: dict[int, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: (row["track"], row["frame"])):
        members.setdefault(row["track"], []).append(row)
    branched = {parent for parents in linked.parents.values() for parent in parents}
    lives, shortened, last_frame = [], set(), last_window_frame(times_h, settings["window_h"])
    for track, detections in members.items():
        # A nucleus of the first frame stays, however soon it was lost: the loss shall be counted.
        if len(detections) < settings["min_detections"] and detections[0]["frame"] > 0:
            _drop(detections, FEW)
            shortened.add(track)
            continue
        jumps = area_jumps([row["area_um2"] for row in detections], settings["max_area_jump"])
        _describe(detections, jumps)
        truncated = settings["truncate_at_jump"] and any(jumps)
        if truncated:
            _drop(detections[jumps.index(True) :], AFTER_JUMP)
            detections = detections[: jumps.index(True)]
            shortened.add(track)
        life = {"jumps": sum(jumps), "truncated": truncated, "branched": track in branched}
        ends = {"last_frame": last_frame, "film_last_frame": len(times_h) - 1}
        lives.append(life_of(detections, settings=settings, **ends, **life))
    for track, parents in linked.parents.items():
        # What was dropped from a track's end is no longer there to have led on.
        left = [str(parent) for parent in parents if parent not in shortened]
        first = members[track][0]
        first["parents"] = ",".join(left) if left and first["track"] else None
    return TrackedFilm(rows, lives, [_counts(sequence, rows, lives)])


def _describe(detections: Sequence[dict[str, Any]], jumps: Sequence[bool]) -> None:
    """Add what is known of a detection only within its track."""
    first = detections[0]
    at_start = first if first["frame"] == 0 else None
    previous = first["frame"] - 1
    for row, jump in zip(detections, jumps, strict=True):
        row |= {"missed_frames": row["frame"] - previous - 1, "jump": jump}
        previous = row["frame"]
        if at_start is None:
            row["note"] = "begins after the start"
            continue
        row["area_relative"] = row["area_um2"] / at_start["area_um2"]
        if row["dry_mass_pg"] is None or at_start["dry_mass_pg"] is None:
            row["note"] = "dry mass unknown"
        elif at_start["dry_mass_pg"] <= 0:
            row["note"] = "dry mass not positive at the start"
        else:
            row["dry_mass_relative"] = row["dry_mass_pg"] / at_start["dry_mass_pg"]


def _drop(detections: Sequence[dict[str, Any]], reason: str) -> None:
    """Take detections out of their track."""
    known = ("track", "missed_frames", "jump", "area_relative", "dry_mass_relative")
    for row in detections:
        row |= dict.fromkeys(known) | {"note": reason}


def _counts(sequence: str, rows: Sequence[Mapping], lives: Sequence[Mapping]) -> dict[str, Any]:
    dropped = Counter(row["note"] for row in rows if row["track"] is None)
    fates = Counter(life["reason"] for life in lives)
    return {
        "sequence": sequence,
        "found": len(rows),
        "linked": sum(row["track"] is not None for row in rows),
        **{f"dropped_{reason}": dropped[reason] for reason in (FEW, AFTER_JUMP)},
        "tracks": len(lives),
        LATE: fates[LATE],
        "at_start": sum(life["begins_at_start"] for life in lives),
        KEPT: fates[KEPT],
        **{f"not_kept_{reason}": fates[reason] for reason in REASONS},
    }
