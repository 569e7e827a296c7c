"""Nuclei that look dead in the phase while the stain still says live, and what the stain says later (Fig. S5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..desk.errors import DataError
from .linking import link_nuclei

CONFIRMED, REFUTED, LOST, ENDED = "confirmed", "not_confirmed", "lost", "film_ended"
OUTCOMES = (CONFIRMED, REFUTED, LOST, ENDED)
CALLS = ("dead", "dead_unsure", "live", "missed")
# fmt: off
EARLY_COLUMNS = [
    "sequence", "frame", "time_h", "label", "track", "x_um", "y_um", "touches_border", "p_dead", "stain_dead_h",
    "lead_h", "confirmed", "outcome", "stain_dead_frame", "stain_dead_x_um", "stain_dead_y_um",
]
# fmt: on
EARLY_COUNT_COLUMNS = ["sequence", "network_call", "nuclei", *OUTCOMES]


def follow_calls(
    matches: Sequence[Mapping[str, Any]],
    times_h: Sequence[float],
    tracking: Mapping[str, Any],
    *,
    early_p_dead: float,
    early_death_h: float,
) -> list[dict[str, Any]]:
    """Follow every nucleus that the stain calls live, and see whether it calls it dead soon.

    Parameters
    ----------
    matches : sequence of mapping
        True nuclei of one film with sequence, frame, label, x_um, y_um, touches_border, true_state (by the
        stain), predicted_state (by the network: live, dead, missed) and p_dead.
    times_h : sequence of float
        Time of every frame of the film, hours.
    tracking : mapping
        Section `track` of the configuration, as for `livedead.motion.linking.link_nuclei`.
    early_p_dead : float
        Softmax of dead from which the network is taken to be sure, 0..1.
    early_death_h : float
        Time within which the stain must follow.

    Returns
    -------
    list of dict
        One row per nucleus and frame that the stain calls live: `EARLY_COLUMNS` and network_call, one of
        `CALLS`. The outcome is ``confirmed`` (the stain says dead within the time), ``not_confirmed`` (followed
        to the end of that time, always live), ``lost`` (not followed so far) or ``film_ended`` (followed to the
        last frame, which came too soon). stain_dead_h is the first time the stain says dead, in time or not.

    Raises
    ------
    DataError
        If a frame or position cannot be used, or a state has another name.
    """
    track = link_nuclei(matches, len(times_h), tracking).number
    members: dict[int, list[Mapping[str, Any]]] = {}
    for number, row in zip(track, matches, strict=True):
        members.setdefault(int(number), []).append(row)
    for rows in members.values():
        rows.sort(key=lambda row: row["frame"])
    followed = []
    for number, row in zip(track, matches, strict=True):
        call = _call(row, early_p_dead)
        if row["true_state"] == "live":
            later = [other for other in members[int(number)] if other["frame"] > row["frame"]]
            place = {name: row[name] for name in EARLY_COLUMNS if name in row}
            fate = _fate(row["frame"], later, times_h, early_death_h)
            told = {"time_h": times_h[row["frame"]], "track": int(number), "network_call": call}
            followed.append(place | told | fate)
    return followed


def early_deaths(followed: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Pick the candidates: live by the stain, surely dead by the network.

    Parameters
    ----------
    followed : iterable of mapping
        Rows of `follow_calls`.

    Returns
    -------
    list of dict
        Rows of `EARLY_COLUMNS`, in the order given.
    """
    return [{name: row[name] for name in EARLY_COLUMNS} for row in followed if row["network_call"] == "dead"]


def count_outcomes(followed: Iterable[Mapping[str, Any]], sequences: Iterable[str]) -> list[dict[str, Any]]:
    """Count what became of all nuclei live by the stain, by what the network called them.

    Parameters
    ----------
    followed : iterable of mapping
        Rows of `follow_calls` of all films.
    sequences : iterable of str
        Names of the films, also of those without any nucleus.

    Returns
    -------
    list of dict
        Rows of `EARLY_COUNT_COLUMNS`, one per film and call; nuclei is the sum of the outcomes.
    """
    counts = Counter((row["sequence"], row["network_call"], row["outcome"]) for row in followed)
    rows = []
    for sequence in sequences:
        for call in CALLS:
            found = {outcome: counts[sequence, call, outcome] for outcome in OUTCOMES}
            rows.append({"sequence": sequence, "network_call": call, "nuclei": sum(found.values()), **found})
    return rows


def _call(row: Mapping[str, Any], early_p_dead: float) -> str:
    call = row["predicted_state"]
    if row["true_state"] not in ("live", "dead") or call not in ("live", "dead", "missed"):
        raise DataError(
            f"a nucleus of frame {row['frame']} is {row['true_state']} by the stain and {call} by the network (wanted "
            "live or dead, and live, dead or missed); match the nuclei again"
        )
    return "dead_unsure" if call == "dead" and row["p_dead"] < early_p_dead else call


def _fate(
    start: int, later: Sequence[Mapping[str, Any]], times_h: Sequence[float], early_death_h: float
) -> dict[str, Any]:
    """Say what the stain tells of a nucleus in later frames."""
    # Times are sums of intervals: what is equal on paper may differ in the last digit.
    until_h = times_h[start] + early_death_h + 1e-6
    death = next((row for row in later if row["true_state"] == "dead"), None)
    death_h = times_h[death["frame"]] if death else None
    needed = int(np.searchsorted(times_h, until_h)) - 1
    seen = max([start, *(row["frame"] for row in later)])
    if death and death_h <= until_h:
        outcome = CONFIRMED
    elif seen < needed:
        outcome = LOST
    else:
        outcome = REFUTED if times_h[-1] >= until_h - 2e-6 else ENDED
    return {
        "stain_dead_h": death_h,
        "lead_h": death_h - times_h[start] if death else None,
        "confirmed": outcome == CONFIRMED,
        "outcome": outcome,
        "stain_dead_frame": death["frame"] if death else None,
        "stain_dead_x_um": death["x_um"] if death else None,
        "stain_dead_y_um": death["y_um"] if death else None,
    }
