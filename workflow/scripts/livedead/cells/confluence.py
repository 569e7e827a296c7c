"""Scores of the nuclei in fields of low, medium and high confluence, and whether they differ."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import stats

from .scores import bootstrap_scores, count_outcomes, score_counts

CONFLUENCES = ("low", "medium", "high")
#: Films whose confluence the sheet does not tell.
UNKNOWN = "NA"
#: Scores of a group of films and their names in the table.
SCORES = {
    "accuracy": "accuracy",
    "live_as_live": "sensitivity_live",
    "dead_as_dead": "sensitivity_dead",
    "macro_f1_matched": "macro_f1",
}
COLUMNS = (
    "confluence", "films", "nuclei", "live_nuclei", "dead_nuclei", "accuracy", "sensitivity_live",
    "sensitivity_dead", "macro_f1", "low", "high", "confidence", "missed", "spurious", "data", "note",
)  # fmt: skip
TEST_COLUMNS = ("score", "value", "p", "smallest_p", "permutations", "exact", "films", "groups", "data", "note")


def confluence_rows(
    matches: Sequence[Mapping[str, Any]],
    spurious: Sequence[Mapping[str, Any]],
    confluences: Mapping[str, str | None],
    *,
    bootstrap_resamples: int,
    confidence: float,
    seed: int,
) -> list[dict[str, Any]]:
    """
    Score the nuclei of the test films of each confluence.

    Parameters
    ----------
    matches, spurious : sequence of mapping
        Rows of `livedead.cells.matching.match_nuclei` of all test films, with the column sequence.
    confluences : mapping of str to str
        Confluence of every test film as in the sheet; None where it does not tell.
    bootstrap_resamples : int
        Number of draws of films.
    confidence : float
        Coverage of the interval of the mean F1, 0..1.
    seed : int
        Root of the draws.

    Returns
    -------
    list of dict
        One row per confluence that occurs, low to high, then ``NA`` for films without one: columns `COLUMNS`
        without data. Numbers are None where they cannot be given; the note says why.
    """
    counts = count_outcomes(matches, spurious, list(confluences))
    groups = _groups(confluences)
    rows = []
    for name, films in groups.items():
        table = counts[films].sum(axis=0)
        scores = score_counts(table)
        low, high = bootstrap_scores(counts[films], bootstrap_resamples, confidence, seed)["macro_f1_matched"]
        live, dead = (int(table[state].sum()) for state in (1, 2))
        rows.append(
            {
                "confluence": name,
                "films": len(films),
                "nuclei": live + dead,
                "live_nuclei": live,
                "dead_nuclei": dead,
                **{column: _known(scores[score]) for score, column in SCORES.items()},
                "low": _known(low),
                "high": _known(high),
                "confidence": confidence,
                "missed": int(scores["missed"]),
                "spurious": int(scores["spurious"]),
                "note": _note(len(films), live, dead),
            }
        )
    return rows


def confluence_test(
    matches: Sequence[Mapping[str, Any]],
    spurious: Sequence[Mapping[str, Any]],
    confluences: Mapping[str, str | None],
    *,
    resamples: int,
    seed: int,
) -> dict[str, Any]:
    """
    Test by permutation of whole films whether the mean object F1 depends on confluence.

    Films, not nuclei, are exchanged between the groups, since the nuclei of one film resemble each other. The
    statistic is the largest difference of mean F1 between two groups. Every permutation of the films is taken
    where there are no more than `resamples`.

    Parameters
    ----------
    matches, spurious : sequence of mapping
        Rows of `livedead.cells.matching.match_nuclei` of all test films, with the column sequence.
    confluences : mapping of str to str
        Confluence of every test film; those without one take no part.
    resamples : int
        Number of random permutations where there are more.
    seed : int
        Root of the permutations.

    Returns
    -------
    dict
        Columns `TEST_COLUMNS` without data: the difference, its p, the smallest p these films can give, number
        of permutations, whether these are all, films and groups; the note says why p is None, or why it
        cannot become small.

    References
    ----------
    Phipson and Smyth, Stat. Appl. Genet. Mol. Biol. 9:39 (2010): p of a permutation test is never 0.
    """
    known = {name: confluence for name, confluence in confluences.items() if confluence in CONFLUENCES}
    groups = _groups(known)
    row = dict.fromkeys(TEST_COLUMNS[:-2]) | {"score": "macro_f1_matched", "films": len(known), "groups": len(groups)}
    if len(groups) < 2:
        return row | {"note": "fewer than two confluences among the test films: nothing to compare"}
    here = [film for film in matches if film["sequence"] in known]
    beside = [film for film in spurious if film["sequence"] in known]
    counts = count_outcomes(here, beside, list(known))

    names = list(groups)
    labels = np.array([names.index(confluence) for confluence in known.values()], float)

    def spread(labels: np.ndarray) -> float:
        pooled = np.stack([counts[labels == number].sum(axis=0) for number in range(len(names))])
        return float(np.ptp(score_counts(pooled)["macro_f1_matched"]))

    value = spread(labels)
    if np.isnan(value):
        return row | {"note": "a confluence without a matched nucleus: no mean F1 to compare"}
    if len(known) == len(groups):
        return row | {"value": value, "note": "one film per confluence: films cannot be exchanged, no test"}
    # An arrangement with a group without a matched nucleus has no spread; it counts as no difference.
    result = stats.permutation_test(
        [labels],
        lambda shuffled: float(np.nan_to_num(spread(shuffled))),
        permutation_type="pairings",
        vectorized=False,
        n_resamples=resamples,
        alternative="greater",
        rng=np.random.default_rng(seed),
    )
    reached = result.null_distribution
    arrangements = math.factorial(len(known))
    exact = arrangements <= resamples
    if exact:
        smallest = float(np.mean(reached >= reached.max() - 1e-12))
    else:
        smallest = max(1 / (resamples + 1), _alike([len(films) for films in groups.values()]) / arrangements)
    told = "these films are too few for a p below 0.05" if smallest >= 0.05 else "p of exchanged films"
    return row | {
        "value": value,
        "p": float(result.pvalue),
        "smallest_p": smallest,
        "permutations": len(reached),
        "exact": exact,
        "note": told,
    }


def _alike(sizes: Sequence[int]) -> int:
    """Count the orders of the films that give one spread: within groups, and of groups of equal size."""
    return math.prod(map(math.factorial, sizes)) * math.prod(map(math.factorial, Counter(sizes).values()))


def _groups(confluences: Mapping[str, str | None]) -> dict[str, list[int]]:
    """Places of the films of each confluence that occurs, in order."""
    named = [UNKNOWN if confluence is None else confluence for confluence in confluences.values()]
    found = {name: [i for i, own in enumerate(named) if own == name] for name in (*CONFLUENCES, UNKNOWN)}
    return {name: films for name, films in found.items() if films}


def _note(films: int, live: int, dead: int) -> str | None:
    absent = [state for state, number in (("live", live), ("dead", dead)) if not number]
    told = [f"no true {' or '.join(absent)} nucleus"] * bool(absent)
    told += ["one film: no interval"] * (films < 2)
    return "; ".join(told) or None


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
