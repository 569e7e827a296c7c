"""Stained against unstained cells at each time: the paper's t-test, and beside it what such a test leaves out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from scipy.stats import norm
from statsmodels.stats.meta_analysis import effectsize_smd
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from .growth import ARMS, Growth, on_scale, well_curves, why_no_wells

COMPARISON_COLUMNS = [
    "quantity",
    "time_h",
    "n_stained",
    "n_unstained",
    "difference",
    "low",
    "high",
    "t",
    "df",
    "p_pooled",
    "significant_pooled",
    "p_welch",
    "t_wells",
    "df_wells",
    "p_wells",
    "p_holm",
    "p_bh",
    "hedges_g",
    "g_low",
    "g_high",
    "note",
]
# Spreads below this part of the mean are rounding, not biology.
LEAST_SPREAD = 1e-12


def compare_times(
    growths: Iterable[Growth], *, scale: str, significance: float, confidence: float
) -> list[dict[str, Any]]:
    """Test the difference of both arms at each time after the start.

    The start is left out: there every value is 1. The paper's test (Fig. 5e,f) is the two-sample t-test with
    pooled variance over cells, uncorrected; Welch's does not need equal variances. Cells of one well resemble one
    another, so p_wells is the t-test of the means of the wells (pooled variance: with few wells Welch's loses most
    of its power). p_holm and p_bh are p_wells corrected over all times of all quantities together (Holm 1979;
    Benjamini & Hochberg 1995): one error rate for the whole experiment.

    Parameters
    ----------
    growths : iterable of Growth
        Ratios to the start, one per quantity.
    scale : {"ratio", "log_ratio"}
        Scale of the tests, see `livedead.motion.growth.on_scale`.
    significance : float
        Level below which p_pooled is significant.
    confidence : float
        Coverage of the intervals of the difference (stained - unstained; pooled) and of Hedges' g.

    Returns
    -------
    list of dict
        Rows with `COMPARISON_COLUMNS`; where no test can be made its numbers are None and `note` says why.
    """
    rows = [row for growth in growths for row in _compare_quantity(growth, scale, significance, confidence)]
    # A missing p among the others would make every p of BH missing and count as a test in Holm's.
    tested = [row for row in rows if row["p_wells"] is not None]
    for method, column in (("holm", "p_holm"), ("fdr_bh", "p_bh")):
        corrected = multipletests([row["p_wells"] for row in tested], method=method)[1] if tested else []
        for row, p in zip(tested, corrected, strict=True):
            row[column] = float(p)
    return [{column: row.get(column) for column in COMPARISON_COLUMNS} for row in rows]


def _compare_quantity(growth: Growth, scale: str, significance: float, confidence: float) -> list[dict[str, Any]]:
    """Test one quantity at each time, over cells and over wells, without correction."""
    scaled = on_scale(growth, scale)
    curves, in_first = well_curves(scaled)
    rows = []
    for column in range(1, len(growth.times_h)):
        stained, unstained = scaled.seen(column)
        row = {"quantity": growth.quantity, "time_h": float(growth.times_h[column])}
        row |= _test(stained, unstained, significance, confidence) | _test_wells(curves[:, column], in_first)
        absent = int(np.isfinite(growth.values[:, column]).sum()) - len(stained) - len(unstained)
        notes = [_why_no_test(stained, unstained) or row["note"]]
        if absent:
            notes.append(f"values at or below zero, without logarithm: {absent}")
        rows.append(row | {"note": "; ".join(filter(None, notes)) or None})
    return rows


def _test_wells(means: np.ndarray, in_first: np.ndarray) -> dict[str, Any]:
    """Compare the means of wells, (W,), at one time; None of it where they cannot be, with the reason."""
    numbers: dict[str, Any] = dict.fromkeys(("t_wells", "df_wells", "p_wells", "note"))
    known = np.isfinite(means)
    samples = [means[known & arm] for arm in (in_first, ~in_first)]
    reason = why_no_wells(in_first[known])
    if reason is None and not any(map(_varies, samples)):
        reason = "all wells of an arm have the same mean, in both arms: nothing corrected"
    if reason:
        return numbers | {"note": reason}
    t, p, df = CompareMeans(*map(DescrStatsW, samples)).ttest_ind(usevar="pooled")
    return numbers | {"t_wells": float(t), "df_wells": float(df), "p_wells": float(p)}


def _why_no_test(stained: np.ndarray, unstained: np.ndarray) -> str | None:
    """Say why two samples cannot be tested; None where they can."""
    for arm, values in zip(ARMS, (stained, unstained), strict=True):
        if len(values) < 2:
            return f"{['no', 'one'][len(values)]} {arm} cell with a value: no test"
    if not _varies(stained) and not _varies(unstained):
        return "all values of an arm are equal, in both arms: no test"
    return None


def _test(stained: np.ndarray, unstained: np.ndarray, significance: float, confidence: float) -> dict[str, Any]:
    """Compare two samples; only what can be computed."""
    numbers: dict[str, Any] = {"n_stained": len(stained), "n_unstained": len(unstained)}
    numbers |= dict.fromkeys(("difference", "p_welch", "significant_pooled"))
    if len(stained) and len(unstained):
        numbers["difference"] = float(stained.mean() - unstained.mean())
    if _why_no_test(stained, unstained):
        return numbers
    samples = [DescrStatsW(stained), DescrStatsW(unstained)]
    compared = CompareMeans(*samples)
    t, p_pooled, df = compared.ttest_ind(usevar="pooled")
    low, high = compared.tconfint_diff(alpha=1 - confidence, usevar="pooled")
    sizes = [number for sample in samples for number in (sample.mean, sample.std_ddof(1), sample.nobs)]
    g, variance = effectsize_smd(*sizes)
    margin = norm.isf((1 - confidence) / 2) * np.sqrt(variance)
    numbers |= {"low": low, "high": high, "t": t, "df": df, "p_pooled": p_pooled}
    numbers |= {"p_welch": compared.ttest_ind(usevar="unequal")[1]}
    numbers |= {"hedges_g": g, "g_low": g - margin, "g_high": g + margin}
    numbers = {name: value if value is None else float(value) for name, value in numbers.items()}
    counts = {"n_stained": len(stained), "n_unstained": len(unstained)}
    return numbers | counts | {"significant_pooled": bool(p_pooled < significance)}


def _varies(values: np.ndarray) -> bool:
    return bool(np.ptp(values) > LEAST_SPREAD * np.abs(values).max())
