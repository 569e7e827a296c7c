"""Tracks held against the simulator's identities: nuclei recovered whole, and with nothing of another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from ..cells.stage_checks import check_row

TRUTH_COLUMNS = [
    "cohort",
    "sequence",
    "nucleus",
    "frames",
    "found",
    "track",
    "tracks",
    "longest_gap",
    "other_nuclei",
    "whole",
    "pure",
]


def match_to_truth(truth: Sequence[Mapping[str, Any]], tracks: Sequence[Mapping[str, Any]]) -> list[int]:
    """Say which true nucleus every detection is.

    In every frame detections and true nuclei are paired one to one with the least sum of squared distances. A
    pair counts if the detection lies within the radius of the true nucleus.

    Parameters
    ----------
    truth : sequence of mapping
        Rows frame, nucleus, x_um, y_um, area_um2.
    tracks : sequence of mapping
        Rows frame, x_um, y_um.

    Returns
    -------
    list of int
        Nucleus of every row of `tracks`; 0 for none.
    """
    nuclei = [0] * len(tracks)
    in_frame: dict[int, list[int]] = {}
    for number, row in enumerate(tracks):
        in_frame.setdefault(row["frame"], []).append(number)
    known: dict[int, list[Mapping[str, Any]]] = {}
    for row in truth:
        known.setdefault(row["frame"], []).append(row)
    for frame in in_frame.keys() & known.keys():
        true_um = np.array([(row["y_um"], row["x_um"]) for row in known[frame]])
        radius_um = np.sqrt([row["area_um2"] / np.pi for row in known[frame]])
        found_um = np.array([(tracks[number]["y_um"], tracks[number]["x_um"]) for number in in_frame[frame]])
        distance_um = np.hypot(*np.moveaxis(true_um[:, None] - found_um[None], -1, 0))
        near = distance_um <= radius_um[:, None]
        # A pair out of reach must never be worth the loss of one within it.
        cost = np.where(near, distance_um**2, 1e3 * (radius_um.max() ** 2) * len(radius_um))
        for i, j in zip(*linear_sum_assignment(cost), strict=True):
            if near[i, j]:
                nuclei[in_frame[frame][j]] = known[frame][i]["nucleus"]
    return nuclei


def lasting_nuclei(truth: Sequence[Mapping[str, Any]], frames: int) -> list[int]:
    """Name the true nuclei that are alive and wholly in the field in every frame.

    Parameters
    ----------
    truth : sequence of mapping
        Rows frame, nucleus, state, floating, touches_border.
    frames : int
        Frames of the film.

    Returns
    -------
    list of int
        A nucleus that divides is not among them: its daughters have numbers of their own.
    """
    well = Counter(
        row["nucleus"] for row in truth if row["state"] == "live" and not row["floating"] and not row["touches_border"]
    )
    return sorted(nucleus for nucleus, seen in well.items() if seen == frames)


def judge_tracks(
    truth: Sequence[Mapping[str, Any]], tracks: Sequence[Mapping[str, Any]], frames: int, memory: int
) -> list[dict[str, Any]]:
    """Judge how the lasting nuclei of a film were tracked.

    Parameters
    ----------
    truth : sequence of mapping
        Rows frame, nucleus, state, x_um, y_um, area_um2, floating, touches_border.
    tracks : sequence of mapping
        Rows frame, x_um, y_um, track (None: in no track).
    frames : int
        Frames of the film.
    memory : int
        Frames in a row that a track may miss.

    Returns
    -------
    list of dict
        Per nucleus alive and wholly in the field in every frame: nucleus, frames, found (frames with a
        detection), track (the one with most of them; None: no track), tracks (their number), longest_gap (frames in
        a row without that track, begin and end included), other_nuclei (other true nuclei in that track), whole
        (no other track and no gap longer than `memory`), pure (no other nucleus in it).
    """
    owner = match_to_truth(truth, tracks)
    of_nucleus: dict[int, list[Mapping[str, Any]]] = {}
    in_track: dict[int, set[int]] = {}
    for nucleus, row in zip(owner, tracks, strict=True):
        of_nucleus.setdefault(nucleus, []).append(row)
        if row["track"] is not None:
            in_track.setdefault(row["track"], set()).add(nucleus)
    rows = []
    for nucleus in lasting_nuclei(truth, frames):
        seen = of_nucleus.get(nucleus, [])
        counts = Counter(row["track"] for row in seen if row["track"] is not None)
        # Of tracks of the same length the older one.
        track = min(counts, key=lambda number: (-counts[number], number), default=None)
        held = sorted(row["frame"] for row in seen if track is not None and row["track"] == track)
        gap = max(later - earlier - 1 for earlier, later in pairwise([-1, *held, frames]))
        others = in_track.get(track, set()) - {0, nucleus}
        rows.append(
            {
                "nucleus": nucleus,
                "frames": frames,
                "found": len(seen),
                "track": track,
                "tracks": len(counts),
                "longest_gap": gap,
                "other_nuclei": len(others),
                "whole": len(counts) == 1 and gap <= memory,
                "pure": track is not None and not others,
            }
        )
    return rows


def check_tracks(
    rows: Sequence[Mapping[str, Any]], limits: Mapping[str, Mapping[str, float | None]]
) -> list[dict[str, Any]]:
    """Judge the tracks of simulated cohorts.

    Parameters
    ----------
    rows : sequence of mapping
        Rows of `judge_tracks` of all films, with cohort.
    limits : mapping
        Section `checks` of the configuration for every tracked cohort; whole_tracks is used.

    Returns
    -------
    list of dict
        Rows of `livedead.cells.stage_checks.CHECK_COLUMNS`. A cohort without any lasting nucleus is reported, but
        cannot be judged.
    """
    table = []
    for cohort, thresholds in limits.items():
        ours = [row for row in rows if row["cohort"] == cohort]
        name = f"track: {{}}, {cohort}"
        both = [row["whole"] and row["pure"] for row in ours]
        table += [
            check_row(name.format("nuclei alive over the whole film"), len(ours), "nuclei", None, "reported"),
            check_row(
                name.format("tracks alive over the whole film recovered whole and pure"),
                _share(both),
                "1",
                thresholds["whole_tracks"] if ours else None,
                "at least",
            ),
            check_row(name.format("of these, whole"), _share([row["whole"] for row in ours]), "1", None, "reported"),
            check_row(name.format("of these, pure"), _share([row["pure"] for row in ours]), "1", None, "reported"),
        ]
    return table


def _share(flags: Sequence[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None
