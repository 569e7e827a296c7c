"""Fig. 5: growth of stained and unstained cells, from film strips over single cells to means of both arms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from .files import Drawing
from .growthcurves import ARM_COLOURS, QUANTITIES, CellLine, draw_cells, draw_means, legend_of_marks
from .growthfilm import FilmStrip, legend_of_strips, show_strip
from .pages import SOURCES
from .style import in_style, mark_source, new_figure

COLUMNS = ("panel", "quantity", "condition", "sequence", "track", "time_h", "value", "standard_error", "n", "wells")
COLUMNS += ("p_pooled", "p_holm", "shown_low", "shown_high", "left_um", "top_um", "side_um")
_PANELS = {"stained": ("a", "c"), "unstained": ("b", "d")}
_MEANS = {"area": "e", "dry_mass": "f"}
_SIDE_UM = 80.0


@in_style
def draw_figure5(
    strips: Mapping[str, FilmStrip],
    lines: Mapping[str, Sequence[CellLine]],
    course: Sequence[Mapping],
    comparison: Sequence[Mapping],
    intervals: Sequence[Mapping],
    *,
    significance: float,
    cells: str,
) -> Drawing:
    """Draw film strips (a, b), single cells (c, d) and means with standard error (e, f) of both arms.

    Parameters
    ----------
    strips : mapping of str to FilmStrip
        Arm -> film; both with equally many frames.
    lines : mapping of str to sequence of CellLine
        Arm -> its kept cells.
    course : sequence of mappings
        Time course, see `livedead.paper.growthcurves.draw_means`; for the source data also ``p``.
    comparison : sequence of mappings
        Tests at each time: ``quantity``, ``time_h``, ``p_pooled``, ``significant_pooled``, ``p_holm``, ``note``.
    intervals : sequence of mappings
        Longest intervals: ``quantity``, ``method``, ``from_h``, ``to_h``.
    significance : float
        Level of p.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.

    Returns
    -------
    Drawing
        Source data: every image panel, every cell at every time, every mean with its p.

    Notes
    -----
    Fig. 5 of the paper. Panels c and d show area (above) and dry mass (below) of all kept cells.
    """
    figure = new_figure(5.5)
    # Films may differ in length: of a shorter one fewer frames are shown.
    frames = max(len(strip.times_h) for strip in strips.values())
    top, bottom = figure.add_gridspec(2, 1, height_ratios=[2.7, 2.0])
    upper = top.subgridspec(2, frames + 1, width_ratios=[1] * frames + [1.75])
    rows = []
    for number, arm in enumerate(ARM_COLOURS):
        strip = strips[arm]
        images = [figure.add_subplot(upper[number, column]) for column in range(len(strip.times_h))]
        letter, letter_of_lines = _PANELS[arm]
        rows += [{"panel": letter, "condition": arm} | row for row in show_strip(images, strip, _SIDE_UM)]
        images[0].set_title(f"{letter}  {arm}: {strip.sequence}", loc="left")
        small = upper[number, frames].subgridspec(2, 1, hspace=0)
        rows += _draw_lines(figure, small, lines[arm], arm, letter_of_lines, (strip.sequence, strip.track))
    lower = bottom.subgridspec(1, 2)
    runs = {row["quantity"]: row for row in intervals if row["method"] == "pooled"}
    for number, (quantity, letter) in enumerate(_MEANS.items()):
        axes = figure.add_subplot(lower[number])
        draw_means(axes, quantity, course, comparison, runs.get(quantity), significance)
        axes.set_title(f"{letter}  {QUANTITIES[quantity]}{_run_words(runs.get(quantity))}", loc="left")
        if axes.get_legend_handles_labels()[0]:
            # A legend wider than its panel must not make the panel narrow.
            axes.legend(loc="upper left", ncols=2, borderaxespad=0.1, columnspacing=1).set_in_layout(False)
        rows += _mean_rows(quantity, letter, course, comparison)
    handles = [*legend_of_strips(), *legend_of_marks(significance)]
    figure.legend(handles=handles, loc="outside lower left", ncols=4, columnspacing=1.5)
    mark_source(figure, cells)
    return Drawing(figure, rows, _caption(strips, lines, course, comparison, runs, cells), COLUMNS)


def _draw_lines(figure: Figure, grid, lines: Sequence[CellLine], arm: str, letter: str, stressed: tuple) -> list[dict]:
    above: Axes = figure.add_subplot(grid[0])
    below: Axes = figure.add_subplot(grid[1], sharex=above)
    above.tick_params(labelbottom=False)
    above.set_title(f"{letter}  {arm}, n = {len(lines)}", loc="left")
    below.set_xlabel("time [h]", labelpad=1)
    # Both arms with the same full hours, however wide their panels come out.
    below.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 3, 5, 10], integer=True))
    for axes, (quantity, words) in zip((above, below), (("area", "area"), ("dry_mass", "dry mass")), strict=True):
        draw_cells(axes, lines, quantity, arm, stressed)
        axes.set_ylabel(words, labelpad=1)
    return [
        {
            "panel": letter,
            "quantity": quantity,
            "condition": arm,
            "sequence": line.sequence,
            "track": line.track,
            "time_h": time_h,
            "value": value,
        }
        for quantity in QUANTITIES
        for line in lines
        for time_h, value in zip(line.times_h, line.values[quantity], strict=True)
    ]


def _mean_rows(quantity: str, letter: str, course: Sequence[Mapping], comparison: Sequence[Mapping]) -> list[dict]:
    p = {row["time_h"]: row for row in comparison if row["quantity"] == quantity}
    return [
        {
            "panel": letter,
            "quantity": quantity,
            "condition": row["condition"],
            "time_h": row["time_h"],
            "value": row["mean"],
            "standard_error": row["standard_error"],
            "n": row["n"],
            "wells": row["wells"],
            "p_pooled": p.get(row["time_h"], {}).get("p_pooled"),
            "p_holm": p.get(row["time_h"], {}).get("p_holm"),
        }
        for row in course
        if row["quantity"] == quantity
    ]


def _run_words(run: Mapping | None) -> str:
    if run is None or run["from_h"] is None:
        return ": no significant time"
    if run["from_h"] == run["to_h"]:
        return f": differs at {run['from_h']:g} h"
    return f": differs from {run['from_h']:g} to {run['to_h']:g} h"


def _caption(
    strips: Mapping[str, FilmStrip],
    lines: Mapping[str, Sequence[CellLine]],
    course: Sequence[Mapping],
    comparison: Sequence[Mapping],
    runs: Mapping[str, Mapping],
    cells: str,
) -> str:
    counted = []
    for arm in ARM_COLOURS:
        wells = {row["wells"] for row in course if row["condition"] == arm} - {None}
        number = f"{len(lines[arm])} {arm} cell{'s' * (len(lines[arm]) != 1)}"
        counted.append(number + (f" in {max(wells)} wells" if wells else ""))
    found = [f"{QUANTITIES[quantity]}{_run_words(run)}" for quantity, run in runs.items()]
    shown = [
        f"{arm} film {strip.sequence}" + (f", cell {strip.track}" if strip.track is not None else ", no cell kept")
        for arm, strip in strips.items()
    ]
    notes = list(dict.fromkeys(row["note"] for row in comparison if row["note"]))
    beside = f" Not tested everywhere: {'; '.join(notes)}." if notes else ""
    return (
        f"{SOURCES[cells].capitalize()}: {' and '.join(counted)}; {'; '.join(found)}. "
        f"Shown: {'; '.join(shown)}.{beside}"
    )
