"""Scores against hand-computed values and independent definitions."""

import numpy as np
import pytest
from livedead.cells.scores import bootstrap_scores, count_outcomes, merged_components, score_counts, score_rows
from livedead.desk.errors import DataError
from scipy import stats
from statsmodels.stats.inter_rater import cohens_kappa

# Live: 8 of 10 right, 1 wrong, 1 missed. Dead: 3 right, 2 wrong. Two spurious live, one spurious dead.
TABLE = np.array([[0, 2, 1], [1, 8, 1], [0, 2, 3]])


def nucleus(sequence="a", true="live", predicted="live", border=False, **more):
    row = {"sequence": sequence, "frame": 0, "true_state": true, "predicted_state": predicted}
    row |= {"dominant_state": predicted if predicted != "missed" else None, "coverage": 1.0, "component": None}
    return row | {"touches_border": border} | more


def rows_of(table, sequence="a"):
    names = ["missed", "live", "dead"]
    true = [nucleus(sequence, names[t], names[p]) for t in (1, 2) for p in range(3) for _ in range(table[t, p])]
    beside = [nucleus(sequence, None, names[p]) for p in (1, 2) for _ in range(table[0, p])]
    return true, beside


def test_hand_values():
    scores = score_counts(TABLE)
    expected = {
        "live_as_live": 8 / 9, "live_as_dead": 1 / 9, "dead_as_live": 2 / 5, "dead_as_dead": 3 / 5,
        "precision_live_matched": 8 / 10, "recall_live_matched": 8 / 9, "f1_live_matched": 16 / 19,
        "precision_dead_matched": 3 / 4, "recall_dead_matched": 3 / 5, "f1_dead_matched": 6 / 9,
        "macro_f1_matched": (16 / 19 + 6 / 9) / 2,
        "precision_live_inclusive": 8 / 12, "recall_live_inclusive": 8 / 10, "f1_live_inclusive": 16 / 22,
        "precision_dead_inclusive": 3 / 5, "recall_dead_inclusive": 3 / 5, "f1_dead_inclusive": 6 / 10,
        "macro_f1_inclusive": (16 / 22 + 6 / 10) / 2,
        "accuracy": 11 / 14, "balanced_accuracy": (8 / 9 + 3 / 5) / 2,
        "missed": 1, "spurious": 3, "missed_fraction": 1 / 15,
    }  # fmt: skip
    for name, value in expected.items():
        assert scores[name] == pytest.approx(value), name
    assert scores["kappa"] == pytest.approx(cohens_kappa(TABLE[1:, 1:]).kappa)
    assert set(scores) == {*expected, "kappa"}


def test_absent_classes_are_undefined_and_left_out_of_means():
    only_live = score_counts(np.array([[0, 0, 0], [0, 4, 0], [0, 0, 0]]))
    assert np.isnan(only_live["f1_dead_matched"]) and np.isnan(only_live["dead_as_dead"])
    assert only_live["macro_f1_matched"] == 1
    assert only_live["balanced_accuracy"] == 1
    nothing = score_counts(np.zeros((3, 3)))
    assert np.isnan(nothing["macro_f1_matched"]) and nothing["missed"] == 0


def test_scores_of_many_tables_at_once():
    tables = np.random.default_rng(0).integers(0, 20, (6, 3, 3))
    together = score_counts(tables)
    for number, table in enumerate(tables):
        for name, value in score_counts(table).items():
            assert together[name][number] == pytest.approx(value, nan_ok=True)


def test_counting_per_sequence():
    true, beside = rows_of(TABLE, "b")
    counts = count_outcomes(true, beside, ["a", "b"])
    assert counts.shape == (2, 3, 3)
    assert counts[0].sum() == 0
    assert np.array_equal(counts[1], TABLE)
    with pytest.raises(DataError, match="no test sequence"):
        count_outcomes(true, beside, ["a"])


def test_interior_and_coverage():
    rows = [
        nucleus(border=True),
        nucleus(coverage=0.4),
        nucleus(predicted="missed", dominant_state="dead", coverage=0.3),
    ]
    assert count_outcomes(rows, [], ["a"], interior=True)[0, 1].tolist() == [1, 1, 0]
    assert count_outcomes(rows, [], ["a"], min_coverage=0.3)[0, 1].tolist() == [0, 2, 1]
    assert count_outcomes(rows, [], ["a"], min_coverage=0.5)[0, 1].tolist() == [2, 1, 0]


