"""From single times to intervals: "during t = a to b h", by runs of significant times and by clusters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import stats

from .growth import ARMS, Growth, on_scale

INTERVAL_COLUMNS = ["quantity", "method", "from_h", "to_h", "points", "mass", "p", "note"]
# Method of the runs -> its column of p.
METHODS = {"pooled": "p_pooled", "welch": "p_welch", "holm": "p_holm", "bh": "p_bh"}
# Bounds the memory, whatever the number of permutations.
PERMUTED_AT_ONCE = 500


def runs_of(significant: Sequence[bool], sign: Sequence[float]) -> list[tuple[int, int]]:
    """Find runs of consecutive significant values of one sign.

    Parameters
    ----------
    significant : sequence of bool
        (T,).
    sign : sequence of float
        (T,) numbers of which only the sign counts: where it turns, a run ends.

    Returns
    -------
    list of tuple of int
        First and last index of each run, both included.
    """
    level = np.where(np.asarray(significant, bool), np.sign(np.asarray(sign, float)), 0)
    edges = np.flatnonzero(np.diff(level, prepend=0, append=0))
    return [(int(a), int(b) - 1) for a, b in zip(edges, edges[1:], strict=False) if level[a]]


def longest_runs(quantity: str, rows: Sequence[Mapping[str, Any]], significance: float) -> list[dict[str, Any]]:
    """Find the longest run of significant times of a quantity by each method.

    Parameters
    ----------
    quantity : str
        Name of the quantity.
    rows : sequence of mapping
        Rows of `livedead.motion.comparison.compare_times` of this quantity, in the order of time.
    significance : float
        Level below which p is significant.

    Returns
    -------
    list of dict
        One row per method of `METHODS` with `INTERVAL_COLUMNS`; the first of equally long runs; p is the largest
        within it. Without any, or with significant times outside of it, `note` says so.
    """
    found = []
    for method, column in METHODS.items():
        significant = [row[column] is not None and row[column] < significance for row in rows]
        # Two arms with one mean have no sign; nor are they significant.
        runs = runs_of(significant, [row["difference"] or 0 for row in rows])
        row = {"quantity": quantity, "method": method, "points": 0}
        if runs:
            first, last = max(runs, key=lambda run: run[1] - run[0])
            inside = rows[first : last + 1]
            row |= {"from_h": inside[0]["time_h"], "to_h": inside[-1]["time_h"], "points": len(inside)}
            row["p"] = max(one[column] for one in inside)
            others = [one["time_h"] for one, yes in zip(rows, significant, strict=True) if yes and one not in inside]
            row["note"] = f"also significant at {', '.join(f'{t:g}' for t in others)} h" if others else None
        else:
            untested = sum(one[column] is None for one in rows)
            row["note"] = "no significant time" + (f"; {untested} of {len(rows)} not tested" if untested else "")
        found.append({column: row.get(column) for column in INTERVAL_COLUMNS})
    return found


def find_clusters(
    values: np.ndarray, in_first: np.ndarray, *, significance: float, resamples: int, seed: int
) -> list[dict[str, Any]]:
    """Test whole intervals by permuting the cells between the arms (cluster mass).

    A cluster is a run of times at which Welch's t passes its critical value with one sign; its mass is the sum
    of abs(t). Its p is the share of permutations whose heaviest cluster, of either sign, weighs as much, the
    data counted as one of them: one test for all times (Maris & Oostenveld, J. Neurosci. Methods 164:177, 2007).

    Parameters
    ----------
    values : numpy.ndarray
        (N, T) float64, NaN where a cell was not seen.
    in_first : numpy.ndarray
        (N,) bool, cells of the first arm.
    significance : float
        Two-sided level of the critical value at each time.
    resamples : int
        Number of permutations.
    seed : int
        Root of the permutations.

    Returns
    -------
    list of dict
        first, last (indices of times, both included), mass, p of each cluster, in the order of time.
    """
    known = np.isfinite(values)
    # Centred at each time, so that sums of squares keep their digits.
    counts = np.maximum(known.sum(0), 1)
    centred = np.where(known, values - np.where(known, values, 0).sum(0) / counts, 0.0)
    t, critical = _welch(centred, known, in_first[np.newaxis], significance)
    runs = runs_of(np.abs(t[0]) > critical[0], t[0])
    own = [float(np.abs(t[0, first : last + 1]).sum()) for first, last in runs]
    rng = np.random.default_rng(seed)
    heaviest = []
    for start in range(0, resamples, PERMUTED_AT_ONCE):
        number = min(PERMUTED_AT_ONCE, resamples - start)
        shuffled = rng.permuted(np.tile(in_first, (number, 1)), axis=1)
        heaviest.append(_heaviest(*_welch(centred, known, shuffled, significance)))
    # The data are one of the permutations; what rounds apart weighs the same.
    reached = [1 + sum(int((part >= mass * (1 - 1e-12)).sum()) for part in heaviest) for mass in own]
    return [
        {"first": first, "last": last, "mass": mass, "p": number / (1 + resamples)}
        for (first, last), mass, number in zip(runs, own, reached, strict=True)
    ]


def _heaviest(t: np.ndarray, critical: np.ndarray) -> np.ndarray:
    """Find the mass of the heaviest cluster of each of R rows of t, (R, T)."""
    sign = np.where(np.abs(t) > critical, np.sign(t), 0.0)
    heaviest = mass = np.zeros(len(t))
    before = np.zeros(len(t))
    for column in range(t.shape[1]):
        now = sign[:, column]
        mass = np.where(now != 0, np.abs(t[:, column]) + np.where(now == before, mass, 0.0), 0.0)
        heaviest, before = np.maximum(heaviest, mass), now
    return heaviest


def _welch(
    values: np.ndarray, known: np.ndarray, in_first: np.ndarray, significance: float
) -> tuple[np.ndarray, np.ndarray]:
    """Find Welch's t and its critical value at T times for R assignments (R, N) of cells to the first arm."""
    with np.errstate(divide="ignore", invalid="ignore"):
        moments = []
        for members in (in_first.astype(float), (~in_first).astype(float)):
            n, total, squares = (members @ array for array in (known.astype(float), values, values**2))
            variance = np.maximum(squares - total**2 / n, 0) / (n - 1)
            moments.append((n, total / n, variance / n))
        (n1, mean1, v1), (n2, mean2, v2) = moments
        t = (mean1 - mean2) / np.sqrt(v1 + v2)
        df = (v1 + v2) ** 2 / (v1**2 / (n1 - 1) + v2**2 / (n2 - 1))
        usable = np.isfinite(t) & np.isfinite(df)
        return np.where(usable, t, 0.0), np.where(usable, stats.t.isf(significance / 2, df), np.inf)


