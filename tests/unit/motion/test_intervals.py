import numpy as np
import pytest
from livedead.motion.comparison import compare_times
from livedead.motion.intervals import INTERVAL_COLUMNS, cluster_rows, find_clusters, longest_runs, rearranged, runs_of
from scipy import stats

from tests.unit.motion.cohorts import growth, small

SETTINGS = {"scale": "ratio", "significance": 0.05}


def intervals(cells, resamples=199, seed=0):
    runs = longest_runs(cells.quantity, compare_times([cells], confidence=0.95, **SETTINGS), 0.05)
    return [*runs, *cluster_rows([cells], resamples=resamples, seed=seed, **SETTINGS)]


def test_runs_end_where_the_sign_turns():
    assert runs_of([1, 1, 0, 1, 1, 1], [1, 2, 3, 1, -1, -1]) == [(0, 1), (3, 3), (4, 5)]
    assert runs_of([0, 0], [1, 1]) == []
    assert runs_of([], []) == []


def test_the_longest_run_of_each_method():
    p = [0.01, 0.2, 0.03, 0.04, None, 0.001]
    rows = [
        {"time_h": hour, "difference": 1.0, "p_pooled": one, "p_welch": one, "p_holm": None, "p_bh": 0.5}
        for hour, one in enumerate(p, start=1)
    ]
    pooled, welch, holm, bh = longest_runs("area", rows, 0.05)
    assert pooled == dict(zip(INTERVAL_COLUMNS, (
        "area", "pooled", 3, 4, 2, None, 0.04, "also significant at 1, 6 h"
    ), strict=True))  # fmt: skip
    assert (welch["from_h"], welch["to_h"]) == (3, 4)
    assert (holm["points"], holm["from_h"], holm["note"]) == (0, None, "no significant time; 6 of 6 not tested")
    assert (bh["p"], bh["note"]) == (None, "no significant time")


# A standardised difference of 2.2: six wells have four degrees of freedom, and Holm wants t above 7 of them.
@pytest.mark.parametrize(("window", "seed"), [((2, 7), 1), ((2, 7), 2), ((2, 5), 3), ((2, 5), 4)])
def test_a_true_window_is_found(window, seed):
    found = intervals(growth(seed, difference=0.45, window_h=window))
    assert {row["method"] for row in found} == {"pooled", "welch", "holm", "bh", "cluster"}
    for row in found:
        assert row["from_h"] == pytest.approx(window[0], abs=0.5), row
        assert row["to_h"] == pytest.approx(window[1], abs=0.5), row


# Wells of one arm that resemble one another no more than those of both, and wells that differ.
@pytest.mark.parametrize("well_sd", [0.0, 0.06])
def test_family_wise_error_of_corrected_methods(well_sd):
    runs = 200
    wrong = {"pooled": 0, "holm": 0, "bh": 0, "cluster": 0}
    for seed in range(runs):
        cells = growth(seed, sd=0.1, well_sd=well_sd)
        found = {row["method"]: row for row in intervals(cells, resamples=99, seed=seed)}
        for method in wrong:
            wrong[method] += found[method]["points"] > 0
    most = stats.binom.isf(1e-3, runs, 0.05)
    assert max(wrong["holm"], wrong["bh"], wrong["cluster"]) <= most
    # The cluster test uses its level up; 24 uncorrected tests go far beyond theirs.
    assert wrong["cluster"] >= stats.binom.ppf(1e-3, runs, 0.05)
    assert wrong["pooled"] > 2 * most


def test_cluster_mass_against_all_arrangements():
    curves = np.array([[1.0, 4.0], [1.5, 5.0], [2.0, 4.5], [1.8, 4.9], [0.5, 1.0], [1.2, 1.5], [0.7, 0.4], [1.1, 1.6]])
    first = np.array([True] * 4 + [False] * 4)
    ((cluster,),) = find_clusters(curves[np.newaxis], first, significance=0.01, resamples=99, seed=0)
    t = stats.ttest_ind(curves[:4], curves[4:]).statistic
    assert (cluster["first"], cluster["last"]) == (1, 1)
    assert cluster["mass"] == pytest.approx(abs(t[1]))


