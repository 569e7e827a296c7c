"""Scores against the number of training images (Supplementary Note 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator, PercentFormatter

from .files import Drawing
from .htmlpage import percent
from .note5 import AUTHORS_PIXEL_F1, STARTS, pretraining_words
from .pages import SOURCES
from .style import LIVE_COLOUR, TRUTH_COLOUR, in_style, mark_source, new_figure

_MARKS = {"scratch": ("o", "--", TRUTH_COLOUR), "pretrained": ("s", "-", LIVE_COLOUR)}
_AUTHORS_COLOUR = "#999999"
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2)
_MOST = max(images for _, images in AUTHORS_PIXEL_F1)


@in_style
def draw_training_size(rows: Sequence[Mapping], *, pretraining: str, cells: str) -> Drawing:
    """Draw object and pixel scores against the share of the training images, beside the authors'.

    Parameters
    ----------
    rows : sequence of mappings
        Rows of `livedead.cells.variants.comparison_rows`.
    pretraining : str
        What the encoder was pre-trained on: imagenet, noisy-student or a cohort.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.

    Returns
    -------
    Drawing
        Source data: the rows as they came, with ``source`` ours, then the authors' with ``source`` authors.
    """
    done = [row for row in rows if row["reason"] is None]
    figure = new_figure(3.0)
    objects, pixels = figure.subplots(1, 2, sharex=True)
    for start, (marker, dash, colour) in _MARKS.items():
        own = sorted((row for row in done if row["start"] == start), key=lambda row: row["training_frames"])
        if own:
            shares = [100 * row["training_frames"] / _all_frames(done) for row in own]
            look = {"marker": marker, "linestyle": dash, "color": colour, "label": f"{STARTS[start]}, this run"}
            _with_intervals(objects, shares, own, look)
            pixels.plot(shares, [row["pixel_f1"] for row in own], **look)
        theirs = {images: score for (begin, images), score in AUTHORS_PIXEL_F1.items() if begin == start}
        pixels.plot(
            [100 * images / _MOST for images in theirs],
            list(theirs.values()),
            marker=marker,
            linestyle=dash,
            color=_AUTHORS_COLOUR,
            label=f"{STARTS[start]}, authors",
        )
    objects.set(title="nuclei, live and dead", ylabel="mean F1")
    pixels.set(title="pixels: three classes here, four of the authors", ylabel="mean F1")
    for axes in (objects, pixels):
        axes.set(xlabel="share of the training images", xlim=(0, 104))
        axes.xaxis.set_major_formatter(PercentFormatter(decimals=0, symbol=" %"))
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
        axes.grid(axis="y")
        axes.margins(y=0.12)
        low, high = axes.get_ylim()
        # Whole percents only: a label without decimals must not be rounded.
        axes.yaxis.set_major_locator(MultipleLocator(next(step for step in _STEPS if high - low < 8 * step)))
    # Both panels share their looks; the right one has all of them.
    pixels.legend(loc="best")
    mark_source(figure, cells)
    theirs = [
        {"source": "authors", "start": start, "training_frames": images, "pixel_f1": score}
        for (start, images), score in AUTHORS_PIXEL_F1.items()
    ]
    ours = [{"source": "ours"} | dict(row) for row in rows]
    return Drawing(figure, ours + theirs, _caption(rows, pretraining, cells), ("source", *rows[0]))


def _all_frames(done: Sequence[Mapping]) -> int:
    return max(row["training_frames"] for row in done)


def _with_intervals(axes: Axes, shares: Sequence[float], rows: Sequence[Mapping], look: Mapping) -> None:
    # No score: the network found no nucleus. No interval: there is one test film, or too few with nuclei.
    known = [(share, row) for share, row in zip(shares, rows, strict=True) if row["macro_f1"] is not None]
    ends = [
        (
            row["macro_f1"],
            *(row["macro_f1"] if row[end] is None else row[end] for end in ("macro_f1_low", "macro_f1_high")),
        )
        for _, row in known
    ]
    bars = [[max(0, score - low) for score, low, _ in ends], [max(0, high - score) for score, _, high in ends]]
    axes.errorbar(
        [share for share, _ in known], [score for score, _, _ in ends], yerr=bars, capsize=2, elinewidth=0.7, **look
    )


def _caption(rows: Sequence[Mapping], pretraining: str, cells: str) -> str:
    done = [row for row in rows if row["reason"] is None]
    parts = [f"Whole films are left out. Pre-trained: the encoder has learned {pretraining_words(pretraining)} before."]
    for start, words in STARTS.items():
        own = sorted((row for row in done if row["start"] == start), key=lambda row: row["training_frames"])
        if own:
            told = ", ".join(f"{percent(row['macro_f1'])} ({row['training_frames']} images)" for row in own)
            parts.append(f"Mean F1 of nuclei {words}: {told}.")
    missing = sorted({row["reason"] for row in rows if row["reason"]})
    parts += [f"Not trained: {reason}." for reason in missing]
    if done:
        steps = sorted({row["steps"] for row in done})
        told = f"{steps[0]} steps each" if len(steps) == 1 else f"{steps[0]} to {steps[-1]} steps"
        parts.append(f"{done[0]['test_films']} held-out films, {SOURCES[cells]}, {told}.")
    parts.append(
        "Bars: intervals by drawing films anew. Grey: the authors' published code, real HeLa cells, ImageNet or "
        "scratch, 899 images in all."
    )
    return " ".join(parts)
