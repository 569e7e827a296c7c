"""Tracks of a table as chains of detections and the links between them; what every exchange format is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def chains(tracks: Sequence[Mapping[str, Any]]) -> dict[int, list[Mapping[str, Any]]]:
    """Give the detections of every track.

    Parameters
    ----------
    tracks : sequence of mapping
        Rows of `livedead.motion.tracks.TRACK_COLUMNS`; rows without a track are left out.

    Returns
    -------
    dict of list
        Track -> its rows in the order of time.
    """
    found: dict[int, list[Mapping[str, Any]]] = {}
    for row in sorted(
        (row for row in tracks if row["track"] is not None), key=lambda row: (row["track"], row["frame"])
    ):
        found.setdefault(row["track"], []).append(row)
    return found


def parents_of(row: Mapping[str, Any]) -> tuple[int, ...]:
    """Give the tracks from which the track that begins with this row came, by splitting or merging.

    Parameters
    ----------
    row : mapping
        Row with parents: None, a number, or numbers with commas between them.

    Returns
    -------
    tuple of int
    """
    return () if row["parents"] is None else tuple(map(int, str(row["parents"]).split(",")))


def families(found: Mapping[int, Sequence[Mapping[str, Any]]]) -> list[list[int]]:
    """Group tracks that splits and merges connect.

    Parameters
    ----------
    found : mapping
        As `chains` returns it.

    Returns
    -------
    list of list of int
        Every track is in one group; groups are in the order of their first track.
    """
    group = {track: track for track in found}
    for track, rows in found.items():
        for parent in parents_of(rows[0]):
            old, new = sorted((group[track], group[parent]), reverse=True)
            group = {member: new if name == old else name for member, name in group.items()}
    gathered: dict[int, list[int]] = {}
    for track, name in group.items():
        gathered.setdefault(name, []).append(track)
    return list(gathered.values())
