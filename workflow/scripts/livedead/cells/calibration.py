"""Whether a predicted probability of death means what it says."""

from typing import Any

import numpy as np

RELIABILITY_COLUMNS = ["bin", "nuclei", "mean_p_dead", "dead_fraction", "difference"]


def reliability(p_live: np.ndarray, p_dead: np.ndarray, dead: np.ndarray, bins: int = 10) -> list[dict[str, Any]]:
    """
    Compare predicted probability and observed fraction of dead nuclei in bins of equal numbers.

    The probability is dead / (dead + live) of the mean softmax of a nucleus, so background plays no part.
    The last row is the expected calibration error, the mean of the differences weighted by numbers
    (Guo et al., ICML 2017).

    Parameters
    ----------
    p_live, p_dead : numpy.ndarray
        (n,) mean softmax of every true nucleus; nuclei with zero for both are left out.
    dead : numpy.ndarray
        (n,) bool, true state.
    bins : int
        Number of bins; fewer where there are fewer nuclei.

    Returns
    -------
    list of dict
        bin (1.. or ``error``), nuclei, mean_p_dead, dead_fraction, difference; empty without nuclei.
    """
    p_live, p_dead = np.asarray(p_live, dtype=float), np.asarray(p_dead, dtype=float)
    seen = p_live + p_dead > 0
    p = p_dead[seen] / (p_live + p_dead)[seen]
    if p.size == 0:
        return []
    order = np.argsort(p, kind="stable")
    truth = np.asarray(dead, dtype=float)[seen][order]
    rows = []
    for number, part in enumerate(np.array_split(np.arange(p.size), min(bins, p.size)), start=1):
        mean_p, fraction = float(p[order][part].mean()), float(truth[part].mean())
        rows.append(
            {
                "bin": number,
                "nuclei": part.size,
                "mean_p_dead": mean_p,
                "dead_fraction": fraction,
                "difference": fraction - mean_p,
            }
        )
    error = sum(row["nuclei"] * abs(row["difference"]) for row in rows) / p.size
    whole = {"nuclei": p.size, "mean_p_dead": float(p.mean()), "dead_fraction": float(truth.mean())}
    return [*rows, {"bin": "error"} | whole | {"difference": float(error)}]
