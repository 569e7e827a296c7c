"""What every stage had to reach against the known truth, as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .htmlpage import html_page, html_table
from .pages import Page

_SIGNS = {"at least": "≥", "at most": "≤"}


def draw_stage_checks(checks: Sequence[Mapping]) -> Page:
    """Lay out the stage checks; a check that failed is stressed.

    Parameters
    ----------
    checks : sequence of mappings
        ``check``, ``value``, ``unit``, ``threshold``, ``direction`` (at least, at most,
        reported), ``passed``.

    Returns
    -------
    Page
        Source data: the checks as they came.
    """
    lines = [
        (
            row["check"].replace("_", " "),
            _number(row["value"]),
            _wanted(row),
            "" if row["unit"] in (None, "1") else row["unit"],
            "reported" if row["direction"] == "reported" else "passed" if row["passed"] else "FAILED",
        )
        for row in checks
    ]
    failed = [number for number, row in enumerate(checks) if row["direction"] != "reported" and not row["passed"]]
    judged = sum(row["direction"] != "reported" for row in checks)
    part = html_table(("check", "value", "wanted", "unit", "result"), lines, marked=failed)
    caption = f"{judged - len(failed)} of {judged} checks passed" + (
        "; failed: " + ", ".join(checks[number]["check"].replace("_", " ") for number in failed) + "."
        if failed
        else "."
    )
    note = "Every stage against the truth of the simulator, which no stage of the pipeline reads. " + caption
    return Page(html_page("Stage checks", [("", part)], note), list(checks), caption)


def _wanted(row: Mapping) -> str:
    if row["direction"] == "reported":
        return ""
    return f"{_SIGNS[row['direction']]} {_number(row['threshold'])}"


def _number(value: float | None) -> str:
    return "NA" if value is None else f"{value:.4g}"
