"""The windows found between the arms, held against those that the simulated cells were given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..cells.stage_checks import check_row
from ..optics.swelling import difference_window
from .intervals import METHODS

# Quantity of the comparison -> that of the simulation.
SIMULATED_AS = {"area": "area", "dry_mass": "mass"}
CORRECTED = ("holm", "bh")


def judge_windows(
    cohort: str,
    intervals: Sequence[Mapping[str, Any]],
    comparison: Sequence[Mapping[str, Any]],
    swelling: Sequence[Mapping[str, float]],
    limits: Mapping[str, float | None],
    significance: float,
) -> list[dict[str, Any]]:
    """Judge the windows of one cohort whose arms are both simulated.

    Parameters
    ----------
    cohort : str
        Name of the cohort.
    intervals : sequence of mapping
        Rows of `livedead.motion.intervals` of all quantities.
    comparison : sequence of mapping
        Rows of `livedead.motion.comparison.compare_times` of all quantities.
    swelling : sequence of mapping
        Section `simulate.kinetics.swelling` as it holds for stained and for unstained films.
    limits : mapping
        Section `checks` of the configuration: window_error_h.
    significance : float
        Level of the tests.

    Returns
    -------
    list of dict
        Rows with `livedead.cells.stage_checks.CHECK_COLUMNS`: for a quantity in which the arms differ, how far
        start and end of the longest run of the pooled t-test are off (infinite without a run); for one in which
        they do not, the number of times and clusters that are significant by Holm, BH or cluster mass.
    """
    rows = []
    for quantity, simulated in SIMULATED_AS.items():
        tested = [row for row in comparison if row["quantity"] == quantity]
        times = [row["time_h"] for row in tested]
        expected = difference_window(*swelling, times)[simulated]
        runs = {row["method"]: row for row in intervals if row["quantity"] == quantity}
        if expected is None:
            found = sum(
                row[METHODS[method]] is not None and row[METHODS[method]] < significance
                for row in tested
                for method in CORRECTED
            )
            clusters = [row for row in intervals if row["quantity"] == quantity and row["method"] == "cluster"]
            found += sum(row["points"] > 0 for row in clusters)
            name = f"compare: corrected tests significant of {quantity}, equal arms, {cohort}"
            rows.append(check_row(name, found, "tests", 0, "at most"))
            continue
        for end, edge, wanted in zip(("start", "end"), ("from_h", "to_h"), expected, strict=True):
            value = runs["pooled"][edge]
            error = float("inf") if value is None else abs(value - wanted)
            name = f"compare: longest significant run of {quantity}, {end} error, {cohort}"
            rows.append(check_row(name, error, "h", limits["window_error_h"], "at most"))
    return rows
