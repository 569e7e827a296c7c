"""Cells of one well resemble each other: the comparison with wells, not cells, as the independent draws."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.stats import permutation_test
from statsmodels.regression.mixed_linear_model import MixedLM
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from .growth import ARMS, Growth, on_scale

MODEL_COLUMNS = [
    "quantity",
    "analysis",
    "estimate",
    "low",
    "high",
    "statistic",
    "df",
    "p",
    "n_cells",
    "n_wells",
    "converged",
    "note",
]
ANALYSES = ("well_t", "well_permutation", "mixed_model", "icc", "design_effect")


def window_summary(growth: Growth, window_h: Sequence[float]) -> np.ndarray:
    """Give every cell one number: its mean log ratio in a window declared beforehand.

    Parameters
    ----------
    growth : Growth
        Ratios to the start.
    window_h : sequence of float
        First and last time in h, both included.

    Returns
    -------
    numpy.ndarray
        (N,) float64, NaN for a cell that was not seen in the window.
    """
    inside = (growth.times_h >= window_h[0] - 1e-9) & (growth.times_h <= window_h[1] + 1e-9)
    logs = on_scale(growth, "log_ratio").values[:, inside]
    number = np.isfinite(logs).sum(1)
    return np.divide(np.nansum(logs, 1), number, out=np.full(len(logs), np.nan), where=number > 0)


def compare_wells(
    growth: Growth,
    wells: Mapping[str, Sequence[str | None]],
    *,
    window_h: Sequence[float],
    confidence: float,
    resamples: int,
    seed: int,
) -> list[dict[str, Any]]:
    """Compare the wells of both arms in the declared window.

    Parameters
    ----------
    growth : Growth
        Ratios to the start.
    wells : mapping
        Condition -> wells that were filmed, None for a film without well.
    window_h : sequence of float
        See `window_summary`.
    confidence : float
        Coverage of the intervals.
    resamples : int
        Arrangements of the wells that are tried where there are more.
    seed : int
        Root of these.

    Returns
    -------
    list of dict
        Rows with `MODEL_COLUMNS`. The estimate of well_t, well_permutation and mixed_model is the difference
        (stained - unstained) of the mean log ratio; icc is the part of the variance that lies between wells,
        design_effect 1 + (m - 1) icc with m the mean number of cells in the well of a cell. What cannot be
        computed is None, and `note` says why.
    """
    value = window_summary(growth, window_h)
    use = np.isfinite(value)
    value, condition, well = value[use], growth.condition[use], growth.well[use]
    blank = dict.fromkeys(MODEL_COLUMNS) | {"quantity": growth.quantity, "n_cells": len(value)}
    without = [arm for arm in ARMS if None in wells[arm]]
    reason, remarks = None, []
    if without:
        reason = f"films of {' and '.join(without)} cells have no well in the sheet"
    else:
        blank["n_wells"] = len(set(zip(condition, well, strict=True)))
        groups = [[value[(condition == arm) & (well == name)] for name in wells[arm]] for arm in ARMS]
        for arm, members in zip(ARMS, groups, strict=True):
            empty = [name for name, cells in zip(wells[arm], members, strict=True) if not len(cells)]
            if empty:
                remarks.append(f"no cell of {arm} in well {', '.join(empty)}")
        groups = [[cells for cells in members if len(cells)] for members in groups]
        few = [f"{len(members)} of {arm} cells" for arm, members in zip(ARMS, groups, strict=True) if len(members) < 2]
        if few:
            reason = f"wells with cells in the window: {' and '.join(few)}; wanted two or more in each arm"
        elif np.ptp(value) == 0:
            reason = "all cells have the same value: no test"
    if reason:
        reason = "; ".join([reason, *remarks])
        return [blank | {"analysis": analysis, "note": reason} for analysis in ANALYSES]
    rows = [
        *_well_means(groups, confidence, resamples, seed),
        *_mixed_model(groups, confidence),
    ]
    return [
        blank | row | {"analysis": analysis, "note": "; ".join([*row["note"], *remarks]) or None}
        for analysis, row in zip(ANALYSES, rows, strict=True)
    ]


def _well_means(
    groups: Sequence[Sequence[np.ndarray]], confidence: float, resamples: int, seed: int
) -> list[dict[str, Any]]:
    """Test the means of the wells: Welch's t and permutation of the wells."""
    means = [np.array([cells.mean() for cells in members]) for members in groups]
    difference = float(means[0].mean() - means[1].mean())
    t_row: dict[str, Any] = {"estimate": difference, "note": []}
    if max(np.ptp(mean) for mean in means) > 0:
        compared = CompareMeans(*map(DescrStatsW, means))
        t, p, df = compared.ttest_ind(usevar="unequal")
        low, high = compared.tconfint_diff(alpha=1 - confidence, usevar="unequal")
        t_row |= {"statistic": float(t), "df": float(df), "p": float(p), "low": float(low), "high": float(high)}
    else:
        t_row["note"] = ["all wells of an arm have the same mean: no test"]
    arrangements = math.comb(sum(map(len, means)), len(means[0]))
    result = permutation_test(
        means,
        lambda a, b, axis: a.mean(axis=axis) - b.mean(axis=axis),
        vectorized=True,
        n_resamples=resamples,
        rng=np.random.default_rng(seed),
    )
    # Both tails hold at least the data themselves.
    least = 2 / arrangements if arrangements <= resamples else 2 / (resamples + 1)
    note = f"{arrangements} arrangements of the wells: p cannot be smaller than {least:.3g}"
    p_row = {"estimate": difference, "p": float(result.pvalue), "note": [note]}
    return [t_row, p_row]


