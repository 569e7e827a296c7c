"""Fig. S5: nuclei that look dead in the phase before the stain says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Patch

from .files import Drawing
from .pages import SOURCES
from .panels import display_range, show_labels, show_phase, show_stains
from .style import MARK_COLOUR, STATE_COLOURS, in_style, mark_source, new_figure

COLUMNS = ("sequence", "frame", "time_h", "label", "x_um", "y_um", "p_dead", "stain_dead_h", "lead_h", "shown_um")
TITLES = {"phase": "SLIM phase", "stain": "stain", "predicted": "prediction"}
# Width of a picture, and radius of the ring around the nucleus in the phase.
SIDE_UM, RING_UM = 45.0, 13.0


def choose_examples(found: Iterable[Mapping], most: int) -> list[Mapping]:
    """Choose what is shown: confirmed early deaths in the interior, each nucleus once, the surest first.

    Parameters
    ----------
    found : iterable of mappings
        Rows of `livedead.motion.early_deaths.early_deaths`.
    most : int
        Examples at most.

    Returns
    -------
    list of mappings
    """
    shown = [row for row in found if row["confirmed"] and not row["touches_border"]]
    surest = {}
    for row in sorted(shown, key=lambda row: -row["p_dead"]):
        surest.setdefault((row["sequence"], row["track"]), row)
    return list(surest.values())[:most]


@in_style
def draw_early_deaths(
    found: Sequence[Mapping],
    counts: Iterable[Mapping],
    stacks: Mapping[str, Mapping[str, Sequence[np.ndarray]]],
    *,
    pixel_size_um: float,
    early_death_h: float,
    examples: int,
    cells: str,
) -> Drawing:
    """Draw early deaths, one row each: phase, stain and prediction at the early and at the later frame.

    Parameters
    ----------
    found, counts : sequences of mappings
        Tables of `livedead.motion.early_deaths`: candidates, and outcomes by the network's call.
    stacks : mapping of mappings
        For ``phase``, ``predicted`` and, where there are dyes, ``live`` and ``dead``: frames (1, Y, X) of every
        film by its name.
    pixel_size_um : float
        Side of a pixel of the phase maps.
    early_death_h : float
        Time within which the stain had to follow.
    examples : int
        Examples shown at most.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.

    Returns
    -------
    Drawing
        Source data: one row per example; none where no early death was found, which the figure then says.

    Notes
    -----
    Supplementary Fig. 5 of the paper: dead by morphology, live by the stain.
    """
    chosen = choose_examples(found, examples)
    caption = _caption(found, list(counts), len(chosen), early_death_h, cells)
    if not chosen:
        figure = new_figure(1.0)
        figure.text(
            0.5, 0.55, "none found: no interior nucleus was dead by its phase first and by its stain later", ha="center"
        )
        mark_source(figure, cells)
        return Drawing(figure, [], caption, COLUMNS)
    stained = all(row["sequence"] in stacks.get("dead", {}) for row in chosen)
    panels = [name for name in TITLES if name != "stain" or stained]
    shots = [
        [_cut(stacks, row["sequence"], frame, centre, pixel_size_um) for frame, centre in _moments(row)]
        for row in chosen
    ]
    kinds = ("phase", "live", "dead") if stained else ("phase",)
    every = [shot for pair in shots for shot in pair]
    ranges = {kind: display_range((shot[kind] for shot in every), 0.01) for kind in kinds}
    side = min(1.05, 4.6 / len(chosen), 6.3 / (2 * len(panels)))
    figure = new_figure(len(chosen) * (side + 0.03) + 0.7, max(4.2, 2 * len(panels) * (side + 0.03) + 0.55))
    grid = figure.subplots(len(chosen), 2 * len(panels), squeeze=False)
    for line, row, pair in zip(grid, chosen, shots, strict=True):
        line[0].set_ylabel(f"{row['sequence']}\n{row['time_h']:.3g} h → {row['stain_dead_h']:.3g} h", fontsize=6)
        for number, axes in enumerate(line):
            _show(axes, panels[number % len(panels)], pair[number // len(panels)], ranges)
        for number in (0, len(panels)):
            place = pair[number // len(panels)]["place"]
            line[number].add_patch(Circle(place, RING_UM, fill=False, edgecolor=MARK_COLOUR, linewidth=0.9))
    for number, axes in enumerate(grid[0]):
        when = ("early: ", "later: ")[number // len(panels)]
        axes.set_title(when * (number % len(panels) == 0) + TITLES[panels[number % len(panels)]], fontsize=6.5)
    handles = [Patch(color=colour, label=state) for state, colour in STATE_COLOURS.items()]
    # A scale bar's letters are wider than a panel of this size has room for.
    handles.append(Line2D([], [], linestyle="none", label=f"each picture {shots[0][0]['field'][0]:g} µm wide"))
    figure.legend(handles=handles, loc="outside lower left", ncols=3)
    mark_source(figure, cells)
    rows = [{name: SIDE_UM if name == "shown_um" else row[name] for name in COLUMNS} for row in chosen]
    return Drawing(figure, rows, caption, COLUMNS)


def _moments(row: Mapping) -> list[tuple[int, tuple[float, float]]]:
    """Name frame and place of the early and of the later picture."""
    later = row["stain_dead_frame"], (row["stain_dead_x_um"], row["stain_dead_y_um"])
    return [(row["frame"], (row["x_um"], row["y_um"])), later]


def _cut(stacks: Mapping, sequence: str, frame: int, centre_um: tuple[float, float], pixel_size_um: float) -> dict:
    """Cut a square around a nucleus from every image of a frame, shifted where the field ends."""
    images = {kind: films[sequence][frame][0] for kind, films in stacks.items() if sequence in films}
    field = [side * pixel_size_um for side in images["phase"].shape]
    side = min(SIDE_UM, *field)
    left, top = (
        min(max(centre - side / 2, 0), whole - side) for centre, whole in zip(centre_um, field[::-1], strict=True)
    )
    cut = {"field": (side, side), "place": (centre_um[0] - left, centre_um[1] - top)}
    for kind, image in images.items():
        # Dyes may lie on a finer grid than the phase.
        size_um = field[0] / image.shape[0]
        first_row, first_column, pixels = (round(length / size_um) for length in (top, left, side))
        cut[kind] = image[first_row : first_row + pixels, first_column : first_column + pixels]
    return cut


def _show(axes: Axes, name: str, shot: Mapping, ranges: Mapping) -> None:
    if name == "phase":
        show_phase(axes, shot["phase"], shot["field"], ranges["phase"])
    elif name == "stain":
        show_stains(axes, shot["live"], shot["dead"], shot["field"], (ranges["live"], ranges["dead"]))
    else:
        show_labels(axes, shot["predicted"], shot["field"], shot["phase"], ranges["phase"])


def _caption(found: Sequence[Mapping], counts: Sequence[Mapping], shown: int, early_death_h: float, cells: str) -> str:
    outcomes = Counter(row["outcome"] for row in found)
    live = [row for row in counts if row["network_call"] == "live"]
    total, turned, stayed = (sum(row[name] for row in live) for name in ("nuclei", "confirmed", "not_confirmed"))
    known = turned + stayed
    said = "times a nucleus was live by its stain and surely dead by its phase."
    text = f"{SOURCES[cells].capitalize()}: {len(found)} {said}"
    if found:
        text += (
            f" The stain followed within {early_death_h:g} h in {outcomes['confirmed']}, stayed live in "
            f"{outcomes['not_confirmed']}; in {outcomes['film_ended']} the film ended and in {outcomes['lost']} the "
            "nucleus was lost before."
        )
    if known:
        text += (
            f" Of {known} times one was live by both and could be followed for {early_death_h:g} h, {turned} "
            f"({turned / known:.0%}) turned; {total - known} more could not be followed so long."
        )
    return text + (
        f" {shown} example{'s are' if shown > 1 else ' is'} shown." if shown else " None found that could be shown."
    )
