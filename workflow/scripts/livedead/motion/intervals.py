"""From single times to intervals: "during t = a to b h", by runs of significant times and by clusters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from scipy import stats

from .growth import Growth, on_scale, well_curves, why_no_wells

INTERVAL_COLUMNS = ["quantity", "method", "from_h", "to_h", "points", "mass", "p", "note"]
# Method of the runs -> its column of p.
METHODS = {"pooled": "p_pooled", "welch": "p_welch", "holm": "p_holm", "bh": "p_bh"}
# Bounds the memory, whatever the number of rearrangements.
REARRANGED_AT_ONCE = 500


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
    curves: np.ndarray, in_first: np.ndarray, *, significance: float, resamples: int, seed: int
) -> list[list[dict[str, Any]]]:
    """Test whole intervals by rearranging the wells between the arms (cluster mass).

    A cluster is a run of times at which the t of the wells' means passes its critical value with one sign; its
    mass is the sum of abs(t). Its p is the share of rearrangements whose heaviest cluster, of any quantity and
    either sign, weighs as much: one test for all times and quantities (Maris & Oostenveld, J. Neurosci. Methods
    164:177, 2007). `rearranged` says how wells are rearranged.

    Parameters
    ----------
    curves : numpy.ndarray
        (Q, W, T) float64, mean of every well; a time at which a quantity has a NaN is not tested.
    in_first : numpy.ndarray
        (W,) bool, wells of the first arm; two or more in each arm.
    significance : float
        Two-sided level of the critical value at each time.
    resamples, seed : int
        See `rearranged`.

    Returns
    -------
    list of list of dict
        For each quantity first, last (indices of times, both included), mass, p of each cluster, in the order of
        time.
    """
    contrasts, exact = rearranged(in_first, significance, resamples, seed)
    # Centred at each time, so that sums of squares keep their digits.
    centred = curves - curves.mean(1, keepdims=True)
    critical = stats.t.isf(significance / 2, len(in_first) - 2)
    own = [_t(_contrast(in_first)[np.newaxis], one)[0] for one in centred]
    heaviest = np.concatenate(
        [
            np.max([_heaviest(_t(part, one), critical) for one in centred], axis=0)
            for part in np.array_split(contrasts, math.ceil(len(contrasts) / REARRANGED_AT_ONCE))
        ]
    )
    found = []
    for t in own:
        clusters = []
        for first, last in runs_of(np.abs(t) > critical, t):
            mass = float(np.abs(t[first : last + 1]).sum())
            # What rounds apart weighs the same. Where not all arrangements are tried, the data are one more of them.
            reached = int((heaviest >= mass * (1 - 1e-9)).sum())
            p = reached / len(heaviest) if exact else (1 + reached) / (1 + len(heaviest))
            clusters.append({"first": first, "last": last, "mass": mass, "p": p})
        found.append(clusters)
    return found


def rearranged(in_first: np.ndarray, significance: float, resamples: int, seed: int) -> tuple[np.ndarray, bool]:
    """Draw the contrasts between the arms that would be as likely if the arms did not differ.

    Wells are permuted where that can give a significant p: three wells of each arm, with 20 arrangements, cannot
    give one below 0.1. There wells are rotated instead (Langsrud, Stat. Comput. 15:53, 2005): the contrast points
    anywhere, not only at other arrangements, which is exact if wells scatter normally.

    Parameters
    ----------
    in_first : numpy.ndarray
        (W,) bool, wells of the first arm.
    significance : float
        Level that p must be able to fall below.
    resamples : int
        Number of contrasts; arrangements are all tried where there are no more.
    seed : int
        Root of the draws.

    Returns
    -------
    contrasts : numpy.ndarray
        (B, W) float64; a contrast times curves is a difference of the arms.
    exact : bool
        Whether these are all arrangements, that of the data included.
    """
    rng, number = np.random.default_rng(seed), len(in_first)
    arrangements = math.comb(number, int(in_first.sum()))
    if 2 / arrangements >= significance:
        directions = rng.normal(size=(resamples, number))
        directions -= directions.mean(1, keepdims=True)
        length = np.linalg.norm(_contrast(in_first))
        return directions * (length / np.linalg.norm(directions, axis=1, keepdims=True)), False
    if arrangements <= resamples:
        members = np.zeros((arrangements, number), bool)
        for row, chosen in zip(members, combinations(range(number), int(in_first.sum())), strict=True):
            row[list(chosen)] = True
        return np.array([_contrast(row) for row in members]), True
    return rng.permuted(np.tile(_contrast(in_first), (resamples, 1)), axis=1), False


def _contrast(in_first: np.ndarray) -> np.ndarray:
    """Weights of the wells, (W,), that make the mean of the first arm minus that of the second."""
    return np.where(in_first, 1 / in_first.sum(), -1 / (~in_first).sum())


def _t(contrasts: np.ndarray, centred: np.ndarray) -> np.ndarray:
    """Find t with pooled variance, (B, T), of B contrasts (B, W) of centred curves (W, T); 0 where there is none.

    All contrasts have one length, so what they take from the sum of squares follows from the difference alone.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        difference, length = contrasts @ centred, (contrasts[0] ** 2).sum()
        within = np.maximum((centred**2).sum(0) - difference**2 / length, 0) / (len(centred) - 2)
        t = difference / np.sqrt(within * length)
    return np.where(np.isfinite(t), t, 0.0)


