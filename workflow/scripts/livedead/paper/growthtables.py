"""Statistics of growth in both arms, and what became of every nucleus, as pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .htmlpage import html_page, html_table
from .pages import SOURCES, Page

_QUANTITIES = {"area": "nuclear area", "dry_mass": "nuclear dry mass", "time_to_death": "time to death"}
_METHODS = {
    "pooled": "t-test with pooled variance, as in the paper",
    "welch": "Welch's t-test",
    "holm": "t-test over wells, corrected by Holm",
    "bh": "t-test over wells, corrected by Benjamini-Hochberg",
    "cluster": "mass of clusters, wells rearranged",
}
_ANALYSES = {
    "well_t": "t-test over wells",
    "well_permutation": "permutation of wells",
    "mixed_model": "mixed model",
    "icc": "intraclass correlation of wells",
    "design_effect": "design effect of wells",
    "log_rank": "log-rank test",
    "cox": "Cox regression, hazard ratio",
    "log_rank_loss_as_death": "log-rank test, lost cells taken as dead",
    "cox_loss_as_death": "Cox regression, lost cells taken as dead",
}
COLUMNS = ("quantity", "analysis", "from_h", "to_h", "points", "estimate", "low", "high", "statistic", "df", "p")
COLUMNS += ("n_cells", "n_wells", "converged", "note")


def draw_statistics(intervals: Sequence[Mapping], models: Sequence[Mapping], *, cells: str) -> Page:
    """Lay out the intervals in which both arms differ, and the models that look at wells and deaths.

    Parameters
    ----------
    intervals : sequence of mappings
        ``quantity``, ``method``, ``from_h``, ``to_h``, ``points``, ``p``, ``note``.
    models : sequence of mappings
        ``quantity``, ``analysis``, ``estimate``, ``low``, ``high``, ``statistic``, ``df``, ``p``, ``n_cells``,
        ``n_wells``, ``converged``, ``note``.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.

    Returns
    -------
    Page
        Source data: intervals and models, one row each, with the columns `COLUMNS`.
    """
    runs = [
        (
            f"{_QUANTITIES[row['quantity']]}: {_METHODS.get(row['method'], row['method'])}",
            "none" if row["from_h"] is None else f"{row['from_h']:g} to {row['to_h']:g} h",
            row["points"] or "",
            _p(row["p"]),
            row["note"] or "",
        )
        for row in intervals
    ]
    fitted = [
        (
            f"{_QUANTITIES[row['quantity']]}: {_ANALYSES.get(row['analysis'], row['analysis'])}",
            _number(row["estimate"]),
            "" if row["low"] is None else f"{row['low']:.3g} to {row['high']:.3g}",
            _number(row["statistic"]),
            _number(row["df"]),
            _p(row["p"]),
            _number(row["n_cells"]),
            _number(row["n_wells"]),
            {True: "yes", False: "no"}.get(row["converged"], ""),
            row["note"] or "",
        )
        for row in models
    ]
    parts = [
        ("When both arms differ", html_table(("test", "longest interval", "points", "p", "note"), runs)),
        (
            "Wells, models, deaths",
            html_table(
                ("analysis", "estimate", "interval", "statistic", "df", "p", "cells", "wells", "converged", "note"),
                fitted,
            ),
        ),
    ]
    note = (
        f"Stained against unstained cells, {SOURCES[cells]}. p of an interval: the largest within it; of a cluster: "
        "of the whole. Cells of one well resemble each other, so that tests over cells are too sure; those over "
        "wells are not."
    )
    pages = [{"analysis": row["method"], **{k: v for k, v in row.items() if k in COLUMNS}} for row in intervals]
    pages += [{k: v for k, v in row.items() if k in COLUMNS} for row in models]
    told = [
        f"{_QUANTITIES[row['quantity']]} {row['from_h']:g} to {row['to_h']:g} h"
        for row in intervals
        if row["method"] == "pooled" and row["from_h"] is not None
    ]
    caption = (
        f"Longest intervals by the paper's test, {SOURCES[cells]}: {'; '.join(told) or 'none'}. "
        f"Analyses of wells, models and deaths beside it: {len(models)}."
    )
    return Page(html_page("Stained against unstained cells", parts, note), pages, caption, COLUMNS)


def draw_arms(arms: Sequence[Mapping], *, cells: str) -> Page:
    """Lay out how many nuclei of each arm and well came in, were kept and were lost.

    Parameters
    ----------
    arms : sequence of mappings
        One per condition and well: ``condition``, ``well``, then counts; ``eligible``, ``kept`` and
        ``lost_<reason>`` among them.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.

    Returns
    -------
    Page
        Source data: the table as it came.
    """
    counts = [name for name in arms[0] if name not in ("condition", "well")] if arms else []
    # A reason that lost nobody in any well only widens the page; it stays in the source data.
    shown = [name for name in counts if not name.startswith("lost_") or any(row[name] for row in arms)]
    lines, totals, told = [], [], []
    for condition in dict.fromkeys(row["condition"] for row in arms):
        wells = [row for row in arms if row["condition"] == condition]
        lines += [(condition, row["well"] or "NA", *(row[name] for name in shown)) for row in wells]
        sums = {name: sum(row[name] for row in wells) for name in counts}
        totals.append(len(lines))
        lines.append((condition, "all wells", *(sums[name] for name in shown)))
        told.append(f"{condition} {sums['kept']} of {sums['eligible']} in {len(wells)} well{'s' * (len(wells) != 1)}")
    heads = ["condition", "well", *(name.replace("lost_", "lost: ").replace("_", " ") for name in shown)]
    note = (
        f"Nuclei of the first frame, {SOURCES[cells]}. Eligible: tracks that begin there; each was kept for the "
        "comparison or lost for the reason that comes first."
    )
    caption = f"Kept of the tracks that begin in the first frame, {SOURCES[cells]}: {'; '.join(told) or 'none'}."
    page = html_page("Nuclei in, kept and lost", [("", html_table(heads, lines, marked=totals))], note)
    return Page(page, list(arms), caption, tuple(arms[0]) if arms else ("condition", "well", "eligible", "kept"))


def _p(value: float | None) -> str:
    if value is None:
        return ""
    return "< 0.0001" if value < 1e-4 else f"{value:.2g}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
