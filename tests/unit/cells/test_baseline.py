"""Regression on mean phase and area."""

import numpy as np
import pytest
import statsmodels.api as sm
from livedead.cells.baseline import nucleus_features, score_baseline, sequence_features
from livedead.desk.errors import DataError


def nuclei(n, shift, seed, dead_fraction=0.5):
    rng = np.random.default_rng(seed)
    dead = rng.random(n) < dead_fraction
    features = np.column_stack([rng.normal(1.0 + shift * 0.2 * dead, 0.2), rng.normal(200, 30, n)])
    return features, dead


def score(train, test):
    return {row["score"]: row["value"] for row in score_baseline(*train, *test)}


def test_features_by_hand():
    instances = np.array([[1, 1, 0, 3], [1, 1, 0, 3]])
    truth = np.where(instances == 3, 2, instances > 0)
    phase = np.array([[1.0, 2, 9, 5], [3, 4, 9, 7]])
    features, dead = nucleus_features(truth, instances, phase, 0.5)
    assert features.tolist() == [[2.5, 1.0], [6.0, 0.5]]
    assert dead.tolist() == [False, True]


def test_known_separation():
    # Two Gaussians two standard deviations apart: the best rule is right in Phi(1) = 84.1 %.
    result = score(nuclei(4000, 2, 0), nuclei(4000, 2, 1))
    assert result["macro_f1_matched"] == pytest.approx(0.841, abs=0.015)
    assert result["balanced_accuracy"] == pytest.approx(0.841, abs=0.015)
    assert (result["training_nuclei"], result["test_nuclei"]) == (4000, 4000)


def test_coefficients_are_those_of_plain_maximum_likelihood():
    features, dead = nuclei(800, 2, 0)
    result = score((features, dead), (features, dead))
    design = sm.add_constant((features - features.mean(0)) / features.std(0))
    plain = sm.Logit(dead.astype(float), design).fit(disp=0).params
    found = [result[name] for name in ("intercept", "coefficient_mean_phase", "coefficient_area")]
    assert found == pytest.approx(plain, abs=0.01)


def test_nothing_to_learn_is_chance():
    result = score(nuclei(3000, 0, 0), nuclei(3000, 0, 1))
    assert result["balanced_accuracy"] == pytest.approx(0.5, abs=0.03)


def test_rare_class_is_not_given_up():
    result = score(nuclei(4000, 2, 0, 0.06), nuclei(4000, 2, 1, 0.06))
    assert result["f1_dead_matched"] > 0.35


def test_separable_data():
    result = score(nuclei(200, 50, 0), nuclei(200, 50, 1))
    assert result["macro_f1_matched"] == 1
    assert np.isfinite(result["coefficient_mean_phase"])


def test_constant_feature():
    features, dead = nuclei(300, 3, 0)
    features[:, 1] = 7.0
    assert score((features, dead), (features, dead))["macro_f1_matched"] > 0.8


def test_one_state_in_training():
    features, dead = nuclei(100, 2, 0)
    result = score((features[~dead], dead[~dead]), (features, dead))
    assert result["f1_dead_matched"] == 0
    assert np.isnan(result["coefficient_area"])


def test_bad_input():
    good = nuclei(20, 1, 0)
    none = np.zeros((0, 2)), np.zeros(0, dtype=bool)
    with pytest.raises(DataError, match="test sequences hold no nucleus"):
        score(good, none)
    with pytest.raises(DataError, match="training sequences hold no nucleus"):
        score(none, good)
    with pytest.raises(DataError, match="not finite"):
        score((np.full((2, 2), np.nan), np.array([True, False])), good)


def test_sequences_are_joined_and_may_be_empty():
    one = np.ones((1, 3, 3), dtype=int)
    stacks = [([2 * one, 0 * one], [one, 0 * one], [1.5 * one, one])]
    features, dead = sequence_features(stacks, 2.0)
    assert features.tolist() == [[1.5, 36.0]]
    assert dead.tolist() == [True]
    assert sequence_features([], 1.0)[0].shape == (0, 2)