def test_merged_needs_two_nuclei_of_one_frame():
    rows = [nucleus(component=1), nucleus(component=1), nucleus(component=2), nucleus("b", component=2)]
    rows.append(nucleus(component=2) | {"frame": 1})
    rows.append(nucleus(component=3, border=True))
    rows.append(nucleus(component=3))
    assert merged_components(rows) == 2
    assert merged_components(rows, interior=True) == 1


def cohort(sequences=12, seed=0):
    rng = np.random.default_rng(seed)
    counts = np.zeros((sequences, 3, 3), dtype=int)
    wrong = rng.beta(1, 12, (sequences, 2))
    counts[:, 1, 2] = rng.binomial(60, wrong[:, 0])
    counts[:, 1, 1] = 60 - counts[:, 1, 2]
    counts[:, 2, 1] = rng.binomial(25, wrong[:, 1])
    counts[:, 2, 2] = 25 - counts[:, 2, 1]
    return counts


def test_bootstrap_agrees_with_scipy():
    counts = cohort()

    def macro_f1(*cells, axis):
        tables = np.zeros((*np.sum(cells[0], axis=axis).shape, 3, 3))
        for k, cell in enumerate(cells):
            tables[..., 1 + k // 2, 1 + k % 2] = np.sum(cell, axis=axis)
        return score_counts(tables)["macro_f1_matched"]

    cells = [counts[:, i, j] for i in (1, 2) for j in (1, 2)]
    reference = stats.bootstrap(
        cells, macro_f1, paired=True, vectorized=True, n_resamples=4000, method="percentile", rng=1
    ).confidence_interval
    low, high = bootstrap_scores(counts, 4000, 0.95, 3)["macro_f1_matched"]
    width = reference.high - reference.low
    assert low == pytest.approx(reference.low, abs=0.1 * width)
    assert high == pytest.approx(reference.high, abs=0.1 * width)


def test_bootstrap_is_seeded_and_narrows_with_sequences():
    counts = cohort()
    first = bootstrap_scores(counts, 500, 0.9, 7)
    assert first == bootstrap_scores(counts, 500, 0.9, 7)
    assert first != bootstrap_scores(counts, 500, 0.9, 8)
    low, high = first["accuracy"]
    assert low < score_counts(counts.sum(0))["accuracy"] < high
    many = bootstrap_scores(np.tile(counts, (9, 1, 1)), 500, 0.9, 7)["accuracy"]
    assert many[1] - many[0] == pytest.approx((high - low) / 3, rel=0.3)


def test_equal_sequences_have_no_spread_and_one_has_no_interval():
    same = np.tile(TABLE, (5, 1, 1))
    low, high = bootstrap_scores(same, 200, 0.95, 0)["macro_f1_matched"]
    assert low == high == pytest.approx(score_counts(TABLE)["macro_f1_matched"])
    assert np.isnan(bootstrap_scores(TABLE[None], 200, 0.95, 0)["macro_f1_matched"]).all()


def test_draws_without_a_class_are_left_out():
    counts = np.zeros((3, 3, 3), dtype=int)
    counts[:, 1, 1] = 5
    counts[0, 2, 2] = 3
    assert bootstrap_scores(counts, 300, 0.95, 0)["f1_dead_matched"] == (1.0, 1.0)


def test_rows_of_a_cohort():
    true_a, beside_a = rows_of(TABLE, "a")
    true_b, beside_b = rows_of(TABLE, "b")
    settings = {"sensitivity_coverages": [0.3], "bootstrap_resamples": 200, "confidence": 0.9, "seed": 1}
    rows = score_rows(true_a + true_b, beside_a + beside_b, ["a", "b"], **settings)
    found = {(row["score"], row["subset"]): row for row in rows}
    assert {subset for _, subset in found} == {"all", "interior", "coverage_0.3"}
    assert found["macro_f1_matched", "all"]["value"] == pytest.approx(score_counts(TABLE)["macro_f1_matched"])
    assert found["spurious", "all"]["value"] == 6
    assert ("spurious", "coverage_0.3") not in found
    assert ("f1_live_inclusive", "coverage_0.3") not in found
    assert found["merged", "interior"]["value"] == 0
    assert found["kappa", "all"] | {"sequences": 2, "nuclei": 30, "confidence": 0.9} == found["kappa", "all"]
    with pytest.raises(DataError, match="no true nucleus"):
        score_rows([], [], ["a"], **settings)
