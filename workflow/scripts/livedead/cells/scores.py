"""Object scores: counts -> the paper's normalised table, precision, recall, F1 and their confidence intervals."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..desk.errors import DataError

#: Rows (truth) and columns (prediction) of a table of counts; none: no nucleus there.
OUTCOMES = ("none", "live", "dead")


def count_outcomes(
    matches: Iterable[Mapping[str, Any]],
    spurious: Iterable[Mapping[str, Any]],
    sequences: Sequence[str],
    *,
    interior: bool = False,
    min_coverage: float | None = None,
) -> np.ndarray:
    """
    Count nuclei by true and predicted state, one table per sequence.

    Parameters
    ----------
    matches, spurious : iterable of mapping
        Rows of `livedead.cells.matching.match_nuclei` with the column sequence.
    sequences : sequence of str
        Sequences in the wanted order; one without nuclei keeps a table of zeros.
    interior : bool
        Leave out the nuclei and components that touch the border of the image.
    min_coverage : float, optional
        Decide anew, from coverage and dominant_state, which nuclei are missed; by default predicted_state
        counts.

    Returns
    -------
    numpy.ndarray
        (S, 3, 3) int64, axes sequence, truth, prediction, in the order none, live, dead. [:, 1:, 0] are
        missed nuclei, [:, 0, 1:] spurious components.

    Raises
    ------
    DataError
        If a row belongs to a sequence that is not listed.
    """
    place = {name: number for number, name in enumerate(sequences)}
    table = np.zeros((len(place), 3, 3), dtype=np.int64)
    for rows, is_true in ((matches, True), (spurious, False)):
        for row in rows:
            if row["sequence"] not in place:
                raise DataError(f"a scored nucleus belongs to {row['sequence']}, which is no test sequence")
            if interior and row["touches_border"]:
                continue
            predicted = row["predicted_state"]
            if is_true and min_coverage is not None:
                seen = row["coverage"] >= min_coverage and row["dominant_state"] is not None
                predicted = row["dominant_state"] if seen else "missed"
            column = 0 if predicted == "missed" else OUTCOMES.index(predicted)
            table[place[row["sequence"]], OUTCOMES.index(row["true_state"]) if is_true else 0, column] += 1
    return table


def merged_components(matches: Iterable[Mapping[str, Any]], *, interior: bool = False) -> int:
    """
    Count the predicted components that cover two or more true nuclei.

    Parameters
    ----------
    matches : iterable of mapping
        Rows of `livedead.cells.matching.match_nuclei` with the columns sequence and frame.
    interior : bool
        Leave out the nuclei that touch the border of the image.

    Returns
    -------
    int
        Number of components.
    """
    seen: dict[tuple, int] = {}
    for row in matches:
        if row["component"] is not None and not (interior and row["touches_border"]):
            key = (row["sequence"], row["frame"], row["component"])
            seen[key] = seen.get(key, 0) + 1
    return sum(number > 1 for number in seen.values())


def score_counts(counts: np.ndarray) -> dict[str, np.ndarray]:
    """
    Score tables of counts.

    "matched" scores look at the 2x2 table of nuclei that were seen, as the paper's tables do; "inclusive"
    ones count missed nuclei against recall and spurious components against precision.

    Parameters
    ----------
    counts : numpy.ndarray
        (..., 3, 3) counts, truth by prediction, in the order none, live, dead; fractions of counts (weights)
        are allowed.

    Returns
    -------
    dict of numpy.ndarray
        Scores of shape (...): live_as_live, live_as_dead, dead_as_live, dead_as_dead (the paper's normalised
        table); precision, recall and f1 of either class, macro_f1, each matched and inclusive; accuracy,
        balanced_accuracy, kappa; missed, spurious, missed_fraction. NaN where a class is absent from truth
        and prediction; means are over the classes that are present.
    """
    counts = np.asarray(counts, dtype=float)
    seen = counts[..., 1:, 1:]
    hits = np.stack([seen[..., 0, 0], seen[..., 1, 1]], axis=-1)
    true, called = seen.sum(axis=-1), seen.sum(axis=-2)
    true_all, called_all = counts[..., 1:, :].sum(axis=-1), counts[..., 1:].sum(axis=-2)
    scores: dict[str, np.ndarray] = {}
    states = OUTCOMES[1:]
    for i, truth in enumerate(states):
        for j, predicted in enumerate(states):
            scores[f"{truth}_as_{predicted}"] = _ratio(seen[..., i, j], true[..., i])
    for kind, rows, columns in (("matched", true, called), ("inclusive", true_all, called_all)):
        single = {
            "precision": _ratio(hits, columns),
            "recall": _ratio(hits, rows),
            "f1": _ratio(2 * hits, rows + columns),
        }
        for name, values in single.items():
            scores |= {f"{name}_{state}_{kind}": values[..., i] for i, state in enumerate(states)}
        scores[f"macro_f1_{kind}"] = _mean_of_present(single["f1"])
    total = seen.sum(axis=(-2, -1))
    agreement = _ratio(hits.sum(axis=-1), total)
    chance = _ratio((true * called).sum(axis=-1), total**2)
    scores["accuracy"] = agreement
    scores["balanced_accuracy"] = _mean_of_present(_ratio(hits, true))
    # Cohen, Educ. Psychol. Meas. 20:37 (1960).
    scores["kappa"] = _ratio(agreement - chance, 1 - chance)
    scores["missed"] = counts[..., 1:, 0].sum(axis=-1)
    scores["spurious"] = counts[..., 0, 1:].sum(axis=-1)
    scores["missed_fraction"] = _ratio(scores["missed"], true_all.sum(axis=-1))
    return scores


def bootstrap_scores(
    counts: np.ndarray, resamples: int, confidence: float, seed: int
) -> dict[str, tuple[float, float]]:
    """
    Find percentile confidence intervals of all scores by drawing whole sequences with replacement.

    Nuclei and frames of one film resemble each other; only sequences are independent draws.

    Parameters
    ----------
    counts : numpy.ndarray
        (S, 3, 3) counts of S sequences.
    resamples : int
        Number of draws.
    confidence : float
        Coverage of the interval, 0..1.
    seed : int
        Root of the draws.

    Returns
    -------
    dict
        Score -> (low, high), NaN with fewer than two sequences. Draws in which a score is undefined are left
        out of its interval.
    """
    number = len(counts)
    if number < 2:
        return dict.fromkeys(score_counts(np.zeros((3, 3))), (float("nan"), float("nan")))
    draws = np.random.default_rng(seed).multinomial(number, np.full(number, 1 / number), size=resamples)
    tail = (1 - confidence) / 2
    intervals = {}
    for name, values in score_counts(np.tensordot(draws, counts, axes=1)).items():
        defined = values[~np.isnan(values)]
        low, high = np.quantile(defined, [tail, 1 - tail]) if defined.size else (np.nan, np.nan)
        intervals[name] = (float(low), float(high))
    return intervals


def score_rows(
    matches: Sequence[Mapping[str, Any]],
    spurious: Sequence[Mapping[str, Any]],
    sequences: Sequence[str],
    *,
    sensitivity_coverages: Sequence[float],
    bootstrap_resamples: int,
    confidence: float,
    seed: int,
) -> list[dict[str, Any]]:
    """
    Score the test sequences of a cohort, all nuclei and without border nuclei, and at other coverages.

    Parameters
    ----------
    matches, spurious : sequence of mapping
        Rows of `livedead.cells.matching.match_nuclei` of all test sequences, with sequence and frame.
    sequences : sequence of str
        Test sequences.
    sensitivity_coverages : sequence of float
        Coverages below which a nucleus counts as missed, in place of the main one; spurious components do not
        depend on it here, so inclusive scores keep to the main one.
    bootstrap_resamples : int
        Number of draws of sequences.
    confidence : float
        Coverage of the intervals, 0..1.
    seed : int
        Root of the draws.

    Returns
    -------
    list of dict
        score, subset (all, interior, coverage_<c>), value, low, high, confidence, sequences, nuclei, unit.

    Raises
    ------
    DataError
        If there is no true nucleus in any test sequence.
    """
    if not matches:
        raise DataError(
            f"the test sequences {', '.join(sequences)} hold no true nucleus: nothing can be scored; check their "
            "labels or choose other test sequences"
        )
    tables = {
        "all": count_outcomes(matches, spurious, sequences),
        "interior": count_outcomes(matches, spurious, sequences, interior=True),
    }
    tables |= {
        f"coverage_{coverage:g}": count_outcomes(matches, spurious, sequences, min_coverage=coverage)
        for coverage in sensitivity_coverages
    }
    rows = []
    for subset, counts in tables.items():
        common = {"confidence": confidence, "sequences": len(sequences), "nuclei": int(counts[:, 1:].sum())}
        intervals = bootstrap_scores(counts, bootstrap_resamples, confidence, seed)
        for name, value in score_counts(counts.sum(axis=0)).items():
            if subset.startswith("coverage") and (name == "spurious" or name.endswith("inclusive")):
                continue
            low, high = intervals[name]
            counted = name in ("missed", "spurious")
            value, unit = (int(value), "nuclei") if counted else (float(value), "1")
            rows.append(
                {"score": name, "subset": subset, "value": value, "low": low, "high": high, "unit": unit} | common
            )
        if not subset.startswith("coverage"):
            merged = merged_components(matches, interior=subset == "interior")
            rows.append({"score": "merged", "subset": subset, "value": merged, "unit": "components"} | common)
    return rows


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Divide; NaN where the whole is zero."""
    part, whole = np.broadcast_arrays(part, whole)
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole != 0)


def _mean_of_present(values: np.ndarray) -> np.ndarray:
    """Average over the last axis without NaN; NaN where all are."""
    present = ~np.isnan(values)
    return _ratio(np.where(present, values, 0.0).sum(axis=-1), present.sum(axis=-1).astype(float))
