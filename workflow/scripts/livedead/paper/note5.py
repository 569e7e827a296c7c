"""Supplementary Note 5 as pages: encoders, pre-training and losses, each trained with everything else equal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .htmlpage import html_page, html_table, percent, percent_range
from .pages import SOURCES, Page

# (start, training images) -> mean F1 of the pixels over background, live, injured and dead, real HeLa cells. Not in the
# paper's text: from the plotting script of the authors' published code (cell_segmentation, plot_sample_efficiency.py).
AUTHORS_PIXEL_F1 = {
    ("scratch", 100): 0.4585,
    ("scratch", 300): 0.5193,
    ("scratch", 500): 0.5790,
    ("scratch", 700): 0.6218,
    ("scratch", 899): 0.6767,
    ("pretrained", 100): 0.5784,
    ("pretrained", 300): 0.6756,
    ("pretrained", 500): 0.7117,
    ("pretrained", 700): 0.7137,
    ("pretrained", 899): 0.7352,
}
STARTS = {"scratch": "from scratch", "pretrained": "pre-trained encoder"}

_SCORE_HEADS = ["mean F1, nuclei", "interval", "F1, live", "F1, dead", "nuclei missed", "mean F1, pixels"]
_WORDS = {"imagenet": "the photographs of ImageNet", "noisy-student": "photographs (noisy student)"}


def pretraining_words(source: str) -> str:
    """Say what a pre-trained encoder has learned before.

    Parameters
    ----------
    source : str
        imagenet, noisy-student or the name of a cohort.

    Returns
    -------
    str

    Examples
    --------
    >>> pretraining_words("cho")
    'the images of the cohort cho'
    """
    return _WORDS.get(source, f"the images of the cohort {source}")


def draw_encoder_table(rows: Sequence[Mapping], costs: Sequence[Mapping], *, cells: str) -> Page:
    """Lay out what each encoder costs and how its network scores.

    Parameters
    ----------
    rows : sequence of mappings
        Rows of `livedead.cells.variants.comparison_rows`, one per encoder.
    costs : sequence of mappings
        Rows of `livedead.net.complexity.encoder_costs`.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.

    Returns
    -------
    Page
        Source data: scores and costs of every encoder.
    """
    by_encoder = {cost["encoder"]: cost for cost in costs}
    merged = [dict(row) | by_encoder[row["encoder"]] for row in rows]
    heads = ["encoder", "parameters", "GMAC", "s per image", "batch", *_SCORE_HEADS]
    lines = [
        [
            row["encoder"],
            f"{row['parameters']:,}",
            f"{row['gmacs']:.1f}",
            f"{row['seconds_per_image']:.2f}",
            _plain(row["batch_size"]),
            *_scores(row),
        ]
        for row in merged
    ]
    side, threads = costs[0]["image_px"], costs[0]["threads"]
    counted = (
        f"GMAC: 10^9 multiply-accumulates of convolutions for one image of {side} x {side} pixels; "
        f"time: median of {costs[0]['repeats']} images on {threads} CPU threads."
    )
    caption = " ".join([counted, _trained(merged, cells), *_untrained(merged, "encoder"), *_winner(merged, "encoder")])
    return Page(html_page("Supplementary Note 5: encoders", [("", html_table(heads, lines))], caption), merged, caption)


def draw_pretraining_table(rows: Sequence[Mapping], *, pretraining: str, cells: str) -> Page:
    """Lay out training from scratch beside training from a pre-trained encoder, with the authors' numbers.

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
    Page
        Source data: the rows with the authors' pixel F1 for all their images.
    """
    merged = [dict(row) | {"authors_pixel_f1": AUTHORS_PIXEL_F1[row["start"], 899]} for row in rows]
    heads = ["start", "training images", *_SCORE_HEADS, "authors, pixels, four classes"]
    lines = [
        [
            STARTS[row["start"]],
            _plain(row["training_frames"]),
            *_scores(row),
            percent(row["authors_pixel_f1"]),
        ]
        for row in merged
    ]
    caption = (
        f"Pre-trained here: the encoder has learned {pretraining_words(pretraining)} before. The authors' column: "
        "ImageNet or scratch, 899 real HeLa images, mean over pixels of four classes (their published code; the "
        f"paper's text has no number). {' '.join([_trained(merged, cells), *_untrained(merged, 'start')])}"
    )
    title = "Supplementary Note 5: pre-trained against scratch"
    return Page(html_page(title, [("", html_table(heads, lines))], caption), merged, caption)


def draw_loss_table(rows: Sequence[Mapping], *, words: Mapping[str, str], cells: str) -> Page:
    """Lay out the losses.

    Parameters
    ----------
    rows : sequence of mappings
        Rows of `livedead.cells.variants.comparison_rows`, one per loss.
    words : mapping
        Loss in words by its name.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.

    Returns
    -------
    Page
        Source data: the rows with the loss in words.
    """
    merged = [dict(row) | {"loss_in_words": words[row["loss"]]} for row in rows]
    heads = ["loss", *_SCORE_HEADS]
    lines = [[row["loss_in_words"], *_scores(row)] for row in merged]
    caption = " ".join(
        [_trained(merged, cells), *_untrained(merged, "loss_in_words"), *_winner(merged, "loss_in_words")]
    )
    return Page(html_page("Supplementary Note 5: losses", [("", html_table(heads, lines))], caption), merged, caption)


def _scores(row: Mapping) -> list[str]:
    interval = percent_range(row["macro_f1_low"], row["macro_f1_high"])
    after = ("f1_live", "f1_dead", "missed_fraction", "pixel_f1")
    return [percent(row["macro_f1"]), interval, *(percent(row[name]) for name in after)]


def _plain(value: object) -> str:
    return "NA" if value is None else str(value)


def _winner(rows: Iterable[Mapping], column: str) -> list[str]:
    scored = [row for row in rows if row["macro_f1"] is not None]
    if len(scored) < 2:
        return []
    best = max(scored, key=lambda row: row["macro_f1"])
    return [f"Highest mean F1 of nuclei: {best[column]}, {percent(best['macro_f1'])}."]


def _untrained(rows: Iterable[Mapping], column: str) -> list[str]:
    """Say for every reason which rows it keeps without scores."""
    named: dict[str, list[str]] = {}
    for row in rows:
        if row["reason"]:
            named.setdefault(row["reason"], []).append(row[column])
    return [f"NA in {', '.join(names)}: {reason}." for reason, names in named.items()]


def _trained(rows: Sequence[Mapping], cells: str) -> str:
    """Say how the trainings were made, once for all."""
    done = [row for row in rows if row["reason"] is None]
    if not done:
        return f"No variant could be trained, {SOURCES[cells]}."
    steps = sorted({row["steps"] for row in done})
    told = f"{steps[0]}" if len(steps) == 1 else f"{steps[0]} to {steps[-1]}"
    first = done[0]
    return (
        f"One training each of {told} steps with crops of {first['crop_px']} pixels, scored on {first['test_films']} "
        f"held-out films ({first['nuclei']} nuclei), {SOURCES[cells]}; intervals by drawing films anew. A second "
        "training with another seed differs too, so small differences mean nothing."
    )
