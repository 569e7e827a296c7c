"""The life of one tracked nucleus: when it was seen, when it died, and whether it can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

LIFE_COLUMNS = [
    "sequence",
    "track",
    "first_frame",
    "last_frame",
    "detections",
    "missed_frames",
    "start_h",
    "end_h",
    "begins_at_start",
    "ends_at_end",
    "ends_with_film",
    "coverage",
    "border",
    "jumps",
    "alive_throughout",
    "kept",
    "reason",
    "death_h",
    "death_observed",
    "revivals",
]
KEPT, LATE = "kept", "late"
#: Why a track that begins at the start is not compared; the first that holds is named.
REASONS = ("border", "dead", "jump", "branched", "lost", "gaps")


def last_window_frame(times_h: Sequence[float], window_h: float | None) -> int:
    """Find the last frame of the window of comparison.

    Parameters
    ----------
    times_h : sequence of float
        Time of every frame, hours.
    window_h : float or None
        Length of the window from the first frame on, hours; None for the whole film.

    Returns
    -------
    int
    """
    if window_h is None:
        return len(times_h) - 1
    # A frame at the window's end belongs to it, whatever rounding did to its time.
    return sum(time_h - times_h[0] <= window_h + 1e-6 for time_h in times_h) - 1


def area_jumps(areas_um2: Sequence[float], max_area_jump: float) -> list[bool]:
    """Flag detections whose area differs too much from that of the detection before.

    A nucleus does not gain or lose a large part of its area between two frames: its track went over to a
    daughter or to a neighbour, or two nuclei were seen as one.

    Parameters
    ----------
    areas_um2 : sequence of float
        Areas of one track in the order of time.
    max_area_jump : float
        Largest ratio of two areas, larger over smaller.

    Returns
    -------
    list of bool
        The first detection is never flagged.
    """
    pairs = zip(areas_um2, areas_um2[1:], strict=False)
    return [False, *(max(pair) > max_area_jump * min(pair) for pair in pairs)][: len(areas_um2)]


def death_of(states: Sequence[str], dead_calls: int) -> tuple[int | None, int]:
    """Find where a nucleus died.

    Parameters
    ----------
    states : sequence of {"live", "dead"}
        Calls of one track in the order of time.
    dead_calls : int
        Consecutive dead calls that make a death; fewer are taken for errors of the network.

    Returns
    -------
    death : int or None
        Place of the first of these calls; None where the nucleus was not seen dying.
    revivals : int
        How often a call turned back to live after death: dead cells stay dead, so each is an error.
    """
    run = 0
    for place, state in enumerate(states):
        run = run + 1 if state == "dead" else 0
        if run == dead_calls:
            after = states[place:]
            revivals = sum(pair == ("dead", "live") for pair in zip(after, after[1:], strict=False))
            return place - dead_calls + 1, revivals
    return None, 0


def life_of(
    detections: Sequence[Mapping[str, Any]],
    *,
    last_frame: int,
    film_last_frame: int,
    jumps: int,
    truncated: bool,
    branched: bool,
    settings: Mapping[str, Any],
) -> dict[str, Any]:
    """Describe the life of one track.

    Parameters
    ----------
    detections : sequence of mapping
        Rows sequence, track, frame, time_h, state, touches_border of the track in the order of time.
    last_frame : int
        Last frame of the window, see `last_window_frame`.
    film_last_frame : int
        Last frame of the film.
    jumps : int
        Number of its detections with a jump of the area.
    truncated, branched : bool
        Whether the track was cut at such a jump, and whether it ended where tracks part or join.
    settings : mapping
        Section `track` of the configuration: memory, min_coverage, dead_calls, exclude_border.

    Returns
    -------
    dict
        Row of `LIFE_COLUMNS`. coverage, border, alive_throughout and kept speak of the window, the rest of the
        whole film. A track ends at the end if no more than `memory` frames are missing there, as inside it.
    """
    frames = [row["frame"] for row in detections]
    inside = [row for row in detections if row["frame"] <= last_frame]
    death, revivals = death_of([row["state"] for row in detections], settings["dead_calls"])
    death_frame = None if death is None else frames[death]
    begins, ends = frames[0] == 0, frames[-1] >= last_frame - settings["memory"]
    coverage = len(inside) / (last_frame + 1)
    border = any(row["touches_border"] for row in inside)
    dead = death_frame is not None and death_frame <= last_frame
    cut = frames[-1] < last_frame
    against = {
        LATE: not begins,
        "border": border and settings["exclude_border"],
        "dead": dead,
        "jump": truncated and cut,
        "branched": branched and cut,
        "lost": not ends,
        "gaps": coverage < settings["min_coverage"],
    }
    reason = next((name for name, holds in against.items() if holds), KEPT)
    return {
        "sequence": detections[0]["sequence"],
        "track": detections[0]["track"],
        "first_frame": frames[0],
        "last_frame": frames[-1],
        "detections": len(frames),
        "missed_frames": frames[-1] - frames[0] + 1 - len(frames),
        "start_h": detections[0]["time_h"],
        "end_h": detections[-1]["time_h"],
        "begins_at_start": begins,
        "ends_at_end": ends,
        "ends_with_film": frames[-1] >= film_last_frame - settings["memory"],
        "coverage": coverage,
        "border": border,
        "jumps": jumps,
        "alive_throughout": begins and ends and not dead,
        KEPT: reason == KEPT,
        "reason": reason,
        "death_h": None if death is None else detections[death]["time_h"],
        "death_observed": death is not None,
        "revivals": revivals,
    }