def test_eight_wells_are_permuted_and_six_rotated():
    eight, exact = rearranged(np.arange(8) < 4, 0.05, 99, 0)
    assert exact and len(np.unique(eight, axis=0)) == 70
    assert set(np.unique(eight)) == {-0.25, 0.25}
    drawn, exact = rearranged(np.arange(8) < 4, 0.05, 69, 0)
    assert not exact and drawn.shape == (69, 8) and set(np.unique(drawn)) == {-0.25, 0.25}
    six, exact = rearranged(np.arange(6) < 3, 0.05, 99, 0)
    assert not exact and six.shape == (99, 6)
    np.testing.assert_allclose(six.sum(1), 0, atol=1e-12)
    np.testing.assert_allclose((six**2).sum(1), 2 / 3)


def test_p_of_a_single_time_is_that_of_the_t_test():
    """Rotated wells that scatter normally have Student's t: a cluster of one time must have its p."""
    rng = np.random.default_rng(3)
    curves = rng.normal(size=(6, 1)) + 3.0 * (np.arange(6) < 3)[:, np.newaxis]
    ((cluster,),) = find_clusters(curves[np.newaxis], np.arange(6) < 3, significance=0.09, resamples=20000, seed=0)
    expected = stats.ttest_ind(curves[:3, 0], curves[3:, 0]).pvalue
    assert cluster["p"] == pytest.approx(expected, rel=0.1)


def test_all_arrangements_give_the_p_of_scipy():
    rng = np.random.default_rng(4)
    curves = rng.normal(size=(8, 1)) + 1.5 * (np.arange(8) < 4)[:, np.newaxis]
    ((cluster,),) = find_clusters(curves[np.newaxis], np.arange(8) < 4, significance=0.2, resamples=99, seed=0)
    expected = stats.permutation_test(
        (curves[:4, 0], curves[4:, 0]), lambda a, b: abs(a.mean() - b.mean()), alternative="greater"
    )
    assert cluster["p"] == pytest.approx(expected.pvalue)


def test_a_second_quantity_is_another_chance():
    """The heaviest cluster of any quantity counts, so p of the same data grows with a second, noisy one."""
    rng = np.random.default_rng(5)
    first, noise = np.arange(6) < 3, rng.normal(size=(6, 24))
    curves = rng.normal(size=(6, 24)) + 2.5 * np.outer(first, np.abs(np.arange(24) - 8) < 4)
    alone = find_clusters(curves[np.newaxis], first, significance=0.05, resamples=999, seed=0)[0]
    beside = find_clusters(np.stack([curves, noise]), first, significance=0.05, resamples=999, seed=0)[0]
    heaviest, again = (max(found, key=lambda one: one["mass"]) for found in (alone, beside))
    assert again["mass"] == heaviest["mass"] and again["p"] > heaviest["p"]


def test_clusters_of_data_with_gaps_and_constants():
    cells = growth(2, difference=0.26)
    cells.values[np.random.default_rng(0).random(cells.values.shape) < 0.05] = np.nan
    cells.values[:, 20] = 1.0
    cells.values[:, 22] = np.nan
    rows = cluster_rows([cells], resamples=199, seed=0, **SETTINGS)
    assert rows[0]["p"] <= 2 / 200
    assert rows[0]["note"] == "a well without cells, not tested: 11 h"
    assert (rows[0]["from_h"], rows[0]["to_h"]) == pytest.approx((2, 7), abs=0.5)


def test_the_seed_decides():
    one, two = (cluster_rows([growth(5)], resamples=300, seed=seed, **SETTINGS)[0] for seed in (1, 2))
    assert one == cluster_rows([growth(5)], resamples=300, seed=1, **SETTINGS)[0]
    assert one["mass"] == two["mass"]


def test_no_cluster_says_why():
    (row,) = cluster_rows([small([[1, 2]], [[1, 2], [2, 3]])], resamples=99, seed=0, **SETTINGS)
    reason = "1 stained and 1 unstained wells, wanted two or more of each: nothing corrected"
    assert (row["from_h"], row["note"]) == (None, reason)
    equal = small([[1, 2], [2, 3]], [[1, 2], [2, 3]])
    equal.well[:] = ["w1", "w2", "w3", "w4"]
    (row,) = cluster_rows([equal], resamples=99, seed=0, **SETTINGS)
    assert row["note"] == "no cluster: no time passes the critical value of t"
    blip = growth(3)
    blip.values[:57, 5] += 0.12
    (row,) = cluster_rows([blip], resamples=199, seed=0, **SETTINGS)
    assert row["p"] >= 0.05 and row["from_h"] is None and "no significant cluster; the heaviest:" in row["note"]
