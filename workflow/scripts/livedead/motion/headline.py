"""The few numbers of the comparison that a paper states in its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .growth import ARMS
from .lives import KEPT

HEADLINE_COLUMNS = ["quantity", "value", "unit", "data", "note"]


def headline_rows(
    arms: Sequence[Mapping[str, Any]], intervals: Sequence[Mapping[str, Any]], data: str
) -> list[dict[str, Any]]:
    """Collect the numbers of cells and the windows of significant difference, as the paper tests them.

    Parameters
    ----------
    arms : sequence of mapping
        Rows of `livedead.motion.arms.count_arms`.
    intervals : sequence of mapping
        Rows of `livedead.motion.intervals.longest_runs` of all quantities.
    data : {"simulated", "real", "mixed"}
        What the films are.

    Returns
    -------
    list of dict
        Rows with `HEADLINE_COLUMNS`: n_<arm> (kept cells) and eligible_<arm>, then <quantity>_from_h,
        <quantity>_to_h and <quantity>_points of the longest run of the pooled t-test.
    """
    rows = []
    for name, column in (("n", KEPT), ("eligible", "eligible")):
        for arm in ARMS:
            number = sum(row[column] for row in arms if row["condition"] == arm)
            rows.append({"quantity": f"{name}_{arm}", "value": number, "unit": "cells", "data": data, "note": None})
    for run in intervals:
        if run["method"] == "pooled":
            for name, unit in (("from_h", "h"), ("to_h", "h"), ("points", "1")):
                row = {"quantity": f"{run['quantity']}_{name}", "value": run[name], "unit": unit, "data": data}
                rows.append(row | {"note": run["note"]})
    return rows
