"""Images with the outlines of predicted nuclei, and of true ones where they are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.lines import Line2D

from .files import Drawing
from .marks import add_scale_bar
from .pages import SOURCES
from .panels import display_range, field_um, show_phase
from .style import STATE_COLOURS, in_style, mark_source, new_figure

COLUMNS = ("place", "title", "live_area_um2", "dead_area_um2", "true_area_um2")
_TRUE = "#FFFFFF"
_LARGEST = 6


@dataclass(frozen=True)
class OutlinedImage:
    """One image with its predicted and, where known, its true nuclei.

    Attributes
    ----------
    title : str
        What is said above it.
    phase : numpy.ndarray
        (Y, X), rad or grey.
    predicted : numpy.ndarray
        (Y, X), 0 background, 1 live, 2 dead.
    truth : numpy.ndarray or None
        The same of the true nuclei.
    pixel_size_um : float
        Side of a pixel.
    """

    title: str
    phase: np.ndarray
    predicted: np.ndarray
    truth: np.ndarray | None
    pixel_size_um: float


@in_style
def draw_outlined(shots: Sequence[OutlinedImage], *, about: str, cells: str) -> Drawing:
    """Draw images side by side, each in its own grey scale, with outlines.

    Parameters
    ----------
    shots : sequence of OutlinedImage
        At most six.
    about : str
        First sentence of the caption: which images these are.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.

    Returns
    -------
    Drawing
        Source data: areas of live, dead and true nuclei of every image.
    """
    shots = list(shots)[:_LARGEST]
    across = min(len(shots), 2)
    down = -(-len(shots) // across)
    side = min(2.5, 5.0 / down - 0.3)
    figure = new_figure(down * (side + 0.3) + 0.4, min(7.2, max(4.4, across * (side + 0.15))))
    grid = figure.subplots(down, across, squeeze=False)
    rows = []
    for number, (axes, shot) in enumerate(zip(grid.flat, shots, strict=False)):
        field = field_um(shot.phase.shape, shot.pixel_size_um)
        show_phase(axes, shot.phase, field, display_range([shot.phase]))
        known = shot.truth is not None
        if known:
            _outline(axes, shot.truth > 0, shot.pixel_size_um, _TRUE, "--")
        for value, state in enumerate(STATE_COLOURS, start=1):
            _outline(axes, shot.predicted == value, shot.pixel_size_um, STATE_COLOURS[state], "-")
        axes.set_title(shot.title)
        add_scale_bar(axes, field)
        areas = [float((shot.predicted == value).sum() * shot.pixel_size_um**2) for value in (1, 2)]
        areas.append(float((shot.truth > 0).sum() * shot.pixel_size_um**2) if known else None)
        rows.append(dict(zip(COLUMNS, (number + 1, " ".join(shot.title.split()), *areas), strict=True)))
    for axes in grid.flat[len(shots) :]:
        axes.set_axis_off()
    lines = [Line2D([], [], color=colour, label=f"predicted {state}") for state, colour in STATE_COLOURS.items()]
    if any(shot.truth is not None for shot in shots):
        lines.append(Line2D([], [], color="#777777", linestyle="--", label="true (white)"))
    figure.legend(handles=lines, loc="outside lower left", ncols=3)
    mark_source(figure, cells)
    caption = f"{about} {SOURCES[cells].capitalize()}, every image in its own grey scale; outlines of predicted nuclei."
    return Drawing(figure, rows, caption, COLUMNS)


def _outline(axes, mask: np.ndarray, pixel_size_um: float, colour: str, style: str) -> None:
    if mask.any():
        # Contours stand at the centres of pixels, half a pixel from the image's edge.
        y, x = ((np.arange(length) + 0.5) * pixel_size_um for length in mask.shape)
        axes.contour(x, y, mask, levels=[0.5], colors=colour, linestyles=style, linewidths=0.9)
