"""Quality numbers of the phase retrieval, one point per frame, one column per sequence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from .files import Drawing
from .pages import SOURCES
from .style import LIVE_COLOUR, TRUTH_COLOUR, in_style, mark_source, new_figure

QUANTITIES = {
    "closure_residual": "closure residual [1]",
    "modulation": "fringe modulation [1]",
    "background_opd_noise_nm": "background noise [nm]",
    "saturated_fraction": "saturated pixels [1]",
    "cell_free_fraction": "cell-free area [1]",
}


@in_style
def draw_phase_quality(frames: Mapping[str, Sequence[Mapping]], *, cells: str) -> Drawing:
    """Draw the quality numbers of all frames of a cohort.

    Parameters
    ----------
    frames : mapping of str to sequence of mappings
        For every sequence its frames with ``frame``, ``time_h`` and the numbers of `QUANTITIES`.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.

    Returns
    -------
    Drawing
        Source data: one row per frame.
    """
    rows = [{"sequence": name} | dict(frame) for name, of_one in frames.items() for frame in of_one]
    figure = new_figure(5.2)
    grid = figure.subplots(len(QUANTITIES), 1, sharex=True)
    places = np.arange(len(frames))
    for axes, (name, label) in zip(grid, QUANTITIES.items(), strict=True):
        for place, of_one in zip(places, frames.values(), strict=True):
            values = np.array([np.nan if frame[name] is None else frame[name] for frame in of_one], float)
            axes.plot(np.full(values.size, place), values, ".", color=LIVE_COLOUR, alpha=0.45)
            if np.isfinite(values).any():
                axes.plot([place - 0.3, place + 0.3], [np.nanmedian(values)] * 2, color=TRUTH_COLOUR)
        quantity, unit = label.rsplit(" ", 1)
        axes.set_ylabel(quantity.replace(" ", "\n", 1) + (f" {unit}" if unit != "[1]" else ""))
        axes.set_ylim(bottom=0)
        axes.grid(axis="y")
    every = -(-len(frames) // 40)
    grid[-1].set_xticks(places[::every], list(frames)[::every], rotation=90)
    grid[-1].set_xlim(-0.6, len(frames) - 0.4)
    figure.align_ylabels()
    mark_source(figure, cells)
    noise = [row["background_opd_noise_nm"] for row in rows if row["background_opd_noise_nm"] is not None]
    caption = f"{len(rows)} frames of {len(frames)} sequences, {SOURCES[cells]}; bars are medians of a sequence."
    if noise:
        caption += (
            f" Background noise of the optical path {np.median(noise):.2f} nm (median), {max(noise):.2f} at most."
        )
    return Drawing(figure, rows, caption)
