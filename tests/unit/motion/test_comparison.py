import numpy as np
import pytest
from livedead.motion.comparison import COMPARISON_COLUMNS, compare_times
from livedead.motion.growth import on_scale
from scipy import stats

from tests.unit.motion.cohorts import growth, small

SETTINGS = {"scale": "ratio", "significance": 0.05, "confidence": 0.95}


def holm(p):
    """Holm's step-down by hand."""
    order = np.argsort(p)
    steps = np.minimum(1, np.maximum.accumulate((len(p) - np.arange(len(p))) * np.sort(p)))
    return steps[np.argsort(order)]


@pytest.mark.parametrize("scale", ["ratio", "log_ratio"])
def test_tests_agree_with_scipy(scale):
    cells = growth(1, difference=0.15)
    cells.values[3, 5] = np.nan
    rows = compare_times([cells], **SETTINGS | {"scale": scale})
    assert all(list(row) == COMPARISON_COLUMNS for row in rows)
    values = on_scale(cells, scale).values
    for column, row in enumerate(rows, start=1):
        known = np.isfinite(values[:, column])
        a, b = (values[known & (cells.condition == arm), column] for arm in ("stained", "unstained"))
        pooled, welch = stats.ttest_ind(a, b), stats.ttest_ind(a, b, equal_var=False)
        assert (row["n_stained"], row["n_unstained"]) == (len(a), len(b))
        assert row["difference"] == pytest.approx(a.mean() - b.mean())
        assert (row["t"], row["df"], row["p_pooled"]) == pytest.approx((pooled.statistic, pooled.df, pooled.pvalue))
        assert (row["low"], row["high"]) == pytest.approx(tuple(pooled.confidence_interval(0.95)))
        assert row["p_welch"] == pytest.approx(welch.pvalue)
        assert row["significant_pooled"] == (pooled.pvalue < 0.05)


def test_the_start_is_no_test():
    rows = compare_times([growth()], **SETTINGS)
    assert [row["time_h"] for row in rows] == growth().times_h[1:].tolist()
    assert len(rows) == 24


def test_corrections_leave_out_times_without_test():
    cells = growth(1, difference=0.15)
    whole = compare_times([cells], **SETTINGS)
    cells.values[:, 7] = 1.25  # no variance at all
    rows = compare_times([cells], **SETTINGS)
    gone = rows[6]
    assert gone["note"] == "all values of an arm are equal, in both arms: no test"
    assert (gone["t_wells"], gone["p_wells"]) == (None, None)
    assert (gone["difference"], gone["t"], gone["p_holm"], gone["p_bh"], gone["hedges_g"]) == (0, *[None] * 4)
    tested = [row for row in rows if row is not gone]
    p = np.array([row["p_wells"] for row in tested])
    np.testing.assert_allclose([row["p_holm"] for row in tested], holm(p))
    np.testing.assert_allclose([row["p_bh"] for row in tested], stats.false_discovery_control(p))
    # 23 tests, not 24.
    least = int(np.argmin(p))
    assert tested[least]["p_holm"] == pytest.approx(23 * p[least])
    assert [row["p_pooled"] for row in rows[:6]] == [row["p_pooled"] for row in whole[:6]]


def test_effect_size_by_hand():
    (row, _) = compare_times([small([[3, 1], [5, 2], [7, 4]], [[1, 1], [2, 2]])], **SETTINGS)
    pooled_sd = np.sqrt((2 * 4 + 1 * 0.5) / 3)
    g = (1 - 3 / (4 * 5 - 9)) * 3.5 / pooled_sd
    assert row["hedges_g"] == pytest.approx(g)
    margin = stats.norm.isf(0.025) * np.sqrt(5 / 6 + g**2 / (2 * (5 - 3.94)))
    assert (row["g_low"], row["g_high"]) == pytest.approx((g - margin, g + margin))


def test_one_cell_in_an_arm_is_no_test():
    rows = compare_times([small([[1.5, 2]], [[1, 1], [2, 3]])], **SETTINGS)
    assert rows[0]["note"] == "one stained cell with a value: no test"
    assert rows[0]["difference"] == 0
    assert {rows[0][name] for name in ("t", "df", "p_pooled", "p_welch", "p_bh", "g_low")} == {None}
    assert rows[0]["significant_pooled"] is None


def test_an_empty_arm_is_no_test():
    rows = compare_times([small([], [[1, 1], [2, 3]])], **SETTINGS)
    assert [(row["note"], row["difference"], row["n_stained"]) for row in rows] == 2 * [
        ("no stained cell with a value: no test", None, 0)
    ]


def test_equal_values_in_one_arm_are_tested():
    (row, _) = compare_times([small([[2, 1], [2, 1], [2, 1]], [[1, 1], [1.2, 2], [0.9, 3]])], **SETTINGS)
    assert row["p_welch"] < 0.05


def test_values_without_logarithm_are_counted():
    cells = small([[3, 1], [5, -2], [7, 4]], [[1, 1], [2, 2]])
    row = compare_times([cells], **SETTINGS | {"scale": "log_ratio"})[1]
    assert row["note"].endswith("; values at or below zero, without logarithm: 1")
    assert row["n_stained"] == 2


def test_pooled_errs_at_unequal_variances_and_welch_does_not():
    rng = np.random.default_rng(4)
    rows = []
    for _ in range(60):
        wide = 1 + rng.normal(0, 0.2, (34, 24))
        narrow = 1 + rng.normal(0, 0.1, (57, 24))
        rows += compare_times([small(narrow, wide, np.arange(25))], **SETTINGS)
    assert np.mean([row["p_pooled"] < 0.05 for row in rows]) > 0.07
    assert np.mean([row["p_welch"] < 0.05 for row in rows]) < 0.065


def test_wells_agree_with_scipy():
    cells = growth(1, difference=0.15)
    cells.values[cells.well == "w2", 5] = np.nan
    rows = compare_times([cells], **SETTINGS)
    for column, row in enumerate(rows, start=1):
        wells = [np.nanmean(cells.values[cells.well == f"w{k}", column]) for k in range(1, 7) if (k, column) != (2, 5)]
        number = len(wells) - 3
        expected = stats.ttest_ind(wells[:number], wells[number:])
        assert (row["t_wells"], row["df_wells"], row["p_wells"]) == pytest.approx(
            (expected.statistic, expected.df, expected.pvalue)
        )


def test_all_quantities_are_one_family():
    area, mass = growth(1, difference=0.15), growth(2, difference=0.15, quantity="dry_mass")
    rows = compare_times([area, mass], **SETTINGS)
    assert [row["quantity"] for row in rows] == ["area"] * 24 + ["dry_mass"] * 24
    p = np.array([row["p_wells"] for row in rows])
    np.testing.assert_allclose([row["p_holm"] for row in rows], holm(p))
    np.testing.assert_allclose([row["p_bh"] for row in rows], stats.false_discovery_control(p))


@pytest.mark.parametrize(
    ("wells", "note"),
    [
        (["w1", "w1", "w2", "w3"], "1 stained and 2 unstained wells, wanted two or more of each: nothing corrected"),
        (["w1", "w2", "w3", None], "no well in the sheet, or no cell: nothing corrected"),
    ],
)
def test_without_two_wells_in_each_arm_nothing_is_corrected(wells, note):
    cells = small([[3, 1], [5, 2]], [[1, 1], [2, 2]])
    cells.well[:] = wells
    for row in compare_times([cells], **SETTINGS):
        assert (row["p_wells"], row["p_holm"], row["p_bh"], row["note"]) == (None, None, None, note)
        assert row["p_welch"] is not None
