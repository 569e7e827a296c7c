import itertools
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from livedead.motion.wells import MODEL_COLUMNS, compare_wells, fit_guarded, window_summary
from scipy import stats

from tests.unit.motion.cohorts import growth, small

WELLS = {"stained": ["w1", "w2", "w3"], "unstained": ["w4", "w5", "w6"]}
SETTINGS = {"window_h": (2, 7), "confidence": 0.95, "resamples": 999, "seed": 0}


def compared(cells, wells=WELLS, **settings):
    rows = compare_wells(cells, wells, **SETTINGS | settings)
    assert all(list(row) == MODEL_COLUMNS for row in rows)
    return {row["analysis"]: row for row in rows}


def well_means(cells, window_h=(2, 7)):
    value = window_summary(cells, window_h)
    return [[value[cells.well == name].mean() for name in names] for names in WELLS.values()]


def test_summary_is_the_mean_log_ratio_of_what_was_seen():
    cells = small([[2, 4, 8], [2, np.nan, 100], [5, np.nan, np.nan]], [[1, 1, 1]], (0, 1, 2, 3))
    np.testing.assert_allclose(window_summary(cells, (2, 2.5)), [np.log(4), np.nan, np.nan, 0])
    np.testing.assert_allclose(window_summary(cells, (1, 2)), [1.5 * np.log(2), np.log(2), np.log(5), 0])


def test_well_means_agree_with_scipy():
    cells = growth(1, difference=0.2, well_sd=0.05)
    a, b = well_means(cells)
    oracle = stats.ttest_ind(a, b, equal_var=False)
    row = compared(cells)["well_t"]
    assert row["estimate"] == pytest.approx(np.mean(a) - np.mean(b))
    assert (row["statistic"], row["df"], row["p"]) == pytest.approx((oracle.statistic, oracle.df, oracle.pvalue))
    assert (row["low"], row["high"]) == pytest.approx(tuple(oracle.confidence_interval(0.95)))
    assert (row["n_cells"], row["n_wells"], row["note"]) == (91, 6, None)


def test_permutation_of_wells_by_hand():
    cells = growth(1, difference=0.2, well_sd=0.05)
    means = np.concatenate(well_means(cells))
    own = means[:3].mean() - means[3:].mean()
    all_of_them = [
        means[list(chosen)].mean() - np.delete(means, chosen).mean() for chosen in itertools.combinations(range(6), 3)
    ]
    row = compared(cells)["well_permutation"]
    assert row["p"] == pytest.approx(np.mean(np.abs(all_of_them) >= abs(own) - 1e-12))
    assert row["note"] == "20 arrangements of the wells: p cannot be smaller than 0.1"


def test_permutation_of_unequal_and_of_many_wells_states_its_smallest_p():
    cells = growth(1, difference=2.0)
    cells.well[cells.well == "w6"] = "w5"
    row = compared(cells, WELLS | {"unstained": ["w4", "w5"]})["well_permutation"]
    assert "10 arrangements" in row["note"] and "than 0.2" in row["note"]
    assert row["p"] == pytest.approx(0.2)
    row = compared(growth(1, difference=2.0), resamples=10)["well_permutation"]
    assert row["note"].endswith("smaller than 0.182")


def test_mixed_model_of_equal_wells_by_closed_form():
    # With equal wells the fixed effect is the difference of the well means, and REML gives the ANOVA estimates.
    cells = growth(3, sizes=(60, 60), difference=0.1, well_sd=0.15)
    value = window_summary(cells, (2, 7))
    a, b = (np.array(means) for means in well_means(cells))
    rows = compared(cells)
    assert rows["mixed_model"]["estimate"] == pytest.approx(a.mean() - b.mean(), rel=1e-5)
    within = np.mean([value[cells.well == name].var(ddof=1) for names in WELLS.values() for name in names])
    between = (a.var(ddof=1) + b.var(ddof=1)) / 2 - within / 20
    icc = between / (between + within)
    assert rows["icc"]["estimate"] == pytest.approx(icc, rel=1e-3)
    assert rows["design_effect"]["estimate"] == pytest.approx(1 + 19 * icc, rel=1e-3)
    error = np.sqrt(2 * (between + within / 20) / 3)
    assert rows["mixed_model"]["statistic"] == pytest.approx((a.mean() - b.mean()) / error, rel=1e-2)
    assert rows["mixed_model"]["p"] == pytest.approx(2 * stats.norm.sf(abs(rows["mixed_model"]["statistic"])))
    assert rows["mixed_model"]["converged"] is True


