"""Fig. 1b-e: phase, NucBlue, NucGreen and viability of one field at a few times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from .files import Drawing
from .marks import add_colour_bar, add_scale_bar, scale_bar_um, write_over
from .pages import SOURCES
from .panels import display_range, field_um, show_fluorescence, show_labels, show_phase
from .style import STATE_COLOURS, in_style, mark_source, new_figure

TITLES = {
    "phase": "b  SLIM phase",
    "live": "c  NucBlue, all nuclei",
    "dead": "d  NucGreen, dead nuclei",
    "labels": "e  viability",
}


@dataclass(frozen=True)
class Snapshot:
    """One frame of a sequence.

    Attributes
    ----------
    frame : int
        Its number, from 0.
    time_h : float
        Its time in hours.
    phase, labels : numpy.ndarray
        (Y, X): rad, and 0 background, 1 live, 2 dead.
    live, dead : numpy.ndarray or None
        NucBlue and NucGreen of the same field in counts, at any sampling; None where not recorded.
    """

    frame: int
    time_h: float
    phase: np.ndarray
    labels: np.ndarray
    live: np.ndarray | None = None
    dead: np.ndarray | None = None


@in_style
def draw_figure1(
    sequence: str,
    snapshots: Sequence[Snapshot],
    nuclei: Iterable[Mapping],
    *,
    pixel_size_um: float,
    phase_label: str,
    cells: str,
) -> Drawing:
    """Draw phase, stains and viability map, one row per time.

    Parameters
    ----------
    sequence : str
        Name of the sequence.
    snapshots : sequence of Snapshot
        Frames to show, in order.
    nuclei : iterable of mappings
        Nuclei of the sequence with ``frame`` and ``state`` (live or dead), counted beside the maps.
    pixel_size_um : float
        Side of a pixel of the phase map.
    phase_label : str
        Quantity and unit of the phase map, ``phase [rad]`` or ``phase [grey]``.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.

    Returns
    -------
    Drawing
        Source data: one row per image panel.

    Notes
    -----
    Fig. 1b-e of the paper. One grey scale per column, so that rows compare.
    """
    counts = Counter((nucleus["frame"], nucleus["state"]) for nucleus in nuclei)
    panels = [name for name in TITLES if all(getattr(shot, name) is not None for shot in snapshots)]
    ranges = {name: display_range(getattr(shot, name) for shot in snapshots) for name in panels if name != "labels"}
    field = field_um(snapshots[0].phase.shape, pixel_size_um)
    height, width = field
    side = min(1.5, (4.5 / len(snapshots) - 0.05) * width / height)
    figure = new_figure(
        len(snapshots) * (side * height / width + 0.05) + 0.95, max(3.6, len(panels) * (side + 0.06) + 0.4)
    )
    grid = figure.subplots(len(snapshots), len(panels), squeeze=False)
    rows, told = [], []
    for axes_row, shot in zip(grid, snapshots, strict=True):
        live, dead = counts[shot.frame, "live"], counts[shot.frame, "dead"]
        when = f"{shot.time_h:.3g} h"
        told.append(f"{when} ({live} live, {dead} dead)")
        axes_row[0].set_ylabel(when, fontsize=8)
        for axes, name in zip(axes_row, panels, strict=True):
            _show_panel(axes, shot, name, field, ranges)
            low, high = ranges.get(name, (None, None))
            rows.append(
                {
                    "sequence": sequence,
                    "frame": shot.frame,
                    "time_h": shot.time_h,
                    "panel": TITLES[name],
                    "shown_low": low,
                    "shown_high": high,
                    "field_height_um": height,
                    "field_width_um": width,
                    "scale_bar_um": scale_bar_um(width),
                    "live_nuclei": live,
                    "dead_nuclei": dead,
                }
            )
        write_over(axes_row[-1], f"{live} live, {dead} dead", field)
    for top, bottom, name in zip(grid[0], grid[-1], panels, strict=True):
        top.set_title(TITLES[name], loc="left")
        if name != "labels":
            label = phase_label if name == "phase" else "camera counts"
            add_colour_bar(bottom.images[0], label, "bottom")
    handles = [Patch(color=colour, label=state) for state, colour in STATE_COLOURS.items()]
    grid[-1, -1].legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.03), ncols=2)
    mark_source(figure, cells)
    caption = f"Sequence {sequence} ({SOURCES[cells]}), {pixel_size_um:.3g} µm per pixel; shown at {'; '.join(told)}."
    return Drawing(figure, rows, caption)


def _show_panel(axes: Axes, shot: Snapshot, name: str, field: tuple, ranges: Mapping) -> None:
    if name == "labels":
        show_labels(axes, shot.labels, field, shot.phase, ranges["phase"])
    elif name == "phase":
        show_phase(axes, shot.phase, field, ranges["phase"])
        add_scale_bar(axes, field)
    else:
        show_fluorescence(axes, getattr(shot, name), field, ranges[name], name)
