import numpy as np
import pytest
from livedead.motion.comparison import compare_times
from livedead.motion.intervals import INTERVAL_COLUMNS, cluster_rows, find_clusters, longest_runs, runs_of
from scipy import stats

from tests.unit.motion.cohorts import growth, small

SETTINGS = {"scale": "ratio", "significance": 0.05}


def intervals(cells, resamples=199, seed=0):
    runs = longest_runs(cells.quantity, compare_times(cells, confidence=0.95, **SETTINGS), 0.05)
    return [*runs, *cluster_rows(cells, resamples=resamples, seed=seed, **SETTINGS)]


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


# A standardised difference of 1.2 or more: below that the edges of the window drown.
@pytest.mark.parametrize(("window", "seed"), [((2, 7), 1), ((2, 7), 2), ((2, 5), 3), ((2, 5), 4)])
def test_a_true_window_is_found(window, seed):
    found = intervals(growth(seed, difference=0.26, window_h=window))
    assert {row["method"] for row in found} == {"pooled", "welch", "holm", "bh", "cluster"}
    for row in found:
        assert row["from_h"] == pytest.approx(window[0], abs=0.5), row
        assert row["to_h"] == pytest.approx(window[1], abs=0.5), row


def test_family_wise_error_of_corrected_methods():
    runs = 200
    wrong = {"pooled": 0, "holm": 0, "bh": 0, "cluster": 0}
    for seed in range(runs):
        found = {row["method"]: row for row in intervals(growth(seed, sd=0.1), resamples=99, seed=seed)}
        for method in wrong:
            wrong[method] += found[method]["points"] > 0
    most = stats.binom.isf(1e-3, runs, 0.05)
    assert max(wrong["holm"], wrong["bh"], wrong["cluster"]) <= most
    # The cluster test uses its level up; 24 uncorrected tests go far beyond theirs.
    assert wrong["cluster"] >= stats.binom.ppf(1e-3, runs, 0.05)
    assert wrong["pooled"] > 2 * most


def test_cluster_mass_against_all_arrangements():
    values = np.array([[1.0, 4.0], [1.5, 5.0], [2.0, 4.5], [0.5, 1.0], [1.2, 1.5], [0.7, 0.4]])
    first = np.array([True] * 3 + [False] * 3)
    (cluster,) = find_clusters(values, first, significance=0.05, resamples=4000, seed=0)
    t = stats.ttest_ind(values[:3], values[3:], equal_var=False).statistic
    assert (cluster["first"], cluster["last"]) == (1, 1)
    assert cluster["mass"] == pytest.approx(abs(t[1]))
    # 2 of the 20 arrangements are as extreme: the data and their mirror image.
    assert cluster["p"] == pytest.approx(0.1, abs=0.015)


def test_clusters_of_data_with_gaps_and_constants():
    cells = growth(2, difference=0.26)
    cells.values[np.random.default_rng(0).random(cells.values.shape) < 0.05] = np.nan
    cells.values[:, 20] = 1.0
    cells.values[:, 22] = np.nan
    rows = cluster_rows(cells, resamples=199, seed=0, **SETTINGS)
    assert rows[0]["p"] == pytest.approx(1 / 200)
    assert (rows[0]["from_h"], rows[0]["to_h"]) == pytest.approx((2, 7), abs=0.5)


def test_the_seed_decides():
    one, two = (cluster_rows(growth(5), resamples=300, seed=seed, **SETTINGS)[0] for seed in (1, 2))
    assert one == cluster_rows(growth(5), resamples=300, seed=1, **SETTINGS)[0]
    assert one["mass"] == two["mass"]


def test_no_cluster_says_why():
    (row,) = cluster_rows(small([[1, 2]], [[1, 2], [2, 3]]), resamples=99, seed=0, **SETTINGS)
    assert (row["from_h"], row["note"]) == (None, "1 stained and 2 unstained cells: no test")
    equal = small([[1, 2], [2, 3]], [[1, 2], [2, 3]])
    (row,) = cluster_rows(equal, resamples=99, seed=0, **SETTINGS)
    assert row["note"] == "no cluster: no time passes the critical value of t"
    blip = growth(3)
    blip.values[:57, 5] += 0.12
    (row,) = cluster_rows(blip, resamples=199, seed=0, **SETTINGS)
    assert row["p"] >= 0.05 and row["from_h"] is None and "no significant cluster; the heaviest:" in row["note"]
