"""Viability against time: dead fraction by fluorescence and by prediction, one panel per test sequence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from .files import Drawing
from .pages import SOURCES
from .style import DEAD_COLOUR, TRUTH_COLOUR, in_style, mark_source, new_figure

COLUMNS = ("sequence", "frame", "time_h", "source", "live_nuclei", "dead_nuclei", "dead_fraction")
ORIGINS = {"truth": "truth", "prediction": "predicted from phase"}
_MOST_PANELS = 12


def count_viability(nuclei: Iterable[Mapping], sequence: str, source: str) -> list[dict]:
    """Count live and dead nuclei frame by frame.

    Parameters
    ----------
    nuclei : iterable of mappings
        Nuclei of one sequence with ``frame``, ``time_h`` and ``state``.
    sequence : str
        Name of the sequence.
    source : {"truth", "prediction"}
        Where the states come from.

    Returns
    -------
    list of dict
        One row per frame that has nuclei, in order, with the columns `COLUMNS`.
    """
    counts = Counter()
    times = {}
    for nucleus in nuclei:
        counts[nucleus["frame"], nucleus["state"]] += 1
        times[nucleus["frame"]] = nucleus["time_h"]
    rows = []
    for frame, time_h in sorted(times.items()):
        live, dead = counts[frame, "live"], counts[frame, "dead"]
        values = (sequence, frame, time_h, source, live, dead, dead / (live + dead))
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


@in_style
def draw_viability(rows: list[dict], *, cells: str) -> Drawing:
    """Draw the dead fraction of every sequence against time.

    Parameters
    ----------
    rows : list of dict
        Rows of `count_viability` of all sequences and both sources; the first twelve sequences are drawn,
        all stand in the source data.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.

    Returns
    -------
    Drawing
        Source data: the rows.
    """
    sequences = list(dict.fromkeys(row["sequence"] for row in rows))
    drawn = sequences[:_MOST_PANELS]
    across = min(4, max(len(drawn), 1))
    down = max(1, math.ceil(len(drawn) / across))
    figure = new_figure(0.75 + 1.5 * down, max(3.6, 1.75 * across + 0.2))
    grid = figure.subplots(down, across, squeeze=False, sharex=True, sharey=True)
    looks = {
        "truth": {"color": TRUTH_COLOUR, "linestyle": "-", "marker": "s"},
        "prediction": {"color": DEAD_COLOUR, "linestyle": "--", "marker": "o"},
    }
    for axes, sequence in zip(grid.flat, drawn, strict=False):
        for source, look in looks.items():
            line = [row for row in rows if row["sequence"] == sequence and row["source"] == source]
            hours = [row["time_h"] for row in line]
            axes.plot(hours, [row["dead_fraction"] for row in line], label=ORIGINS[source], **look)
        axes.set(title=sequence, ylim=(-0.03, 1.03))
        axes.grid(True)
        axes.tick_params(labelbottom=True)
    for axes in grid.flat[len(drawn) :]:
        axes.set_axis_off()
    for axes in grid[:, 0]:
        axes.set_ylabel("dead fraction")
    for axes in list(grid.flat)[max(len(drawn) - across, 0) : len(drawn)]:
        axes.set_xlabel("time [h]")
    figure.legend(*grid[0, 0].get_legend_handles_labels(), loc="outside lower left", ncols=2)
    mark_source(figure, cells)
    return Drawing(figure, rows, _caption(rows, sequences, drawn, cells), COLUMNS)


def _caption(rows: list[dict], sequences: list[str], drawn: list[str], cells: str) -> str:
    by_source = {
        source: {(row["sequence"], row["frame"]): row["dead_fraction"] for row in rows if row["source"] == source}
        for source in ORIGINS
    }
    both = by_source["truth"].keys() & by_source["prediction"].keys()
    if not both:
        return "No frame of the held-out sequences has nuclei both in truth and prediction."
    errors = [abs(by_source["prediction"][key] - by_source["truth"][key]) for key in sorted(both)]
    shown = "" if len(drawn) == len(sequences) else f", the first {len(drawn)} drawn"
    films = f"{len(sequences)} held-out sequence{'s' * (len(sequences) != 1)}"
    return (
        f"{films} of {SOURCES[cells]}{shown}: predicted and true dead fraction differ by "
        f"{100 * np.mean(errors):.1f} percentage points on average over {len(errors)} frames, "
        f"at most by {100 * max(errors):.1f}."
    )
