"""Fig. 3: phase, truth and prediction of test frames, with arrows at the nuclei that were called wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from .files import Drawing
from .marks import add_colour_bar, add_scale_bar, point_at
from .pages import SOURCES
from .panels import display_range, field_um, show_labels, show_phase
from .style import MARK_COLOUR, STATE_COLOURS, in_style, mark_source, new_figure

COLUMNS = ("sequence", "frame", "time_h", "label", "x_um", "y_um", "true_state", "predicted_state", "verdict")


@dataclass(frozen=True)
class ScoredFrame:
    """One test frame with its truth, its prediction and the nuclei compared.

    Attributes
    ----------
    sequence : str
        Name of the sequence.
    frame : int
        Its number, from 0.
    time_h : float
        Its time in hours.
    phase : numpy.ndarray
        (Y, X), rad.
    truth, predicted : numpy.ndarray
        (Y, X), 0 background, 1 live, 2 dead.
    matches : sequence of mappings
        True nuclei of the sequence with ``frame``, ``label``, ``x_um``, ``y_um``, ``true_state``,
        ``predicted_state``.
    pixel_size_um : float
        Side of a pixel.
    """

    sequence: str
    frame: int
    time_h: float
    phase: np.ndarray
    truth: np.ndarray
    predicted: np.ndarray
    matches: Sequence[Mapping]
    pixel_size_um: float


def judge_nucleus(nucleus: Mapping) -> str:
    """Say how one true nucleus was called: ``right``, ``wrong`` (the other state) or ``missed``.

    Parameters
    ----------
    nucleus : mapping
        ``true_state`` (live or dead) and ``predicted_state`` (live, dead or missed).

    Returns
    -------
    str
    """
    if nucleus["predicted_state"] == "missed":
        return "missed"
    return "right" if nucleus["predicted_state"] == nucleus["true_state"] else "wrong"


@in_style
def draw_figure3(shots: Sequence[ScoredFrame], *, phase_label: str, cells: str) -> Drawing:
    """Draw phase, true map and predicted map, one column per test frame.

    Parameters
    ----------
    shots : sequence of ScoredFrame
        Frames to show.
    phase_label : str
        Quantity and unit of the phase map.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.

    Returns
    -------
    Drawing
        Source data: one row per true nucleus of the frames shown.

    Notes
    -----
    Fig. 3 of the paper. Filled arrows: wrong state; hollow arrows: nucleus missed.
    """
    limits = display_range(shot.phase for shot in shots)
    tallest = max(shot.phase.shape[0] / shot.phase.shape[1] for shot in shots)
    side = min(1.68, 6.4 / len(shots) - 0.05, 1.55 / tallest)
    figure = new_figure(3 * side * tallest + 0.62, max(5.0, len(shots) * (side + 0.05) + 0.75))
    grid = figure.subplots(3, len(shots), squeeze=False)
    rows = []
    for axes_column, shot in zip(grid.T, shots, strict=True):
        field = field_um(shot.phase.shape, shot.pixel_size_um)
        axes_column[0].set_title(f"{shot.sequence}, {shot.time_h:.3g} h")
        image = show_phase(axes_column[0], shot.phase, field, limits)
        show_labels(axes_column[1], shot.truth, field)
        show_labels(axes_column[2], shot.predicted, field)
        add_scale_bar(axes_column[0], field)
        nuclei = [nucleus for nucleus in shot.matches if nucleus["frame"] == shot.frame]
        for verdict in ("wrong", "missed"):
            there = [nucleus for nucleus in nuclei if judge_nucleus(nucleus) == verdict]
            x_um, y_um = [nucleus["x_um"] for nucleus in there], [nucleus["y_um"] for nucleus in there]
            point_at(axes_column[2], x_um, y_um, field, hollow=verdict == "missed")
        for nucleus in nuclei:
            told = {"sequence": shot.sequence, "time_h": shot.time_h, "verdict": judge_nucleus(nucleus)}
            rows.append({name: told.get(name, nucleus.get(name)) for name in COLUMNS})
    for axes, name in zip(grid[:, 0], ("SLIM phase", "truth", "prediction"), strict=True):
        axes.set_ylabel(name, fontsize=8)
    add_colour_bar(image, phase_label, "right")
    figure.legend(handles=_legend(), loc="outside lower left", ncols=4)
    mark_source(figure, cells)
    counts = Counter(row["verdict"] for row in rows)
    caption = (
        f"{len(shots)} held-out frame{'s' * (len(shots) != 1)} of {SOURCES[cells]} with {len(rows)} nuclei: "
        f"{counts['right']} called right, "
        f"{counts['wrong']} wrong (filled arrows), {counts['missed']} missed (hollow arrows)."
    )
    return Drawing(figure, rows, caption, COLUMNS)


def _legend() -> list:
    look = {"marker": ">", "linestyle": "none", "markersize": 6, "markeredgecolor": MARK_COLOUR}
    return [
        *(Patch(color=colour, label=state) for state, colour in STATE_COLOURS.items()),
        Line2D([], [], markerfacecolor=MARK_COLOUR, label="arrow: wrong state", **look),
        Line2D([], [], markerfacecolor="white", label="hollow arrow: missed", **look),
    ]
