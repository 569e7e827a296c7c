"""Tables of the supplement: pixels beside nuclei (Note 3), and cells stained after imaging (Note 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..cells.scores import OUTCOMES, count_outcomes
from .htmlpage import html_page, html_table, percent, percent_range
from .pages import SOURCES, Page

#: Part of the true nuclei called right in cells imaged first and stained afterwards (paper, Results).
PAPER_SENSITIVITY = {"live": 0.99, "dead": 0.97}


def draw_note3(pixels: Sequence[Mapping], scores: Sequence[Mapping], *, cells: str) -> Page:
    """Set the scores of pixels beside those of whole nuclei.

    Parameters
    ----------
    pixels : sequence of mappings
        Pixel table: ``class``, ``f1``.
    scores : sequence of mappings
        Scores of nuclei: ``score``, ``subset``, ``value``, ``low``, ``high``, ``confidence``.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.

    Returns
    -------
    Page
        Source data: class, object_f1, low, high, confidence, pixel_f1, difference, note.
    """
    by_class = {row["class"]: row["f1"] for row in pixels}
    by_score = {row["score"]: row for row in scores if row["subset"] == "all"}
    rows = []
    for name, score in (("live", "f1_live_matched"), ("dead", "f1_dead_matched"), ("mean", "macro_f1_matched")):
        nuclei = by_score[score]
        states = [by_class[state] for state in ("live", "dead") if by_class[state] is not None]
        pixel = by_class[name] if name != "mean" else sum(states) / len(states) if states else None
        both = nuclei["value"] is not None and pixel is not None
        rows.append(
            {
                "class": "live and dead" if name == "mean" else name,
                "object_f1": nuclei["value"],
                "low": nuclei["low"],
                "high": nuclei["high"],
                "confidence": nuclei["confidence"],
                "pixel_f1": pixel,
                "difference": nuclei["value"] - pixel if both else None,
                "note": None if both else "no such nucleus",
            }
        )
    only = {"background": "no object: pixels only", "mean": "mean of the three classes of pixels"}
    for name, note in only.items():
        told = "three classes" if name == "mean" else name
        rows.append(dict.fromkeys(rows[0]) | {"class": told, "pixel_f1": by_class[name], "note": note})
    lines = [
        (
            row["class"],
            percent(row["object_f1"]),
            percent_range(row["low"], row["high"]),
            percent(row["pixel_f1"]),
            "NA" if row["difference"] is None else f"{100 * row['difference']:+.1f}",
            row["note"] or "",
        )
        for row in rows
    ]
    sure = f"{100 * by_score['macro_f1_matched']['confidence']:g} % interval"
    heads = ("class", "F1, nucleus by nucleus", sure, "F1, pixel by pixel", "difference, percentage points", "note")
    note = (
        f"Held-out films, {SOURCES[cells]}. A nucleus counts by its dominant predicted label, so pixels wrong at its "
        "outline do not count; pixel by pixel every one does. Nuclei: those seen, as in Table 1."
    )
    mean = rows[2]
    caption = (
        f"Mean F1 of live and dead, {SOURCES[cells]}: {percent(mean['object_f1'])} nucleus by nucleus, "
        f"{percent(mean['pixel_f1'])} pixel by pixel."
    )
    return Page(
        html_page("Note 3. Nuclei and pixels", [("", html_table(heads, lines, marked=[2]))], note), rows, caption
    )


def draw_note4(scores: Sequence[Mapping], matches: Sequence[Mapping], sequences: Sequence[str], *, cells: str) -> Page:
    """Lay out what was called live and dead in cells that were stained only after imaging.

    Parameters
    ----------
    scores : sequence of mappings
        Scores of nuclei: ``score``, ``subset``, ``value``, ``low``, ``high``, ``confidence``.
    matches : sequence of mappings
        True nuclei of all films: ``sequence``, ``true_state``, ``predicted_state``, ``touches_border``.
    sequences : sequence of str
        Films.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.

    Returns
    -------
    Page
        Source data: state, films, nuclei, called_live, called_dead, missed, sensitivity, low, high, confidence,
        paper, sensitivity_of_all (missed nuclei counted as wrong), note.
    """
    by_score = {row["score"]: row for row in scores if row["subset"] == "all"}
    counts = count_outcomes(matches, [], sequences).sum(axis=0)
    rows = []
    for number, state in enumerate(OUTCOMES[1:], start=1):
        sensitivity = by_score[f"{state}_as_{state}"]
        rows.append(
            {
                "state": state,
                "films": len(sequences),
                "nuclei": int(counts[number].sum()),
                "called_live": int(counts[number, 1]),
                "called_dead": int(counts[number, 2]),
                "missed": int(counts[number, 0]),
                "sensitivity": sensitivity["value"],
                "low": sensitivity["low"],
                "high": sensitivity["high"],
                "confidence": sensitivity["confidence"],
                "paper": PAPER_SENSITIVITY[state],
                "sensitivity_of_all": by_score[f"recall_{state}_inclusive"]["value"],
                "note": _why_none(sensitivity),
            }
        )
    lines = [
        (
            f"{row['state']} nuclei",
            *(row[name] for name in ("nuclei", "called_live", "called_dead", "missed")),
            percent(row["paper"]),
            percent(row["sensitivity"]),
            percent_range(row["low"], row["high"]),
            percent(row["sensitivity_of_all"]),
            row["note"] or "",
        )
        for row in rows
    ]
    sure = f"{100 * rows[0]['confidence']:g} % interval"
    heads = ("true state", "nuclei", "called live", "called dead", "missed", "sensitivity, paper, real HeLa cells")
    heads += (f"sensitivity, this run, {SOURCES[cells]}", sure, "missed nuclei counted as wrong", "note")
    note = (
        f"{len(sequences)} films, {SOURCES[cells]}: imaged without dyes, stained afterwards for the truth. "
        "Sensitivity: part of the true nuclei of a state that were called so, of those that were seen. Intervals by "
        "drawing films anew."
    )
    told = "; ".join(
        f"{row['state']} {percent(row['sensitivity'])} ({percent_range(row['low'], row['high'])}; "
        f"the paper, real cells: {100 * row['paper']:g} %) of {row['nuclei'] - row['missed']} nuclei"
        for row in rows
    )
    title = "Note 4. Cells stained after imaging"
    return Page(
        html_page(title, [("", html_table(heads, lines))], note), rows, f"Sensitivity, {SOURCES[cells]}: {told}."
    )


def _why_none(score: Mapping) -> str | None:
    if score["value"] is None:
        return "no such nucleus was seen"
    return "one film: no interval" if score["low"] is None else None
