"""Part of the cells still alive against time in each arm (Kaplan-Meier), with the number at risk below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from .files import Drawing
from .growthcurves import ARM_COLOURS
from .pages import SOURCES
from .style import in_style, mark_source, new_figure

COLUMNS = ("condition", "time_h", "at_risk", "deaths", "censored", "lost", "survival", "low", "high")


@in_style
def draw_survival(curves: Sequence[Mapping], models: Sequence[Mapping], *, cells: str) -> Drawing:
    """Draw the survival of both arms as steps with their intervals; crosses are cells lost from sight.

    Parameters
    ----------
    curves : sequence of mappings
        One row per arm and time at which a cell died or was last seen: ``condition``, ``time_h``, ``at_risk``,
        ``deaths``, ``censored``, ``lost`` (censored before their film ended), ``survival``, ``low``, ``high`` (None
        where they cannot be given).
    models : sequence of mappings
        Rows with ``analysis`` (of ``log_rank``), ``p`` and ``note``; others are not looked at.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.

    Returns
    -------
    Drawing
        Source data: the curves.
    """
    figure = new_figure(3.3, 4.6)
    axes = figure.subplots()
    counted = []
    last = max((row["time_h"] for row in curves), default=1.0)
    arms = {arm: [row for row in curves if row["condition"] == arm] for arm in ARM_COLOURS}
    for arm, rows in arms.items():
        known = [row for row in rows if row["survival"] is not None]
        deaths = sum(row["deaths"] for row in rows)
        number = max((row["at_risk"] for row in rows), default=0)
        counted.append(f"{deaths} of {number} {arm} cells died")
        if known:
            _draw_steps(axes, known, ARM_COLOURS[arm], f"{arm}, {deaths} of {number} died")
    axes.set(ylim=(-0.03, 1.03), xlabel="time [h]", ylabel="part of the cells alive")
    axes.set_xlim(min((row["time_h"] for row in curves), default=0.0), last)
    axes.grid(axis="y")
    handles, words = axes.get_legend_handles_labels()
    figure.legend(handles, words, loc="outside upper left", ncols=2)
    _write_at_risk(axes, arms)
    mark_source(figure, cells)
    test = next((row for row in models if row["analysis"] == "log_rank"), None)
    tested = (
        "no log-rank test" if test is None or test["p"] is None else f"log-rank test over cells p = {test['p']:.2g}"
    )
    caption = f"{SOURCES[cells].capitalize()}: {', '.join(counted)}; {tested}."
    rows = [{name: row.get(name) for name in COLUMNS} for row in curves]
    return Drawing(figure, rows, caption, COLUMNS)


def _draw_steps(axes: Axes, rows: Sequence[Mapping], colour: str, label: str) -> None:
    # An arm ends with its own last cell: nobody is at risk after it.
    times, alive = ([row[name] for row in rows] for name in ("time_h", "survival"))
    # Where no interval can be given, all or none are alive: a band of no width.
    low, high = ([row[end] if row[end] is not None else row["survival"] for row in rows] for end in ("low", "high"))
    axes.fill_between(times, low, high, step="post", color=colour, alpha=0.2, linewidth=0)
    axes.step(times, alive, where="post", color=colour, label=label)
    lost = [row for row in rows if row["lost"]]
    places = [row["time_h"] for row in lost], [row["survival"] for row in lost]
    axes.plot(*places, linestyle="none", marker="+", markersize=4, color=colour)


def _write_at_risk(axes: Axes, arms: Mapping[str, Sequence[Mapping]]) -> None:
    low, high = axes.get_xlim()
    ticks = [tick for tick in axes.get_xticks() if low <= tick <= high]
    axes.set_xticks(ticks)
    words = [f"{tick:g}" for tick in ticks]
    for rows in arms.values():
        # At risk at a time are those whose end comes then or later.
        times = np.array([row["time_h"] for row in rows])
        order = [int(np.searchsorted(times, tick)) for tick in ticks]
        numbers = [rows[place]["at_risk"] if place < len(rows) else 0 for place in order]
        words = [f"{above}\n{number}" for above, number in zip(words, numbers, strict=True)]
    axes.set_xticklabels(words, linespacing=1.35)
    names = "\n".join(["at risk:", *arms])
    axes.annotate(
        names,
        xy=(0, 0),
        xytext=(-14, -7),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="right",
        va="top",
        fontsize=6.5,
        linespacing=1.35,
    )
