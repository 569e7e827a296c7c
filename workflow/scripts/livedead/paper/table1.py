"""Tables 1 and 2 of the paper and the pixel-wise table, as pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .htmlpage import html_page, html_table, percent, percent_range
from .pages import SOURCES, Page

ENTRIES = {
    "live_as_live": "live nuclei called live",
    "live_as_dead": "live nuclei called dead",
    "dead_as_live": "dead nuclei called live",
    "dead_as_dead": "dead nuclei called dead",
    "precision_live_matched": "precision, live",
    "precision_dead_matched": "precision, dead",
    "recall_live_matched": "recall, live",
    "recall_dead_matched": "recall, dead",
    "f1_live_matched": "F1, live",
    "f1_dead_matched": "F1, dead",
    "macro_f1_matched": "mean F1",
}
# The paper has one such table for each of its cell lines.
NUMBERS = {"HeLa": "Table 1", "CHO": "Table 2"}
BESIDE = {
    ("macro_f1_inclusive", "all"): "mean F1, missed and spurious nuclei counted as errors",
    ("macro_f1_matched", "interior"): "mean F1 without nuclei cut by the border",
    ("kappa", "all"): "Cohen's kappa",
    ("missed", "all"): "nuclei missed",
    ("spurious", "all"): "spurious nuclei",
    ("merged", "all"): "predicted objects that cover several nuclei",
}
PIXEL_HEADS = {
    "class": "true class",
    "to_background": "called background",
    "to_live": "called live",
    "to_dead": "called dead",
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "iou": "IoU",
}


def draw_table1(table: Sequence[Mapping], scores: Sequence[Mapping], *, cells: str, cell_line: str) -> Page:
    """Lay out the object-wise table: the paper's values beside those of this run.

    Parameters
    ----------
    table : sequence of mappings
        ``entry``, ``paper``, ``ours``, ``low``, ``high`` (fractions or None), one per line of the table.
    scores : sequence of mappings
        ``score``, ``subset``, ``value``, ``unit``, ``sequences``, ``nuclei``, ``confidence``.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.
    cell_line : str
        Line of the cohort; that of CHO is the paper's Table 2.

    Returns
    -------
    Page
        Source data: the table as it came.

    Notes
    -----
    The entries of the paper's Tables 1 and 2 stand in images of its publisher's page; only their mean F1 is
    in its text, so the other values are NA.
    """
    by_name = {(score["score"], score["subset"]): score for score in scores}
    mean = by_name["macro_f1_matched", "all"]
    sure = f"{100 * mean['confidence']:g} % interval"
    lines = [
        (ENTRIES[row["entry"]], percent(row["paper"]), percent(row["ours"]), percent_range(row["low"], row["high"]))
        for row in table
    ]
    heads = ("nuclei", f"paper, real {cell_line} cells", f"this run, {SOURCES[cells]}", sure)
    parts = [
        ("", html_table(heads, lines, marked=[n for n, row in enumerate(table) if row["entry"] == "macro_f1_matched"])),
        (
            "Not in the paper",
            html_table(
                ("", f"this run, {SOURCES[cells]}"),
                [
                    (words, _number(by_name[key]["value"], by_name[key]["unit"], key[0]))
                    for key, words in BESIDE.items()
                    if key in by_name
                ],
            ),
        ),
    ]
    missed = by_name["missed", "all"]["value"]
    alone = [state for state in ("live", "dead") if by_name[f"f1_{state}_matched", "all"]["value"] is not None]
    counted = (
        f"Held-out sequences: {mean['sequences']}, nuclei: {mean['nuclei']}, all {SOURCES[cells]}; missed, and not "
        f"in this table: {missed:g} ({percent(missed / mean['nuclei'])})."
    )
    note = f"{counted} Intervals by drawing sequences anew. NA: not in the paper's text, or no such nuclei in this run."
    caption = (
        f"Mean F1 over {' and '.join(alone) or 'no'} nuclei {percent(mean['value'])} "
        f"({sure} {percent_range(mean['low'], mean['high'])}). {counted}"
    )
    title = f"{NUMBERS.get(cell_line, 'Table 1')}. Live and dead nuclei, object by object"
    return Page(html_page(title, parts, note), list(table), caption)


def draw_pixel_table(table: Sequence[Mapping], *, cells: str) -> Page:
    """Lay out the pixel-wise table.

    Parameters
    ----------
    table : sequence of mappings
        One per true class, one for nuclei of either state and one for the mean: ``class``, ``to_background``,
        ``to_live``, ``to_dead``, ``precision``, ``recall``, ``f1``, ``iou`` (fractions or None) and ``pixels``.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.

    Returns
    -------
    Page
        Source data: the table as it came.
    """
    nucleus, mean = (next(row for row in table if row["class"] == name) for name in ("nucleus", "mean"))
    lines = [
        [
            row["class"],
            *(percent(row[name]) if name in row else "" for name in PIXEL_HEADS if name != "class"),
            f"{row['pixels']:,}",
        ]
        for row in table
    ]
    part = html_table([*PIXEL_HEADS.values(), "pixels"], lines, marked=[len(lines) - 1])
    note = (
        f"All pixels of the held-out frames, {SOURCES[cells]}. The calls of a true class add up to 100 %. "
        "Outlines count here, so these values usually lie below those of whole nuclei. "
        "Nucleus: live and dead taken together; its F1 is the Dice score of the nuclei."
    )
    caption = (
        f"Mean F1 over the three classes {percent(mean['f1'])} on {mean['pixels']:,} pixels, {SOURCES[cells]}. Dice "
        f"score of the nuclei, live and dead taken together: {percent(nucleus['f1'])}."
    )
    return Page(html_page("Pixel by pixel", [("", part)], note), list(table), caption)


def _number(value: float | None, unit: str, name: str) -> str:
    if value is None:
        return "NA"
    if unit not in ("1", None):
        return f"{value:g}"
    return f"{value:.3f}" if name == "kappa" else percent(value)
