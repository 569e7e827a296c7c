import numpy as np
import pytest
from livedead.desk.errors import DataError
from livedead.motion.survival import SURVIVAL_COLUMNS, Survival, collect_survival, compare_survival, survival_curves
from livedead.motion.wells import MODEL_COLUMNS
from scipy import optimize, stats

from tests.unit.motion.cohorts import films


def life(sequence, track, end_h, death_h=None, **others):
    row = {"sequence": sequence, "track": track, "start_h": 1.0, "end_h": end_h, "begins_at_start": True}
    row |= {"ends_with_film": end_h == 4, "death_h": death_h, "death_observed": death_h is not None}
    return row | {"kept": False} | others


def simulated(seed=0, scales=(6.0, 12.0), sizes=(60, 50)):
    rng = np.random.default_rng(seed)
    times = np.concatenate([rng.exponential(scale, size) for scale, size in zip(scales, sizes, strict=True)])
    seen = np.minimum(12, np.ceil(times * 2) / 2)
    condition = np.repeat(np.array(["stained", "unstained"], object), sizes)
    lost = rng.random(len(times)) < 0.2
    seen[lost] = np.maximum(0.5, np.floor(seen[lost]) / 2)
    died = (times <= 12) & ~lost
    return Survival(seen, died, lost, condition, condition.copy(), 0.0, 3)


def test_every_track_that_begins_alive_counts():
    lives = [
        life("s1", 0, 4.0),
        life("s1", 1, 4.0, death_h=2.5, kept=True),
        life("s1", 2, 2.0),
        life("s1", 3, 4.0, death_h=1.0),  # dead at the start
        life("s1", 4, 4.0, death_h=3.0, begins_at_start=False),
        life("s2", 0, 3.0, death_h=3.0),
        life("s3", 0, 3.0, death_h=3.0),  # of no arm
    ]
    found = films(1, 1) + [{"sequence": "s3", "condition": "stained_after", "replicate": "r1", "well": "w3"}]
    cells = collect_survival(found, lives)
    assert cells.duration_h.tolist() == [3, 1.5, 1, 2]
    assert cells.died.tolist() == [False, True, False, True]
    assert cells.lost.tolist() == [False, False, True, False]
    assert cells.condition.tolist() == ["stained"] * 3 + ["unstained"]
    assert cells.dead_at_start == 1
    assert (cells.start_h, cells.well.tolist()) == (1, ["w1", "w1", "w1", "w2"])


@pytest.mark.parametrize("death", [None, 5.0])
def test_a_death_outside_of_its_track_is_refused(death):
    row = life("s1", 7, 4.0) | {"death_observed": True, "death_h": death}
    with pytest.raises(DataError, match=f"s1: track 7 dies at {death} h"):
        collect_survival(films(1, 1), [row])


def test_curve_agrees_with_scipy():
    cells = simulated()
    rows = [row for row in survival_curves(cells, 0.95) if row["condition"] == "stained"]
    assert all(list(row) == SURVIVAL_COLUMNS for row in rows)
    mine = cells.condition == "stained"
    data = stats.CensoredData(cells.duration_h[mine & cells.died], right=cells.duration_h[mine & ~cells.died])
    oracle = stats.ecdf(data).sf
    interval = oracle.confidence_interval(0.95, method="log-log")
    assert sum(row["deaths"] for row in rows) == (mine & cells.died).sum()
    assert sum(row["censored"] for row in rows) == (mine & ~cells.died).sum()
    assert sum(row["lost"] for row in rows) == (mine & cells.lost).sum()
    assert rows[0] | {"note": None} == dict(zip(SURVIVAL_COLUMNS, (
        "stained", 0.0, 60, 0, 0, 0, 1.0, None, None, None
    ), strict=True))  # fmt: skip
    for row in rows[1:]:
        assert row["survival"] == pytest.approx(oracle.evaluate(row["time_h"]))
        assert row["at_risk"] == (cells.duration_h[mine] >= row["time_h"]).sum()
        if row["low"] is not None:
            assert row["low"] == pytest.approx(interval.low.evaluate(row["time_h"]))
            assert row["high"] == pytest.approx(interval.high.evaluate(row["time_h"]))


def test_curve_starts_at_the_start_of_the_film_and_has_no_interval_at_its_ends():
    two = np.array(["stained", "stained"], object)
    cells = Survival(np.array([1.0, 2.0]), np.array([True, True]), np.zeros(2, bool), two, two, 3.0, 0)
    first, half, none, empty = survival_curves(cells, 0.95)
    assert [row["time_h"] for row in (first, half, none)] == [3, 4, 5]
    assert [row["survival"] for row in (first, half, none)] == [1, 0.5, 0]
    assert half["low"] is not None and none["low"] is None
    assert first["note"] == none["note"] == "no interval where all or none are alive"
    assert (empty["condition"], empty["at_risk"], empty["note"]) == ("unstained", 0, "no cell alive at the start")