def cluster_rows(growth: Growth, *, scale: str, significance: float, resamples: int, seed: int) -> list[dict[str, Any]]:
    """List the significant intervals of a quantity by cluster-mass permutation.

    Parameters
    ----------
    growth : Growth
        Ratios to the start, which itself is left out.
    scale : {"ratio", "log_ratio"}
        Scale of the test.
    significance, resamples, seed : float, int, int
        See `find_clusters`.

    Returns
    -------
    list of dict
        Rows with `INTERVAL_COLUMNS`, one per significant cluster; one without times where there is none, with
        its reason.
    """
    blank = dict.fromkeys(INTERVAL_COLUMNS) | {"quantity": growth.quantity, "method": "cluster", "points": 0}
    sizes = [int((growth.condition == arm).sum()) for arm in ARMS]
    if min(sizes) < 2:
        return [blank | {"note": f"{sizes[0]} stained and {sizes[1]} unstained cells: no test"}]
    values, times = on_scale(growth, scale).values[:, 1:], growth.times_h[1:]
    stained = growth.condition == ARMS[0]
    clusters = find_clusters(values, stained, significance=significance, resamples=resamples, seed=seed)
    rows = [
        blank
        | {"from_h": float(times[one["first"]]), "to_h": float(times[one["last"]]), "mass": one["mass"], "p": one["p"]}
        | {"points": one["last"] - one["first"] + 1}
        for one in clusters
        if one["p"] < significance
    ]
    if rows:
        return rows
    if not clusters:
        return [blank | {"note": "no cluster: no time passes the critical value of t"}]
    best = min(clusters, key=lambda one: one["p"])
    where = f"{times[best['first']]:g} to {times[best['last']]:g} h"
    return [blank | {"mass": best["mass"], "p": best["p"], "note": f"no significant cluster; the heaviest: {where}"}]