def _heaviest(t: np.ndarray, critical: float) -> np.ndarray:
    """Find the mass of the heaviest cluster of each of B rows of t, (B, T)."""
    sign = np.where(np.abs(t) > critical, np.sign(t), 0.0)
    heaviest = mass = np.zeros(len(t))
    before = np.zeros(len(t))
    for column in range(t.shape[1]):
        now = sign[:, column]
        mass = np.where(now != 0, np.abs(t[:, column]) + np.where(now == before, mass, 0.0), 0.0)
        heaviest, before = np.maximum(heaviest, mass), now
    return heaviest


def cluster_rows(
    growths: Iterable[Growth], *, scale: str, significance: float, resamples: int, seed: int
) -> list[dict[str, Any]]:
    """List the significant intervals of all quantities by the masses of their clusters.

    Parameters
    ----------
    growths : iterable of Growth
        Ratios to the start, which itself is left out, one per quantity.
    scale : {"ratio", "log_ratio"}
        Scale of the test.
    significance, resamples, seed : float, int, int
        See `find_clusters`.

    Returns
    -------
    list of dict
        Rows with `INTERVAL_COLUMNS`, one per significant cluster; for a quantity without any, one without times,
        with the reason.
    """
    growths = list(growths)
    of_wells = [well_curves(on_scale(growth, scale)) for growth in growths]
    blanks = [
        dict.fromkeys(INTERVAL_COLUMNS) | {"quantity": growth.quantity, "method": "cluster", "points": 0}
        for growth in growths
    ]
    in_first = of_wells[0][1]
    reason = why_no_wells(in_first)
    if reason:
        return [blank | {"note": reason} for blank in blanks]
    curves = np.array([curves[:, 1:] for curves, _ in of_wells])
    found = find_clusters(curves, in_first, significance=significance, resamples=resamples, seed=seed)
    rows = []
    for blank, growth, one, clusters in zip(blanks, growths, curves, found, strict=True):
        rows += _rows_of(blank, growth.times_h[1:], one, clusters, significance)
    return rows


def _rows_of(
    blank: Mapping[str, Any],
    times: np.ndarray,
    curves: np.ndarray,
    clusters: Sequence[Mapping[str, Any]],
    significance: float,
) -> list[dict[str, Any]]:
    """Lay out the clusters of one quantity."""
    untested = times[~np.isfinite(curves).all(0)]
    gaps = f"a well without cells, not tested: {', '.join(f'{t:g}' for t in untested)} h" if len(untested) else None
    rows = [
        {
            **blank,
            **{"from_h": float(times[one["first"]]), "to_h": float(times[one["last"]])},
            **{"points": one["last"] - one["first"] + 1, "mass": one["mass"], "p": one["p"], "note": gaps},
        }
        for one in clusters
        if one["p"] < significance
    ]
    if rows:
        return rows
    row, note = dict(blank), "no cluster: no time passes the critical value of t"
    if clusters:
        best = min(clusters, key=lambda one: one["p"])
        row |= {"mass": best["mass"], "p": best["p"]}
        note = f"no significant cluster; the heaviest: {times[best['first']]:g} to {times[best['last']]:g} h"
    return [row | {"note": "; ".join(filter(None, [note, gaps]))}]