def test_wells_that_do_not_differ_have_no_design_effect():
    rows = compared(growth(0, sd=0.3, rho=0))
    assert rows["icc"]["estimate"] == pytest.approx(0, abs=0.02)
    assert rows["design_effect"]["estimate"] == pytest.approx(1, abs=0.3)
    assert rows["mixed_model"]["converged"] and rows["mixed_model"]["p"] is not None


def test_wells_that_differ_make_cells_count_for_less():
    rows = compared(growth(0, well_sd=0.4))
    assert rows["design_effect"]["estimate"] > 5


def test_type_one_error_with_wells_that_differ():
    runs, wrong = 120, {"well_t": 0, "naive": 0}
    for seed in range(runs):
        cells = growth(seed, sd=0.1, well_sd=0.06)
        value = window_summary(cells, (2, 7))
        stained = cells.condition == "stained"
        wrong["naive"] += stats.ttest_ind(value[stained], value[~stained]).pvalue < 0.05
        means = well_means(cells)
        row = compared(cells)["well_t"]
        assert row["p"] == pytest.approx(stats.ttest_ind(*means, equal_var=False).pvalue)
        wrong["well_t"] += row["p"] < 0.05
    most = stats.binom.isf(1e-3, runs, 0.05)
    assert wrong["well_t"] <= most
    assert wrong["naive"] > 2 * most


def test_a_well_without_cells_is_named():
    cells = growth(1)
    cells.well[cells.well == "w6"] = "w5"
    rows = compared(cells)
    assert all("no cell of unstained in well w6" in row["note"] for row in rows.values())
    assert rows["well_t"]["p"] is not None and rows["well_t"]["n_wells"] == 5


@pytest.mark.parametrize(
    ("wells", "note"),
    [
        ({"stained": ["w1", "w2", "w3"], "unstained": [None]}, "films of unstained cells have no well in the sheet"),
        ({"stained": ["w1", "w2", "w3"], "unstained": ["w4"]}, "wells with cells in the window: 1 of unstained cells"),
        ({"stained": ["w1", "w2", "w3"], "unstained": []}, "wells with cells in the window: 0 of unstained cells"),
    ],
)
def test_too_few_wells_say_so(wells, note):
    cells = growth(1)
    cells.well[cells.condition == "unstained"] = "w4"
    rows = compared(cells, wells)
    assert rows.keys() == {"well_t", "well_permutation", "mixed_model", "icc", "design_effect"}
    for row in rows.values():
        assert note in row["note"]
        assert (row["estimate"], row["p"], row["converged"]) == (None, None, None)


def test_equal_values_are_no_test():
    cells = growth(1)
    cells.values[:] = 1
    assert {row["note"] for row in compared(cells).values()} == {"all cells have the same value: no test"}


def test_no_cell_at_all_is_no_test():
    cells = small([], [])
    assert all("0 of stained" in row["note"] for row in compared(cells).values())


class Optimiser:
    """A mixed model whose optimisers end as told: method -> what the fit has, or an error."""

    def __init__(self, **ends):
        self.ends = ends

    def fit(self, method=None):
        end = self.ends[method or "default"]
        if isinstance(end, Exception):
            raise end
        if end.pop("warns", False):
            warnings.warn("Gradient optimization failed.\nmore", stacklevel=2)
            warnings.warn("an argument will be renamed", FutureWarning, stacklevel=2)
        sound = {"llf": -3.0, "cov_re": np.array([[0.1]]), "scale": 0.2, "fe_params": np.zeros(2), "converged": True}
        return SimpleNamespace(**sound | end)


def test_a_fit_of_infinite_likelihood_is_made_anew():
    fit, notes = fit_guarded(Optimiser(default={"llf": np.inf}, powell={"llf": -1.0}))
    assert fit.llf == -1
    assert notes == ["fitted by powell after the default optimisers failed"]
    assert fit_guarded(Optimiser(default={"cov_re": np.array([[-0.1]])}, powell={}))[0] is not None
    assert fit_guarded(Optimiser(default=np.linalg.LinAlgError("Singular matrix"), powell={}))[0] is not None


def test_a_fit_that_cannot_be_trusted_is_none():
    fit, (note,) = fit_guarded(Optimiser(default={"converged": False}, powell=ValueError("odd")))
    assert fit is None
    assert note == "mixed model not fitted (default: not converged; powell: odd)"


def test_warnings_of_a_fit_are_noted():
    assert fit_guarded(Optimiser(default={"warns": True}))[1] == ["Gradient optimization failed"]
    boundary = {"warns": True, "cov_re": np.zeros((1, 1))}
    assert fit_guarded(Optimiser(default=boundary))[1] == ["variance between wells at its boundary 0"]
