"""Reliability of the predicted probability of death."""

import numpy as np
import pytest
from livedead.cells.calibration import reliability


def test_two_bins_by_hand():
    p_dead = np.array([0.1, 0.3, 0.7, 0.9])
    first, second, whole = reliability(1 - p_dead, p_dead, [False, True, True, True], bins=2)
    assert (first["mean_p_dead"], first["dead_fraction"], first["nuclei"]) == pytest.approx((0.2, 0.5, 2))
    assert second["difference"] == pytest.approx(1 - 0.8)
    assert whole["difference"] == pytest.approx((2 * 0.3 + 2 * 0.2) / 4)
    assert whole["bin"] == "error"


def test_background_plays_no_part():
    p = np.array([0.2, 0.4])
    rows = reliability(0.25 * (1 - p), 0.25 * p, [False, False], bins=1)
    assert rows[0]["mean_p_dead"] == pytest.approx(0.3)


def test_honest_probabilities_are_reliable():
    rng = np.random.default_rng(0)
    p = rng.random(20000)
    dead = rng.random(20000) < p
    assert reliability(1 - p, p, dead)[-1]["difference"] < 0.02
    assert reliability(p, 1 - p, dead)[-1]["difference"] > 0.4


def test_nothing_and_little():
    assert reliability([], [], []) == []
    assert reliability([0.0], [0.0], [True]) == []
    assert len(reliability([0.5], [0.5], [True])) == 2
