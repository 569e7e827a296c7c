"""Dead fraction of single images against the time index in their names, one panel per well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .files import Drawing
from .pages import SOURCES
from .style import DEAD_COLOUR, in_style, mark_source, new_figure

COLUMNS = ("file", "well", "time_index", "live_nuclei", "dead_nuclei", "dead_fraction", "note")


@in_style
def draw_image_trend(images: Sequence[Mapping], trend: Sequence[Mapping], *, cells: str) -> Drawing:
    """Draw the dead fraction of every image against time.

    Parameters
    ----------
    images : sequence of mappings
        Rows of `livedead.cells.image_trend.count_images`.
    trend : sequence of mappings
        Rows of `livedead.cells.image_trend.trend_rows`.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.

    Returns
    -------
    Drawing
        Source data: the images.
    """
    figure = new_figure(2.3, min(7.2, 1.45 * len(trend) + 0.5))
    panels = figure.subplots(1, len(trend), squeeze=False, sharex=True, sharey=True)[0]
    for axes, row in zip(panels, trend, strict=True):
        shown = [image for image in images if row["well"] in (image["well"], "all")]
        shown = [image for image in shown if image["dead_fraction"] is not None and image["time_index"] is not None]
        nuclei = [image["live_nuclei"] + image["dead_nuclei"] for image in shown]
        axes.scatter(
            [image["time_index"] for image in shown],
            [image["dead_fraction"] for image in shown],
            # The area tells how many nuclei a point stands for.
            s=[4 + 0.6 * count for count in nuclei],
            color=DEAD_COLOUR,
            alpha=0.7,
            linewidths=0,
        )
        name = "all wells" if row["well"] == "all" else f"well {row['well']}"
        axes.set_title(f"{name}\n{_rho(row)}", parse_math=False)
        axes.set(ylim=(-0.05, 1.05), xlabel="time index")
        axes.grid(True)
    panels[0].set_ylabel("dead fraction, predicted")
    mark_source(figure, cells)
    return Drawing(figure, [{key: image[key] for key in COLUMNS} for image in images], _caption(images, trend, cells))


def _rho(row: Mapping) -> str:
    return "ρ: NA" if row["spearman_rho"] is None else f"ρ = {row['spearman_rho']:.2f}"


def _caption(images: Sequence[Mapping], trend: Sequence[Mapping], cells: str) -> str:
    empty = sum(image["dead_fraction"] is None for image in images)
    told = [
        f"{row['well']} {row['spearman_rho']:.2f} ({row['low']:.2f} to {row['high']:.2f}, {row['images']} images)"
        if row["spearman_rho"] is not None
        else f"{row['well']} NA ({row['note']})"
        for row in trend
    ]
    return (
        f"{len(images)} single images of {SOURCES[cells]}, {empty} of them without a nucleus found. Spearman's rank "
        f"correlation of the predicted dead fraction with the time index (bootstrap over images): {'; '.join(told)}. "
        "No image has a known state: the correlation shows whether death rises with time, not whether a call is right. "
        "The time index counts frames; the interval was not published. Larger points: more nuclei."
    )
