"""How many nuclei of each arm and well came in, were kept and were lost, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ..desk.errors import DataError
from .growth import ARMS, well_names
from .lives import KEPT, REASONS

ARM_COLUMNS = [
    *("condition", "well", "nuclei_at_start", "not_linked", "eligible", KEPT),
    *(f"lost_{reason}" for reason in REASONS),
]


def count_arms(
    films: Sequence[Mapping[str, Any]],
    tracks: Sequence[Mapping[str, Any]],
    lives: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """Count the nuclei of the first frame of every well by what became of them.

    Parameters
    ----------
    films : sequence of mapping
        sequence, condition, replicate, well of every film.
    tracks : sequence of mapping
        Rows sequence, frame, track (None: not linked) of all films.
    lives : sequence of mapping
        Rows sequence, track, begins_at_start, kept, reason of all films.

    Returns
    -------
    list of dict
        One row per condition and well: condition, well, nuclei_at_start, not_linked, eligible (tracks that
        begin in the first frame), kept, and lost_<reason> for each of `livedead.motion.lives.REASONS`.
        nuclei_at_start is not_linked + eligible, eligible is kept + all lost.

    Raises
    ------
    DataError
        If the numbers of a well do not add up, or a reason is unknown.
    """
    wells = well_names(films)
    groups: dict[tuple, list[str]] = {}
    for film in sorted(films, key=lambda film: film["condition"]):
        if film["condition"] in ARMS:
            groups.setdefault((film["condition"], wells[film["sequence"]]), []).append(film["sequence"])
    rows = []
    for (condition, well), members in groups.items():
        first = [row for row in tracks if row["sequence"] in members and row["frame"] == 0]
        eligible = [row for row in lives if row["sequence"] in members and row["begins_at_start"]]
        fates = Counter(KEPT if row["kept"] else row["reason"] for row in eligible)
        where = f"{condition} well {well or 'without name'} ({', '.join(members)})"
        if unknown := fates.keys() - {KEPT, *REASONS}:
            raise DataError(
                f"{where}: tracks lost for the reason {min(unknown, key=str)} (wanted one of {', '.join(REASONS)})"
            )
        linked = {(row["sequence"], row["track"]) for row in first if row["track"] is not None}
        if linked != {(row["sequence"], row["track"]) for row in eligible}:
            raise DataError(
                f"{where}: {len(linked)} nuclei of the first frame are in tracks, but {len(eligible)} tracks begin "
                "there; the tables of tracks and of lives do not belong together, make both anew"
            )
        row = {"condition": condition, "well": well, "nuclei_at_start": len(first)}
        row |= {"not_linked": len(first) - len(linked), "eligible": len(eligible), KEPT: fates[KEPT]}
        rows.append(row | {f"lost_{reason}": fates[reason] for reason in REASONS})
    return rows
