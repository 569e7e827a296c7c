"""Which detection in one frame is the same nucleus as which in another: detections of a film become tracks."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import trackpy
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ..desk.errors import DataError, SettingsError
from .lap import lap_links


@dataclass(frozen=True)
class Tracks:
    """Tracks of one film.

    Attributes
    ----------
    number : numpy.ndarray
        (n,) int64, track of every detection, from 1 in the order of the first detections.
    parents : dict of tuple
        Tracks that a track came from by splitting or merging; only where the tracker allows that.
    """

    number: np.ndarray
    parents: dict[int, tuple[int, ...]]


def link_nuclei(nuclei: Sequence[Mapping[str, Any]], frames: int, settings: Mapping[str, Any]) -> Tracks:
    """Link the nuclei of one film.

    Every nucleus gets a track, if only one of its own.

    Parameters
    ----------
    nuclei : sequence of mapping
        Rows with frame, x_um, y_um.
    frames : int
        Number of frames of the film, those without a nucleus included.
    settings : mapping
        Section `track` of the configuration: tracker, search_range_um, memory, adaptive_stop_um, adaptive_step,
        lap_splitting, lap_merging.

    Returns
    -------
    Tracks

    Raises
    ------
    DataError
        If a frame is no whole number of the film or a position is not finite.
    SettingsError
        If too many nuclei lie within the search range of one another, or the tracker is not installed.
    """
    frame, position_um = checked_positions(nuclei, frames)
    if not len(frame):
        return Tracks(np.zeros(0, np.int64), {})
    reach = {name: settings[name] for name in ("search_range_um", "memory")}
    if settings["tracker"] == "laptrack":
        options = {name: settings[f"lap_{name}"] for name in ("splitting", "merging")}
        links = lap_links(frame, position_um, **reach, **options)
    else:
        links = trackpy_links(
            frame,
            position_um,
            **reach,
            adaptive_stop_um=settings["adaptive_stop_um"],
            adaptive_step=settings["adaptive_step"],
        )
    return tracks_of_links(frame, links)


def checked_positions(nuclei: Sequence[Mapping[str, Any]], frames: int) -> tuple[np.ndarray, np.ndarray]:
    """Read frames and positions, and refuse what a tracker would take for something else.

    Parameters
    ----------
    nuclei : sequence of mapping
        Rows with frame, x_um, y_um.
    frames : int
        Number of frames of the film.

    Returns
    -------
    frame : numpy.ndarray
        (n,) int64.
    position_um : numpy.ndarray
        (n, 2) float64 of (y, x), um.

    Raises
    ------
    DataError
        Naming the first row that cannot be used.
    """
    for number, row in enumerate(nuclei, start=1):
        frame = row["frame"]
        # trackpy rounds frames down in silence: frame 0.5 would put two nuclei of one cell into frame 0.
        if frame is None or not np.isfinite(frame) or frame != int(frame) or not 0 <= frame < frames:
            raise DataError(
                f"nucleus {number} is of frame {frame} (wanted a whole number from 0 to {frames - 1}); number the "
                "frames and keep the hours in time_h"
            )
        for name in ("x_um", "y_um"):
            if row[name] is None or not np.isfinite(row[name]):
                raise DataError(
                    f"nucleus {number} of frame {frame} has {name} = {row[name]} (wanted a finite position); "
                    "measure the nuclei again"
                )
    position_um = np.array([(row["y_um"], row["x_um"]) for row in nuclei], float).reshape(-1, 2)
    return np.array([row["frame"] for row in nuclei], np.int64), position_um


def trackpy_links(
    frame: np.ndarray,
    position_um: np.ndarray,
    *,
    search_range_um: float,
    memory: int,
    adaptive_stop_um: float,
    adaptive_step: float,
) -> np.ndarray:
    """Link with trackpy (Crocker and Grier, J. Colloid Interface Sci. 179, 298, 1996).

    Parameters
    ----------
    frame : numpy.ndarray
        (n,) int64.
    position_um : numpy.ndarray
        (n, 2) float64, um; n at least 1.
    search_range_um : float
        Farthest a nucleus moves from one frame to the next, um.
    memory : int
        Frames in a row in which a nucleus may be missing.
    adaptive_stop_um, adaptive_step : float
        Where too many nuclei compete, the search range is multiplied by the step down to the stop, um.

    Returns
    -------
    numpy.ndarray
        (m, 2) int64: rows of the earlier and of the later detection of every link.

    Raises
    ------
    SettingsError
        If too many nuclei compete even at `adaptive_stop_um`.
    """
    table = pd.DataFrame({"frame": frame, "y": position_um[:, 0], "x": position_um[:, 1]})
    try:
        with _quiet_trackpy():
            linked = trackpy.link(
                table, search_range_um, memory=memory, adaptive_stop=adaptive_stop_um, adaptive_step=adaptive_step
            )
    except trackpy.SubnetOversizeException as error:
        raise SettingsError(
            f"too many nuclei lie within {search_range_um:g} um of one another, even within {adaptive_stop_um:g} um "
            "(wanted groups of at most some 15); lower track.search_range_um or track.adaptive_stop_um"
        ) from error
    rows = linked.sort_values(["particle", "frame"])
    particle, row = rows["particle"].to_numpy(), rows.index.to_numpy(np.int64)
    same = particle[1:] == particle[:-1]
    return np.stack([row[:-1][same], row[1:][same]], axis=1)


def tracks_of_links(frame: np.ndarray, links: np.ndarray) -> Tracks:
    """Make unbranched tracks of links.

    A track ends where two links leave a detection, or where it is one of several that lead to the next; what
    follows are new tracks with parents.

    Parameters
    ----------
    frame : numpy.ndarray
        (n,) int64.
    links : numpy.ndarray
        (m, 2) int64, rows of the earlier and of the later detection.

    Returns
    -------
    Tracks
    """
    count = len(frame)
    links = np.asarray(links, np.int64).reshape(-1, 2)
    leaving, arriving = (np.bincount(links[:, end], minlength=count) for end in (0, 1))
    plain = (leaving[links[:, 0]] == 1) & (arriving[links[:, 1]] == 1)
    graph = coo_matrix((np.ones(plain.sum()), tuple(links[plain].T)), shape=(count, count))
    _, group = connected_components(graph, directed=False)
    # Numbers follow the first detection, so that the same film always has the same tracks.
    order = np.lexsort((np.arange(count), frame))
    _, first = np.unique(group[order], return_index=True)
    number = np.empty(len(first), np.int64)
    number[np.argsort(first)] = np.arange(1, len(first) + 1)
    number = number[group]
    parents: dict[int, tuple[int, ...]] = {}
    for earlier, later in sorted(map(tuple, links[~plain])):
        child = int(number[later])
        parents[child] = (*parents.get(child, ()), int(number[earlier]))
    return Tracks(number, parents)


@contextmanager
def _quiet_trackpy() -> Iterator[None]:
    """Keep trackpy from reporting every frame, and leave its logger as it was."""
    logger = logging.getLogger("trackpy")
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)
