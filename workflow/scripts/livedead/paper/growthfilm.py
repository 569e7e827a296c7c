"""Film strips of tracked cells: phase at a few times with the outlines of the predicted nuclei."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ..cells.tables import frame_times_h
from ..optics.stacks import FrameReader
from .marks import add_scale_bar, write_over
from .panels import display_range, field_um, show_phase
from .style import MARK_COLOUR, STATE_COLOURS
from .times import nearest_frames

_CODES = {"live": 1, "dead": 2}
_DOT = {
    "linestyle": "none",
    "marker": "o",
    "markersize": 3.6,
    "markerfacecolor": MARK_COLOUR,
    "markeredgecolor": "white",
    "markeredgewidth": 0.5,
}


@dataclass(frozen=True)
class FilmStrip:
    """Frames of one film around one cell.

    Attributes
    ----------
    sequence : str
        Name of the film.
    track : int or None
        Number of the cell in the middle; None where the film has none that was kept.
    centres_um : sequence of tuple or None
        x and y of the cell in each frame in um; None in a frame where it was not seen.
    times_h : sequence of float
        Hours of the frames.
    phase, labels : sequence of numpy.ndarray
        (Y, X) of each frame: phase, and prediction with 0 background, 1 live, 2 dead.
    pixel_size_um : float
        Side of a pixel.
    """

    sequence: str
    track: int | None
    centres_um: Sequence[tuple[float, float] | None]
    times_h: Sequence[float]
    phase: Sequence[np.ndarray]
    labels: Sequence[np.ndarray]
    pixel_size_um: float


def middle_track(
    tracks: Sequence[Mapping], lives: Sequence[Mapping], sequence: str, field: tuple[float, float]
) -> int | None:
    """Choose the kept cell that starts nearest to the middle of the field, whatever its growth.

    Parameters
    ----------
    tracks : sequence of mappings
        Nuclei of any films: ``sequence``, ``frame``, ``track``, ``x_um``, ``y_um``.
    lives : sequence of mappings
        ``sequence``, ``track``, ``kept``.
    sequence : str
        The film.
    field : tuple of float
        Height and width of the field in um.

    Returns
    -------
    int or None
        Number of the track; None where no track of the film was kept.
    """
    kept = {row["track"] for row in lives if row["sequence"] == sequence and row["kept"]}
    there = [row for row in tracks if row["sequence"] == sequence and row["track"] in kept]
    if not there:
        return None
    first = min(row["frame"] for row in there)
    return min(
        (row for row in there if row["frame"] == first),
        key=lambda row: (np.hypot(row["y_um"] - field[0] / 2, row["x_um"] - field[1] / 2), row["track"]),
    )["track"]


def cut_strip(
    sequence: str,
    phase: FrameReader,
    labels: FrameReader,
    tracks: Sequence[Mapping],
    lives: Sequence[Mapping],
    *,
    start_h: float,
    wanted_h: Sequence[float],
) -> FilmStrip:
    """Take the frames of a film nearest to wanted times and follow the cell in the middle of the field.

    Parameters
    ----------
    sequence : str
        Name of the film.
    phase, labels : livedead.optics.stacks.FrameReader
        Phase and prediction of the film, (1, Y, X) per frame.
    tracks, lives : sequence of mappings
        See `middle_track`.
    start_h : float
        Time of the first frame in hours.
    wanted_h : sequence of float
        Wanted times in hours.

    Returns
    -------
    FilmStrip
    """
    info = phase.info
    times = frame_times_h(len(phase), start_h, info.frame_interval_min)
    frames = nearest_frames(times, wanted_h)
    images = [phase[frame][0] for frame in frames]
    track = middle_track(tracks, lives, sequence, field_um(images[0].shape, info.pixel_size_um))
    places = {
        row["frame"]: (row["x_um"], row["y_um"])
        for row in tracks
        if track is not None and (row["sequence"], row["track"]) == (sequence, track)
    }
    return FilmStrip(
        sequence=sequence,
        track=track,
        centres_um=[places.get(frame) for frame in frames],
        times_h=[times[frame] for frame in frames],
        phase=images,
        labels=[labels[frame][0] for frame in frames],
        pixel_size_um=info.pixel_size_um,
    )


def crop_around(
    shape: tuple[int, int], centre_um: tuple[float, float], side_um: float, pixel_size_um: float
) -> tuple[slice, slice]:
    """Find a square window of a field around a place, moved where it would leave the field.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the field in pixels.
    centre_um : tuple of float
        x and y of the wanted middle in um.
    side_um : float
        Side of the window; a smaller field is shown whole.
    pixel_size_um : float
        Side of a pixel.

    Returns
    -------
    tuple of slice
        Rows and columns.

    Examples
    --------
    >>> crop_around((100, 200), (5, 40), 40, 1)
    (slice(20, 60, None), slice(0, 40, None))
    """
    side = round(side_um / pixel_size_um)
    found = []
    for length, middle in zip(shape, reversed(centre_um), strict=True):
        begin = min(max(round(middle / pixel_size_um - side / 2), 0), max(length - side, 0))
        found.append(slice(begin, min(begin + side, length)))
    return tuple(found)


def show_strip(axes_row: Sequence[Axes], strip: FilmStrip, side_um: float) -> list[dict]:
    """Draw the frames of a film strip side by side, with a dot on the cell of the strip.

    Parameters
    ----------
    axes_row : sequence of matplotlib.axes.Axes
        One panel per frame.
    strip : FilmStrip
        What to show.
    side_um : float
        Side of the window around the cell at its mean place, or of the field without one.

    Returns
    -------
    list of dict
        sequence, track, time_h, shown_low, shown_high, left_um, top_um, side_um of every panel.
    """
    seen = [centre for centre in strip.centres_um if centre is not None]
    height, width = field_um(strip.phase[0].shape, strip.pixel_size_um)
    centre = tuple(np.mean(seen, axis=0)) if seen else (width / 2, height / 2)
    window = crop_around(strip.phase[0].shape, centre, side_um, strip.pixel_size_um)
    top, left = (part.start * strip.pixel_size_um for part in window)
    limits = display_range([phase[window] for phase in strip.phase], tail=0.005)
    rows = []
    frames = zip(axes_row, strip.times_h, strip.phase, strip.labels, strip.centres_um, strict=True)
    for axes, time_h, phase, labels, place in frames:
        field = field_um(phase[window].shape, strip.pixel_size_um)
        show_phase(axes, phase[window], field, limits)
        draw_outlines(axes, labels[window], strip.pixel_size_um)
        write_over(axes, f"{time_h:.3g} h", field)
        if place is not None:
            axes.plot(place[0] - left, place[1] - top, label="cell", **_DOT)
        rows.append(
            {
                "sequence": strip.sequence,
                "track": strip.track,
                "time_h": time_h,
                "shown_low": limits[0],
                "shown_high": limits[1],
                "left_um": left,
                "top_um": top,
                "side_um": field[1],
            }
        )
    add_scale_bar(axes_row[0], field)
    return rows


def draw_outlines(axes: Axes, labels: np.ndarray, pixel_size_um: float) -> None:
    """Draw the outlines of predicted nuclei, live and dead in their colours.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        A panel whose data units are um.
    labels : numpy.ndarray
        (Y, X), 0 background, 1 live, 2 dead.
    pixel_size_um : float
        Side of a pixel.
    """
    # A rim of background closes the outlines of nuclei cut by the edge of the window.
    padded = np.pad(labels, 1)
    y_um, x_um = ((np.arange(length) - 0.5) * pixel_size_um for length in padded.shape)
    for state, code in _CODES.items():
        if (labels == code).any():
            axes.contour(x_um, y_um, padded == code, levels=[0.5], colors=[STATE_COLOURS[state]], linewidths=0.9)


def legend_of_strips() -> list:
    """Make the entries that explain outlines and dot of `show_strip`.

    Returns
    -------
    list
        Handles for a legend.
    """
    outlines = [Line2D([], [], color=colour, label=f"predicted {state}") for state, colour in STATE_COLOURS.items()]
    return [*outlines, Line2D([], [], label="cell drawn dark in c, d", **_DOT)]
