"""Kept tracks of all films of a cohort -> one value per cell and time, relative to the start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..desk.errors import DataError

#: The two arms of the comparison; differences are the first minus the second.
ARMS = ("stained", "unstained")
#: Quantity -> column of the tables of tracks.
QUANTITIES = {"area": "area_relative", "dry_mass": "dry_mass_relative"}


@dataclass(frozen=True)
class Growth:
    """One quantity of the kept cells of a cohort.

    Attributes
    ----------
    quantity : str
        A key of `QUANTITIES`.
    times_h : numpy.ndarray
        (T,) float64, time of every frame in h; the first is the start, to which values are related.
    values : numpy.ndarray
        (N, T) float64, value relative to the start; NaN where the cell was not seen.
    condition, well : numpy.ndarray
        (N,) text, arm and well of every cell; a well is None where the sheet has none.
    """

    quantity: str
    times_h: np.ndarray
    values: np.ndarray
    condition: np.ndarray
    well: np.ndarray

    def seen(self, column: int) -> tuple[np.ndarray, np.ndarray]:
        """Give the values of both arms, stained first, at one time, of the cells that were seen then."""
        known = np.isfinite(self.values[:, column])
        return tuple(self.values[known & (self.condition == arm), column] for arm in ARMS)


def well_names(films: Sequence[Mapping[str, Any]]) -> dict[str, str | None]:
    """Name the well of every film so that wells of different replicates differ.

    Parameters
    ----------
    films : sequence of mapping
        sequence, replicate and well of every film; replicate and well may be None.

    Returns
    -------
    dict
        Sequence -> well, with the replicate in front where the films are of several; None where the film has
        no well.
    """
    several = len({film["replicate"] for film in films}) > 1
    return {
        film["sequence"]: f"{film['replicate']}-{film['well']}" if several and film["well"] else film["well"]
        for film in films
    }


def frame_times(tracks: Iterable[Mapping[str, Any]]) -> dict[int, float]:
    """Find the time of every frame, the same in all films.

    Parameters
    ----------
    tracks : iterable of mapping
        Rows sequence, frame, time_h of all films.

    Returns
    -------
    dict
        Frame -> time in h, in ascending order.

    Raises
    ------
    DataError
        If a frame is no whole number, films have different times for one frame, or nothing was seen in the
        first frame of any film.
    """
    times: dict[int, tuple[float, str]] = {}
    for row in tracks:
        frame, time, sequence = row["frame"], row["time_h"], row["sequence"]
        if frame != int(frame):
            raise DataError(f"{sequence}: frame = {frame} (wanted whole numbers; hours belong into time_h)")
        known, first = times.setdefault(int(frame), (time, sequence))
        # Tables hold six digits.
        if not np.isclose(time, known, rtol=1e-5, atol=1e-9):
            raise DataError(
                f"frame {int(frame)} is at {known:g} h in {first} and at {time:g} h in {sequence}: films are compared "
                "time by time, so all films of a cohort need the same frame_interval_min and start_h in the sheet"
            )
    if 0 not in times:
        raise DataError("no nucleus in the first frame of any film: there is no start to relate growth to")
    return {frame: times[frame][0] for frame in sorted(times)}


def collect_growth(
    films: Sequence[Mapping[str, Any]], tracks: Sequence[Mapping[str, Any]], lives: Sequence[Mapping[str, Any]]
) -> dict[str, Growth]:
    """Put the kept tracks of both arms into one table per quantity.

    Values at gaps are absent; nothing is interpolated.

    Parameters
    ----------
    films : sequence of mapping
        sequence, condition, replicate, well of every film; films of other conditions than `ARMS` are left out.
    tracks : sequence of mapping
        Rows of the tables of tracks of all films: sequence, frame, time_h, track and the columns of
        `QUANTITIES`.
    lives : sequence of mapping
        Rows sequence, track, kept.

    Returns
    -------
    dict
        Quantity -> `Growth`; without any kept track, with no rows.

    Raises
    ------
    DataError
        As `frame_times`, or if two detections of one track share a frame.
    """
    arm = {film["sequence"]: film["condition"] for film in films if film["condition"] in ARMS}
    wells = well_names(films)
    tracks = [row for row in tracks if row["sequence"] in arm]
    times = frame_times(tracks)
    column = {frame: number for number, frame in enumerate(times)}
    kept = [(row["sequence"], row["track"]) for row in lives if row["kept"] and row["sequence"] in arm]
    cell = {key: number for number, key in enumerate(kept)}
    values = {quantity: np.full((len(kept), len(times)), np.nan) for quantity in QUANTITIES}
    filled = np.zeros((len(kept), len(times)), bool)
    for row in tracks:
        number = cell.get((row["sequence"], row["track"]))
        if number is None:
            continue
        place = number, column[row["frame"]]
        if filled[place]:
            raise DataError(f"{row['sequence']}: track {row['track']} has two nuclei in frame {row['frame']}")
        filled[place] = True
        for quantity, name in QUANTITIES.items():
            if row[name] is not None:
                values[quantity][place] = row[name]
    hours = np.array(list(times.values()), dtype=float)
    condition = np.array([arm[sequence] for sequence, _ in kept], dtype=object)
    well = np.array([wells[sequence] for sequence, _ in kept], dtype=object)
    return {quantity: Growth(quantity, hours, array, condition, well) for quantity, array in values.items()}


def on_scale(growth: Growth, scale: str) -> Growth:
    """Give values as ratios to the start, as the paper shows them, or as their natural logarithms.

    Measurement noise at the start biases a mean of ratios upwards, not a mean of log ratios.

    Parameters
    ----------
    growth : Growth
        Ratios.
    scale : {"ratio", "log_ratio"}
        Wanted scale. On the log scale a value at or below zero, as noise can make of a dry mass, is absent.

    Returns
    -------
    Growth
    """
    if scale == "ratio":
        return growth
    positive = growth.values > 0
    values = np.log(growth.values, out=np.full(growth.values.shape, np.nan), where=positive)
    return Growth(growth.quantity, growth.times_h, values, growth.condition, growth.well)


def filmed_wells(films: Sequence[Mapping[str, Any]]) -> dict[str, list[str | None]]:
    """List the wells of each arm.

    Parameters
    ----------
    films : sequence of mapping
        sequence, condition, replicate, well of every film.

    Returns
    -------
    dict
        Condition -> wells, each once, in the order of the films; None among them where a film has no well.
    """
    wells = well_names(films)
    return {
        arm: list(dict.fromkeys(wells[film["sequence"]] for film in films if film["condition"] == arm)) for arm in ARMS
    }


def well_curves(growth: Growth) -> tuple[np.ndarray, np.ndarray]:
    """Average the cells of every well: wells, not cells, were treated, so wells are the independent draws.

    Parameters
    ----------
    growth : Growth
        Values of the cells.

    Returns
    -------
    curves : numpy.ndarray
        (W, T) float64, mean of the cells of each well seen at each time; NaN where none was.
    in_first : numpy.ndarray
        (W,) bool, wells of the first of `ARMS`. Without rows where a film has no well.
    """
    names = sorted(set(zip(growth.condition, growth.well, strict=True)), key=str)
    if any(well is None for _, well in names):
        names = []
    curves = np.full((len(names), len(growth.times_h)), np.nan)
    for curve, (arm, well) in zip(curves, names, strict=True):
        cells = growth.values[(growth.condition == arm) & (growth.well == well)]
        seen = np.isfinite(cells).any(0)
        curve[seen] = np.nanmean(cells[:, seen], 0)
    return curves, np.array([arm == ARMS[0] for arm, _ in names], dtype=bool)


def why_no_wells(in_first: np.ndarray) -> str | None:
    """Say why wells cannot be compared, given which of them are of the first arm; None where they can."""
    sizes = [int(in_first.sum()), int((~in_first).sum())]
    if min(sizes) >= 2:
        return None
    if not len(in_first):
        return "no well in the sheet, or no cell: nothing corrected"
    return f"{sizes[0]} {ARMS[0]} and {sizes[1]} {ARMS[1]} wells, wanted two or more of each: nothing corrected"
