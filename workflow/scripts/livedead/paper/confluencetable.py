"""Scores of the nuclei in fields of low, medium and high confluence, as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .htmlpage import html_page, html_table, percent, percent_range
from .pages import SOURCES, Page

_COUNTS = {"films": "films", "live_nuclei": "live nuclei", "dead_nuclei": "dead nuclei"}
_SCORES = {
    "sensitivity_live": "sensitivity, live",
    "sensitivity_dead": "sensitivity, dead",
    "accuracy": "accuracy",
    "macro_f1": "mean F1",
}
_ERRORS = {"missed": "missed", "spurious": "spurious"}


def draw_confluence(table: Sequence[Mapping], test: Mapping, *, cells: str) -> Page:
    """Lay out the scores of each confluence and the test whether they differ.

    Parameters
    ----------
    table : sequence of mappings
        Rows of `livedead.cells.confluence.confluence_rows`.
    test : mapping
        Result of `livedead.cells.confluence.confluence_test`.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.

    Returns
    -------
    Page
        Source data: the table as it came.

    Notes
    -----
    The paper says that confluence does not affect the accuracy; its own table stands in its Supplement.
    """
    sure = f"{100 * table[0]['confidence']:g} % interval of mean F1" if table else "interval of mean F1"
    lines = [
        (
            row["confluence"] or "NA",
            *(row[name] for name in _COUNTS),
            *(percent(row[name]) for name in _SCORES),
            percent_range(row["low"], row["high"]),
            *(row[name] for name in _ERRORS),
            row["note"] or "",
        )
        for row in table
    ]
    heads = ["confluence", *_COUNTS.values(), *_SCORES.values(), sure, *_ERRORS.values(), "note"]
    verdict = _verdict(test)
    note = (
        f"Nuclei of held-out films, {SOURCES[cells]}, by the confluence that the sheet tells; NA: not told. "
        "Sensitivity: part of the true nuclei of a state that were called so, of those that were seen. Intervals by "
        f"drawing films anew. {verdict}"
    )
    told = ", ".join(
        f"{row['confluence'] or 'NA'} {percent(row['macro_f1'])} ({row['films']} film{'s' * (row['films'] != 1)})"
        for row in table
    )
    caption = f"Mean F1 by confluence, {SOURCES[cells]}: {told}. {verdict}"
    return Page(html_page("Accuracy and confluence", [("", html_table(heads, lines))], note), list(table), caption)


def _verdict(test: Mapping) -> str:
    if test["value"] is None:
        return f"No test: {test['note']}."
    points = f"{100 * test['value']:.1f} percentage points"
    if test["p"] is None:
        return f"Largest difference of mean F1 {points}; {test['note']}."
    kind = f"all {test['permutations']}" if test["exact"] else f"{test['permutations']} random"
    few = f" ({test['note']}: at least {test['smallest_p']:.2g})" if test["smallest_p"] >= 0.05 else ""
    return (
        f"Largest difference of mean F1 {points}, p = {test['p']:.2g} by {kind} permutations of {test['films']} "
        f"films{few}."
    )
