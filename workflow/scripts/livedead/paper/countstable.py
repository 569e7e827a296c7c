"""What went into every stage, came out and was dropped, as a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ..desk.counts import COUNT_COLUMNS
from .htmlpage import html_page, html_table
from .pages import Page

_HEADS = ("stage", "cohort", "what", "in", "out", "dropped", "note")


def draw_counts(counts: Sequence[Mapping]) -> Page:
    """Add the counts of all films of a cohort up, stage by stage.

    Parameters
    ----------
    counts : sequence of mappings
        Rows of `livedead.desk.counts.COUNT_COLUMNS`.

    Returns
    -------
    Page
        Source data: the counts as they came, film by film.
    """
    lines = []
    for step in dict.fromkeys((row["stage"], row["unit"]) for row in counts):
        of_step = [row for row in counts if (row["stage"], row["unit"]) == step]
        for cohort in dict.fromkeys(row["cohort"] for row in of_step):
            films = [row for row in of_step if row["cohort"] == cohort]
            sums = [sum(row[name] for row in films) for name in ("n_in", "n_out", "n_dropped")]
            lines.append((step[0], cohort, step[1], *map(str, sums), _reasons(films)))
    frames, nuclei = (
        sum(row["n_out"] for row in counts if (row["stage"], row["unit"]) == ("predict", unit))
        for unit in ("frames", "nuclei")
    )
    caption = (
        f"All {len(counts)} counts add up, film by film; {frames} frames were predicted, with {nuclei} nuclei in them."
    )
    note = (
        "What went into every stage, what came out and what was dropped, all films of a cohort together. Every number "
        "was counted in a file of its own. " + caption
    )
    page = html_page("Counts from stage to stage", [("", html_table(_HEADS, lines))], note)
    return Page(page, list(counts), caption, COUNT_COLUMNS)


def _reasons(films: Sequence[Mapping]) -> str:
    """Add up the reasons of several films: ``small 3; faint 1``."""
    total = Counter()
    for row in films:
        for reason in (row["reasons"] or "").split("; "):
            name, _, number = reason.rpartition(" ")
            total.update({name: int(number)} if name else {})
    return "; ".join(f"{name} {number}" for name, number in total.items())
