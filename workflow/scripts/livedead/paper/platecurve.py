"""The viability of a plate: live fraction of every well against time, or of all wells at one time."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from ..cells.viability import VIABILITY_COLUMNS
from .files import Drawing
from .growthcurves import ARM_COLOURS
from .pages import SOURCES
from .style import LIVE_COLOUR, MARK_COLOUR, MAX_HEIGHT_IN, WIDTH_IN, in_style, mark_source, new_figure

MOST_PANELS = 96
_LEGEND_ENTRY_IN = 1.3  # width of the longest entry
_FEW = 24
_PLATE_WELL = re.compile(r"([A-P])0?([1-9]\d?)")
_POINT = {"fmt": "o", "elinewidth": 1, "capsize": 1.5}
_CONDITION_COLOURS = ARM_COLOURS | {"stained_after": "#D55E00"}


@in_style
def draw_plate(rows: list[dict], *, plate: str, cells: str, confidence: float) -> Drawing:
    """Draw the live fraction of a plate's wells with its interval and the number of nuclei.

    Parameters
    ----------
    rows : list of dict
        Rows of `livedead.cells.viability.VIABILITY_COLUMNS`; the first 96 wells are drawn, all stand in the source
        data.
    plate : str
        Name of the cohort.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.
    confidence : float
        Coverage of the intervals, 0..1.

    Returns
    -------
    Drawing
        Source data: the rows.
    """
    groups = list(dict.fromkeys(row["group"] for row in rows))
    conditions = list(dict.fromkeys(row["condition"] for row in rows))
    drawn = groups[:MOST_PANELS]
    shown = [row for row in rows if row["group"] in set(drawn)]
    one_time = len(drawn) > 1 and len({row["time_h"] for row in rows}) == 1
    figure = _wells_side_by_side(shown, drawn, conditions) if one_time else _panels(shown, drawn, conditions)
    _legend(figure, shown, conditions, confidence)
    mark_source(figure, cells)
    return Drawing(figure, rows, _caption(rows, groups, drawn, plate, cells, confidence), tuple(VIABILITY_COLUMNS))


def plate_grid(groups: Sequence[str]) -> tuple[int, int, dict[str, tuple[int, int]]]:
    """Arrange wells as panels: as on the plate where many are named like its wells (A1 to P24), else in rows.

    Parameters
    ----------
    groups : sequence of str
        Names of the wells.

    Returns
    -------
    down, across : int
        Rows and columns of panels.
    places : dict
        Name -> row and column of its panel.
    """
    found = {group: _PLATE_WELL.fullmatch(group) for group in groups}
    if len(groups) > _FEW and all(found.values()):
        letters = sorted({match[1] for match in found.values()})
        numbers = sorted({int(match[2]) for match in found.values()})
        places = {group: (letters.index(match[1]), numbers.index(int(match[2]))) for group, match in found.items()}
        if len(letters) <= 8 and len(numbers) <= 12:
            return len(letters), len(numbers), places
    widest = 2 if len(groups) == 4 else 3 if len(groups) <= 6 else 6 if len(groups) <= _FEW else 12
    across = min(len(groups), widest)
    down = math.ceil(len(groups) / across)
    return down, across, {group: divmod(number, across) for number, group in enumerate(groups)}


def _panels(rows: list[dict], groups: list[str], conditions: list[str]) -> Figure:
    """One small panel per well, live fraction against time."""
    down, across, places = plate_grid(groups)
    small = len(groups) > _FEW
    height = min(MAX_HEIGHT_IN, 1.0 + (0.56 if small else 0.95 if len(groups) > 6 else 1.55) * down)
    figure = new_figure(height, WIDTH_IN if across > 3 else max(3.8, 0.6 + 2.2 * across))
    # Laid out by hand: room for the labels of every panel would leave none for the panels.
    figure.set_layout_engine("none")
    width = figure.get_figwidth()
    edges = {"left": 0.45 / width, "right": 1 - 0.1 / width, "bottom": 0.5 / height, "top": 1 - 0.48 / height}
    gaps = {"wspace": 0.12, "hspace": 0.5 if small else 0.3}
    grid = figure.subplots(down, across, squeeze=False, gridspec_kw=edges | gaps)
    for group, (row, column) in places.items():
        axes = grid[row, column]
        of_group = [line for line in rows if line["group"] == group]
        for condition in conditions:
            _draw_line(
                axes, [line for line in of_group if line["condition"] == condition], _colour(condition, conditions)
            )
        number = _numbers(of_group, small)
        title = f"{group} ({number})" if small else group
        # A lab's own words are no formulae, whatever signs they have.
        axes.set_title(title, fontsize=5 if small else 6.5, pad=2, parse_math=False)
        if not small:
            axes.text(0.03, 0.05, f"n {number}", transform=axes.transAxes, fontsize=5.5, color="#555555")
    hours = [line["time_h"] for line in rows]
    room = 0.04 * (max(hours) - min(hours)) or 1.0
    for axes in grid.flat:
        # Shared axes would say the same, and cost half a minute on a large plate.
        axes.set(xlim=(min(hours) - room, max(hours) + room), ylim=(-0.04, 1.04), yticks=[0, 0.5, 1])
        axes.xaxis.set_major_locator(MaxNLocator(3 if small else 5, steps=[1, 2, 4, 5, 10]))
        axes.grid(True)
        axes.tick_params(labelsize=5 if small else 6, length=2)
    for place in set(np.ndindex(down, across)) - set(places.values()):
        grid[place].set_axis_off()
    _label(grid, places, small)
    return figure


def _label(grid: np.ndarray, places: dict[str, tuple[int, int]], small: bool) -> None:
    """Name the axes at the edge of the grid: where all panels are small, only once."""
    down, across = grid.shape
    for row, column in places.values():
        lowest = (row + 1, column) not in places.values()
        grid[row, column].tick_params(labelbottom=lowest, labelleft=column == 0)
        if lowest and (not small or column == across // 2):
            grid[row, column].set_xlabel("time [h]", fontsize=6, labelpad=1)
        if column == 0 and (not small or row == down // 2):
            grid[row, column].set_ylabel("live fraction", fontsize=6, labelpad=2)


def _draw_line(axes: Axes, rows: list[dict], colour: str) -> None:
    """Fraction, its interval, and marks on times with a flagged image."""
    known = [row for row in rows if row["live_fraction"] is not None]
    if len(known) == 1:
        axes.errorbar(known[0]["time_h"], known[0]["live_fraction"], yerr=_spread(known[0]), color=colour, **_POINT)
    else:
        # Lines and bands break where nothing is known.
        hours, *ends = (
            np.array([np.nan if row[name] is None else row[name] for row in rows], float)
            for name in ("time_h", "low", "high", "live_fraction")
        )
        axes.fill_between(hours, *ends[:2], color=colour, alpha=0.22, linewidth=0)
        axes.plot(hours, ends[2], "-", color=colour, linewidth=1.0, marker="o", markersize=1.8)
    flagged = [row for row in known if row["n_flagged"]]
    places = [row["time_h"] for row in flagged], [row["live_fraction"] for row in flagged]
    axes.plot(*places, "x", color=MARK_COLOUR, markersize=4, markeredgewidth=1, zorder=3)
    # A time without any fraction is shown as such, not left out.
    unknown = [row["time_h"] for row in rows if row["live_fraction"] is None]
    axes.plot(unknown, [0.0] * len(unknown), "|", color=colour, markersize=5, clip_on=False)


def _wells_side_by_side(rows: list[dict], groups: list[str], conditions: list[str]) -> Figure:
    """All wells of one time in one panel, the number of nuclei below."""
    figure = new_figure(3.4, max(3.6, min(WIDTH_IN, 1.2 + 0.28 * len(groups))))
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    step = 0.6 / len(conditions)
    for row in rows:
        place = groups.index(row["group"]) + step * (conditions.index(row["condition"]) - (len(conditions) - 1) / 2)
        colour = _colour(row["condition"], conditions)
        lower.bar(place, row["n_live"] + row["n_dead"], width=0.8 * step, color=colour, alpha=0.6)
        if row["live_fraction"] is None:
            upper.plot(place, 0.0, "|", color=colour, markersize=5, clip_on=False)
            continue
        upper.errorbar(place, row["live_fraction"], yerr=_spread(row), color=colour, **_POINT)
        if row["n_flagged"]:
            upper.plot(place, row["live_fraction"], "x", color=MARK_COLOUR, markersize=5, zorder=3)
    upper.set(ylim=(-0.04, 1.04), ylabel="live fraction", title=f"{rows[0]['time_h']:g} h")
    upper.grid(axis="y")
    lower.set(ylabel="nuclei", xlim=(-0.6, len(groups) - 0.4))
    look = {"rotation": 90, "fontsize": 6 if len(groups) <= 48 else 4, "parse_math": False}
    lower.set_xticks(range(len(groups)), groups, **look)
    return figure


def _numbers(rows: list[dict], small: bool) -> str:
    """How many live and dead nuclei the points of a panel stand on: from least to most, or their median."""
    numbers = [row["n_live"] + row["n_dead"] for row in rows]
    if small:
        return f"{np.median(numbers):.0f}"
    return f"{min(numbers)}" + (f"–{max(numbers)}" if max(numbers) > min(numbers) else "")


def _spread(row: dict) -> list[list[float]]:
    """Arms of the interval below and above a fraction; rounding may put an end a hair beyond it."""
    fraction = row["live_fraction"]
    return [[max(fraction - row["low"], 0)], [max(row["high"] - fraction, 0)]]


def _colour(condition: str, conditions: list[str]) -> str:
    return LIVE_COLOUR if len(conditions) == 1 else _CONDITION_COLOURS[condition]


def _legend(figure: Figure, rows: list[dict], conditions: list[str], confidence: float) -> None:
    entries = [
        Line2D([], [], color=_colour(condition, conditions), marker="o", label=condition.replace("_", " "))
        for condition in conditions
    ]
    entries.append(Patch(color="#cccccc", label=f"{100 * confidence:g} % interval"))
    marks = {"linestyle": "none", "markersize": 5}
    if any(row["n_flagged"] for row in rows):
        entries.append(Line2D([], [], marker="x", color=MARK_COLOUR, label="with a flagged image", **marks))
    if any(row["live_fraction"] is None for row in rows):
        entries.append(Line2D([], [], marker="|", color="#555555", label="no nucleus counted", **marks))
    outside = "" if figure.get_layout_engine() is None else "outside "
    across = max(1, int(figure.get_figwidth() / _LEGEND_ENTRY_IN))
    figure.legend(handles=entries, loc=f"{outside}upper left", ncols=min(across, len(entries)))


def _caption(rows: list[dict], groups: list[str], drawn: list[str], plate: str, cells: str, confidence: float) -> str:
    hours = [row["time_h"] for row in rows]
    nuclei = sum(row["n_live"] + row["n_dead"] for row in rows)
    uncertain, images = sum(row["n_uncertain"] for row in rows), sum(row["n_images"] for row in rows)
    first = [row["live_fraction"] for row in rows if row["time_h"] == min(hours) and row["live_fraction"] is not None]
    last = [row["live_fraction"] for row in rows if row["time_h"] == max(hours) and row["live_fraction"] is not None]
    when = f"at {min(hours):g} h" if min(hours) == max(hours) else f"from {min(hours):g} to {max(hours):g} h"
    shown = "" if len(drawn) == len(groups) else f" (the first {len(drawn)} drawn)"
    text = (
        f"{plate}: {len(groups)} well{'s' * (len(groups) != 1)}{shown} {when}, {SOURCES[cells]}, {nuclei} nuclei "
        f"called live or dead and {uncertain} uncertain in {images} image{'s' * (images != 1)}, "
        f"{sum(row['n_flagged'] for row in rows)} of them flagged."
    )
    if first and last and min(hours) != max(hours):
        text += (
            f" Live fraction {min(first):.2f} to {max(first):.2f} at the start and {min(last):.2f} to "
            f"{max(last):.2f} at the end."
        )
    elif first:
        text += f" Live fraction {min(first):.2f} to {max(first):.2f}."
    if len(drawn) > _FEW and len(set(hours)) > 1:
        text += " In brackets, the median number of nuclei of a time."
    return text + f" Intervals are Wilson's ({100 * confidence:g} %) and take nuclei as independent."
