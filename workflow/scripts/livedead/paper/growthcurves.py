"""Growth of tracked cells against time: every cell as a thin line, and the mean of each arm with its marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from .style import TRUTH_COLOUR

# Green (Okabe & Ito) for cells with dyes, grey for those without.
ARM_COLOURS = {"stained": "#009E73", "unstained": "#666666"}
QUANTITIES = {"area": "nuclear area", "dry_mass": "nuclear dry mass"}
_RELATIVE = {"area": "area_relative", "dry_mass": "dry_mass_relative"}
_RUN_COLOUR = "#F2E2B6"


class CellLine(NamedTuple):
    """One kept cell through time.

    Attributes
    ----------
    sequence : str
        Its film.
    track : int
        Its number.
    times_h : list of float
        Hours at which it was seen.
    values : dict
        Quantity -> list of values relative to the start, None where unknown.
    """

    sequence: str
    track: int
    times_h: list[float]
    values: dict[str, list[float | None]]


def kept_lines(
    tracks: Iterable[Mapping], lives: Iterable[Mapping], conditions: Mapping[str, str]
) -> dict[str, list[CellLine]]:
    """Collect the kept cells of each arm.

    Parameters
    ----------
    tracks : iterable of mappings
        Nuclei of all films: ``sequence``, ``track``, ``time_h``, ``area_relative``, ``dry_mass_relative``.
    lives : iterable of mappings
        ``sequence``, ``track``, ``kept``.
    conditions : mapping of str to str
        Film -> condition; films that are neither stained nor unstained are left out.

    Returns
    -------
    dict
        Arm -> its cells in the order of `lives`; times ascend.
    """
    cells = {(row["sequence"], row["track"]): [] for row in lives if row["kept"]}
    for row in tracks:
        if (row["sequence"], row["track"]) in cells:
            cells[row["sequence"], row["track"]].append(row)
    lines = {arm: [] for arm in ARM_COLOURS}
    for (sequence, track), seen in cells.items():
        seen.sort(key=lambda row: row["time_h"])
        values = {quantity: [row[column] for row in seen] for quantity, column in _RELATIVE.items()}
        line = CellLine(sequence, track, [row["time_h"] for row in seen], values)
        lines.get(conditions[sequence], []).append(line)
    return lines


def draw_cells(axes: Axes, lines: Sequence[CellLine], quantity: str, arm: str, stressed: tuple) -> None:
    """Draw every cell of an arm as a thin line and one of them thick.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    lines : sequence of CellLine
        Kept cells of the arm.
    quantity : {"area", "dry_mass"}
        What to draw.
    arm : {"stained", "unstained"}
        Gives the colour.
    stressed : tuple
        Film and track of the thick line.
    """
    for line in lines:
        known = [(t, v) for t, v in zip(line.times_h, line.values[quantity], strict=True) if v is not None]
        thick = (line.sequence, line.track) == stressed
        look = {"color": TRUTH_COLOUR, "linewidth": 1.1, "zorder": 3} if thick else {"color": ARM_COLOURS[arm]}
        axes.plot(*zip(*known, strict=True), **({"linewidth": 0.4, "alpha": 0.55} | look)) if known else None
    if not lines:
        axes.text(0.5, 0.5, "no cell kept", transform=axes.transAxes, ha="center", va="center")
    axes.axhline(1, color="#bbbbbb", linewidth=0.5, zorder=0)


def draw_means(
    axes: Axes,
    quantity: str,
    course: Sequence[Mapping],
    comparison: Sequence[Mapping],
    run: Mapping | None,
    significance: float,
) -> None:
    """Draw mean and standard error of both arms, shade the longest interval and mark significant times.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    quantity : {"area", "dry_mass"}
        What to draw.
    course : sequence of mappings
        Time course: ``quantity``, ``condition``, ``time_h``, ``n``, ``wells``, ``mean``, ``standard_error``.
    comparison : sequence of mappings
        ``quantity``, ``time_h``, ``significant_pooled``, ``p_holm``.
    run : mapping or None
        Longest interval of the paper's test: ``from_h``, ``to_h`` (None: no such interval).
    significance : float
        Level of p_holm.
    """
    if run is not None and run["from_h"] is not None:
        # Half a step wider, so that an interval of one time is seen.
        times = sorted({row["time_h"] for row in course})
        half = 0.5 * min((b - a for a, b in zip(times, times[1:], strict=False)), default=1.0)
        axes.axvspan(run["from_h"] - half, run["to_h"] + half, color=_RUN_COLOUR, linewidth=0, zorder=0)
    for arm, colour in ARM_COLOURS.items():
        own = [row for row in course if row["quantity"] == quantity and row["condition"] == arm]
        drawn = [row for row in own if row["mean"] is not None]
        if not drawn:
            continue
        hours, means = [row["time_h"] for row in drawn], [row["mean"] for row in drawn]
        errors = [row["standard_error"] or 0.0 for row in drawn]
        low, high = ([m + s * e for m, e in zip(means, errors, strict=True)] for s in (-1, 1))
        axes.fill_between(hours, low, high, color=colour, alpha=0.25, linewidth=0)
        numbers = sorted({row["n"] for row in own})
        told = f"{numbers[0]} to {numbers[-1]}" if len(numbers) > 1 else f"{numbers[0]}"
        axes.plot(hours, means, color=colour, marker="o", markersize=2.2, label=f"{arm}, n = {told}")
    _mark_times(axes, [row for row in comparison if row["quantity"] == quantity], significance)
    axes.axhline(1, color="#bbbbbb", linewidth=0.5, zorder=0)
    axes.set(xlabel="time [h]", ylabel=f"{QUANTITIES[quantity]} / start")


def legend_of_marks(significance: float) -> list:
    """Make the entries that explain marks and shade of `draw_means`.

    Parameters
    ----------
    significance : float
        Level of p.

    Returns
    -------
    list
        Handles for a legend.
    """
    dots = {"linestyle": "none", "color": TRUTH_COLOUR}
    return [
        Patch(color="#999999", alpha=0.4, label="± standard error"),
        Line2D([], [], marker=".", markersize=4, label=f"p < {significance:g}, pooled t-test (paper)", **dots),
        Line2D([], [], marker="D", markersize=3, label=f"p < {significance:g}, over wells, Holm", **dots),
        Patch(color=_RUN_COLOUR, label="longest run of these"),
    ]


def _mark_times(axes: Axes, comparison: Sequence[Mapping], significance: float) -> None:
    pooled = [row["time_h"] for row in comparison if row["significant_pooled"]]
    holm = [row["time_h"] for row in comparison if row["p_holm"] is not None and row["p_holm"] < significance]
    only = [time for time in pooled if time not in holm]
    low, high = axes.get_ylim()
    # Room above the curves for the marks, and above these for the legend.
    axes.set_ylim(low, low + 1.42 * (high - low))
    above = [(only, ".", 4), (holm, "D", 2.6)]
    for times, marker, size in above:
        look = {"linestyle": "none", "marker": marker, "markersize": size, "color": TRUTH_COLOUR, "clip_on": False}
        axes.plot(times, [low + 1.06 * (high - low)] * len(times), **look)
