"""The verdict on every number of the paper, as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..desk.claims import NOT_REPRODUCED, NOT_TESTABLE, REPRODUCED, VERDICTS, count_verdicts, written
from .htmlpage import html_page, html_table
from .pages import Page

LOOKS = {REPRODUCED: "good", NOT_REPRODUCED: "bad", NOT_TESTABLE: "open"}
_HEADS = ("what the paper says", "paper", "this run", "unit", "verdict", "reason")
_NAMES = {"result": "results", "setting": "settings", "count": "counts"}


def draw_claims(claims: Sequence[Mapping]) -> Page:
    """Lay out the claims by their place in the paper, each verdict in its colour.

    Parameters
    ----------
    claims : sequence of mappings
        Rows of `livedead.desk.claims.judge_claims`.

    Returns
    -------
    Page
        Source data: the claims as they came.
    """
    counts = count_verdicts(claims)
    summary = html_table(("", *VERDICTS), [(_NAMES[row["kind"]], *(row[v] for v in VERDICTS)) for row in counts])
    parts = [("Counts", summary)]
    for place in dict.fromkeys(row["place"] for row in claims):
        here = [row for row in claims if row["place"] == place]
        lines = [
            (
                *(row["statement"], _cell(row["paper"]), _cell(row["ours"])),
                *("" if row["unit"] in ("1", "name") else row["unit"], row["verdict"], row["reason"]),
            )
            for row in here
        ]
        looks = {number: LOOKS[row["verdict"]] for number, row in enumerate(here)}
        parts.append((place, html_table(_HEADS, lines, verdicts=looks)))
    origins = sorted({row["data"] for row in claims})
    caption = f"{len(claims)} numbers of the paper, {' and '.join(origins)} cells. " + "; ".join(
        f"{_NAMES[row['kind']]}: " + ", ".join(f"{row[verdict]} {verdict}" for verdict in VERDICTS) for row in counts
    )
    note = (
        "Every number of the paper's main text beside what this run gave. A result that is called reproduced was "
        f"found on {' and '.join(origins)} cells. NA: nothing was measured."
    )
    return Page(html_page("Every number of the paper", parts, note), list(claims), f"{caption}.")


def _cell(value: float | int | str | None) -> str:
    return "NA" if value is None else written(value)