def test_log_rank_agrees_with_scipy():
    cells = simulated()
    rows = {row["analysis"]: row for row in compare_survival(cells, 0.95)}
    assert list(rows) == ["log_rank", "cox", "log_rank_loss_as_death", "cox_loss_as_death"]
    for name, died in (("log_rank", cells.died), ("log_rank_loss_as_death", cells.died | cells.lost)):
        arms = [
            stats.CensoredData(cells.duration_h[arm & died], right=cells.duration_h[arm & ~died])
            for arm in (cells.condition == "stained", cells.condition == "unstained")
        ]
        oracle = stats.logrank(*arms)
        assert list(rows[name]) == MODEL_COLUMNS
        assert rows[name]["statistic"] == pytest.approx(oracle.statistic**2)
        assert rows[name]["p"] == pytest.approx(oracle.pvalue)
    assert "wells ignored" in rows["log_rank"]["note"]
    assert (rows["cox"]["n_cells"], rows["cox"]["n_wells"]) == (110, 2)


def efron(log_ratio, duration, died, stained):
    """Efron's partial log likelihood, written out."""
    total = 0.0
    weight = np.exp(log_ratio * stained)
    for time in np.unique(duration[died]):
        dying, at_risk = died & (duration == time), duration >= time
        number = dying.sum()
        total += log_ratio * stained[dying].sum()
        shares = np.arange(number) / number
        total -= np.log(weight[at_risk].sum() - shares * weight[dying].sum()).sum()
    return total


def test_hazard_ratio_by_efron():
    cells = simulated()
    stained = (cells.condition == "stained").astype(float)
    best = optimize.minimize_scalar(
        lambda log_ratio: -efron(log_ratio, cells.duration_h, cells.died, stained),
        bounds=(-3, 3), method="bounded", options={"xatol": 1e-8},
    )  # fmt: skip
    row = {row["analysis"]: row for row in compare_survival(cells, 0.95)}["cox"]
    assert row["estimate"] == pytest.approx(np.exp(best.x), rel=1e-4)
    assert row["low"] < row["estimate"] < row["high"] and row["converged"] is True
    assert row["low"] > 1


def test_no_death_is_no_test():
    cells = simulated(scales=(1e9, 1e9))
    rows = {row["analysis"]: row for row in compare_survival(cells, 0.95)}
    assert (
        rows["log_rank"]["note"]
        == "0 of 60 stained and 0 of 50 unstained cells died, 3 more were dead at the start: no test"
    )
    assert rows["cox"]["estimate"] is None
    assert rows["log_rank_loss_as_death"]["p"] is not None


@pytest.mark.parametrize(
    ("duration", "died"),
    [([10, 12, 12, 4, 4], [1, 1, 0, 0, 0]), ([1, 1, 1, 1, 1], [1, 1, 1, 1, 1]), ([0, 0, 0, 5, 6], [0, 0, 0, 1, 1])],
    ids=["one arm gone before", "all at once", "one arm lost at the start"],
)
def test_deaths_without_both_arms_or_a_survivor_are_no_test(duration, died):
    died = np.array(died, bool)
    condition = np.array(["stained"] * 3 + ["unstained"] * 2, object)
    cells = Survival(np.array(duration, float), died, ~died, condition, condition, 0.0, 0)
    rows = {row["analysis"]: row for row in compare_survival(cells, 0.95)}
    assert list(rows) == ["log_rank", "cox", "log_rank_loss_as_death", "cox_loss_as_death"]
    assert rows["log_rank"]["p"] is None and rows["log_rank"]["statistic"] is None
    assert rows["log_rank"]["note"].startswith("no death with cells of both arms at risk and a survivor, so no test; ")


def test_deaths_in_one_arm_only_have_no_hazard_ratio():
    rows = {row["analysis"]: row for row in compare_survival(simulated(scales=(3, 1e9)), 0.95)}
    assert rows["log_rank"]["p"] < 0.01
    assert (rows["cox"]["estimate"], rows["cox"]["converged"]) == (None, False)
    assert rows["cox"]["note"].startswith("no death in one arm, so no hazard ratio")


def test_no_cell_at_all_is_no_test():
    cells = collect_survival(films(1, 1), [])
    assert [row["note"] for row in survival_curves(cells, 0.95)] == 2 * ["no cell alive at the start"]
    assert all(row["p"] is None and "0 of 0" in row["note"] for row in compare_survival(cells, 0.95))