def _mixed_model(groups: Sequence[Sequence[np.ndarray]], confidence: float) -> list[dict[str, Any]]:
    """Fit value ~ arm + (1 | well) and derive the intraclass correlation and the design effect."""
    cells = [cells for members in groups for cells in members]
    sizes = np.array([len(one) for one in cells])
    value = np.concatenate(cells)
    number = np.repeat(np.arange(len(cells)), sizes)
    stained = (number < len(groups[0])).astype(float)
    model = MixedLM(value, np.column_stack([np.ones(len(value)), stained]), groups=number)
    fit, notes = fit_guarded(model)
    if fit is None:
        failed = {"converged": False, "note": notes}
        return [failed, failed, failed]
    between, within = float(np.asarray(fit.cov_re)[0, 0]), float(fit.scale)
    row: dict[str, Any] = {"estimate": float(fit.fe_params[1]), "converged": True, "note": notes}
    error = float(fit.bse_fe[1])
    if np.isfinite(error) and error > 0:
        low, high = fit.conf_int(alpha=1 - confidence)[1]
        row |= {"low": float(low), "high": float(high), "statistic": float(fit.tvalues[1]), "p": float(fit.pvalues[1])}
    else:
        row["note"] = [*notes, "no standard error"]
    row["note"] = [*row["note"], f"z-test with {len(cells)} wells: p is too small with so few"]
    icc = between / (between + within)
    effect = 1 + (float((sizes**2).sum() / sizes.sum()) - 1) * icc
    point = "of the mixed model, without interval"
    return [row, *({"estimate": one, "converged": True, "note": [point]} for one in (icc, effect))]


def fit_guarded(model: MixedLM) -> tuple[Any, list[str]]:
    """Fit a mixed model and trust it only if its numbers can be right.

    An optimiser may call a fit with an infinite likelihood converged; such a fit is tried anew by Powell's
    method, which needs no gradient.

    Parameters
    ----------
    model : statsmodels.regression.mixed_linear_model.MixedLM
        Model with one random intercept.

    Returns
    -------
    fit : MixedLMResults or None
        None where no fit can be trusted.
    notes : list of str
        What a reader must know: a second optimiser, a variance at its boundary, or why there is no fit.
    """
    why = []
    for method in (None, "powell"):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            warnings.simplefilter("ignore", DeprecationWarning)
            warnings.simplefilter("ignore", FutureWarning)
            try:
                fit = model.fit(method=method)
            except (np.linalg.LinAlgError, ValueError) as error:
                why.append(f"{method or 'default'}: {error}")
                continue
        variance = np.asarray(fit.cov_re)
        sound = np.isfinite(fit.llf) and np.isfinite(variance).all() and (variance >= 0).all()
        sound = sound and fit.scale > 0 and np.isfinite(fit.fe_params).all()
        if sound and fit.converged:
            notes = [f"fitted by {method} after the default optimisers failed"] if method else []
            # A warning of the boundary is routine with few wells, and an answer: wells do not differ.
            if variance[0, 0] <= 1e-6 * fit.scale:
                notes.append("variance between wells at its boundary 0")
            elif caught:
                notes.append(str(caught[-1].message).split("\n")[0].rstrip("."))
            return fit, notes
        why.append(f"{method or 'default'}: {'not converged' if sound else 'no finite likelihood or variance'}")
    return None, [f"mixed model not fitted ({'; '.join(why)})"]
