"""Training from random weights beside training from an earlier network, on fields that neither has seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .htmlpage import html_page, html_table, percent
from .pages import SOURCES, Page

COLUMNS = (
    "held_out", "start", "nucleus_dice", "nucleus_precision", "nucleus_recall", "nuclei", "found", "found_fraction",
    "spurious", "live_as_dead", "training_images", "epochs", "best_epoch",
)  # fmt: skip


def start_row(field: str, start: str, card: Mapping, pixels: Sequence[Mapping], scores: Sequence[Mapping]) -> dict:
    """Gather how the network of one training does on the field that was held out.

    Parameters
    ----------
    field : str
        Field that was held out.
    start : str
        What the training started from: random weights, or the name of a cohort.
    card : mapping
        Model card.
    pixels : sequence of mappings
        Rows of `livedead.cells.pixels.pixel_scores`; the row nucleus is live and dead against background.
    scores : sequence of mappings
        Rows of `livedead.cells.scores.score_rows`.

    Returns
    -------
    dict
        Row of `COLUMNS`; found are nuclei covered by at least the wanted part, in either state.
    """
    nucleus = next(row for row in pixels if row["class"] == "nucleus")
    by_name = {row["score"]: row for row in scores if row["subset"] == "all"}
    nuclei, missed = by_name["missed"]["nuclei"], by_name["missed"]["value"]
    return {
        "held_out": field,
        "start": start,
        "nucleus_dice": nucleus["f1"],
        "nucleus_precision": nucleus["precision"],
        "nucleus_recall": nucleus["recall"],
        "nuclei": nuclei,
        "found": nuclei - missed,
        "found_fraction": 1 - missed / nuclei,
        "spurious": by_name["spurious"]["value"],
        "live_as_dead": by_name["live_as_dead"]["value"],
        "training_images": card["data"]["training"]["frames"],
        "epochs": card["scores"]["epochs"],
        "best_epoch": card["scores"]["best_epoch"],
    }


def draw_starts(rows: Sequence[Mapping], *, cells: str) -> Page:
    """Lay out the starts side by side, field by field.

    Parameters
    ----------
    rows : sequence of mappings
        Rows of `start_row`.
    cells : {"simulated", "real", "mixed"}
        Where the held-out images come from.

    Returns
    -------
    Page
        Source data: the rows.
    """
    heads = [
        "field held out", "start", "nucleus Dice", "precision, pixels", "recall, pixels", "nuclei found", "spurious",
        "live called dead", "training images", "best epoch",
    ]  # fmt: skip
    lines = [
        [
            row["held_out"],
            row["start"],
            *(_dice(row[key]) for key in ("nucleus_dice", "nucleus_precision", "nucleus_recall")),
            f"{row['found']:g} of {row['nuclei']:g}",
            f"{row['spurious']:g}",
            percent(row["live_as_dead"]),
            f"{row['training_images']}",
            f"{row['best_epoch']} of {row['epochs']}",
        ]
        for row in rows
    ]
    fields = len({row["held_out"] for row in rows})
    caption = (
        f"{SOURCES[cells].capitalize()}: {fields} field{'s' * (fields != 1)}, each held out in turn and scored by "
        "networks that saw the others. Nucleus Dice takes live and dead together against background. One training "
        "each and few nuclei: another seed gives other numbers. No labelled image holds a dead nucleus, so nothing "
        "here tells how well dead ones are known."
    )
    page = html_page(
        "The authors' labelled images: nuclei in held-out fields", [("", html_table(heads, lines))], caption
    )
    return Page(page, list(map(dict, rows)), caption, COLUMNS)


def _dice(value: float | None) -> str:
    return "NA" if value is None else f"{value:.2f}"
