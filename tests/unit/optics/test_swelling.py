"""Swelling of living cells: the closed form, what the truth and the phase show of it, and where arms differ."""

import numpy as np
import pytest
from livedead.optics.cell_kinetics import Life, condition_at
from livedead.optics.swelling import Pace, difference_window, draw_pace, swelling_factors, swelling_window

from tests.unit.optics.conftest import film, small_settings

LATE = {
    "area_gain": 0.25,
    "area_until_h": 7.25,
    "mass_gain": 0.2,
    "mass_until_h": 5.25,
    "mass_with_area": 0,
    "onset_h": 0.4,
    "ramp_h": 0.2,
    "spread_h": 0.1,
    "area_wander": 0,
}
EARLY = LATE | {"area_until_h": 1.75, "mass_until_h": 1.75}
NONE = LATE | {"area_gain": 0, "mass_gain": 0}
HALF_HOURS = [0.5 * frame for frame in range(25)]


@pytest.mark.parametrize(
    ("time_h", "swollen"), [(-1, 0), (0, 0), (0.2, 0.5), (0.4, 1), (4.9, 1), (5.0, 0.5), (5.1, 0), (12, 0)]
)
def test_window_rises_stays_and_falls(time_h, swollen):
    assert swelling_window(time_h, onset_h=0.4, until_h=5, ramp_h=0.2) == pytest.approx(swollen)


def test_factors_follow_the_gains():
    assert swelling_factors(3.0, LATE, Pace()) == pytest.approx((1.25, 1.2))
    assert swelling_factors(6.0, LATE, Pace()) == pytest.approx((1.25, 1.0))
    assert swelling_factors(0.0, LATE, Pace()) == swelling_factors(3.0, NONE, Pace(lateness=1)) == (1.0, 1.0)


def test_a_share_of_the_mass_goes_with_the_area():
    both = LATE | {"mass_with_area": 0.1}
    assert swelling_factors(3.0, both, Pace()) == pytest.approx((1.25, 1.3))
    assert swelling_factors(6.0, both, Pace()) == pytest.approx((1.25, 1.1))
    assert difference_window(both, both | {"area_until_h": 1.75, "mass_until_h": 1.75}, HALF_HOURS) == {
        "area": (2.0, 7.0),
        "mass": (2.0, 5.0),
    }


def test_late_cells_stop_later():
    early, late = (swelling_factors(7.25, LATE, Pace(lateness=lateness))[0] for lateness in (-1, 1))
    assert early == pytest.approx(1)
    assert late == pytest.approx(1.25)


def test_area_wanders_by_the_set_spread():
    rng = np.random.default_rng(3)
    areas = [swelling_factors(9.0, LATE | {"area_wander": 0.03}, draw_pace(rng))[0] for _ in range(3000)]
    assert np.mean(areas) == pytest.approx(1, abs=0.002)
    assert np.std(areas) == pytest.approx(0.03, rel=0.05)


def test_a_ruptured_cell_is_not_swollen_any_more():
    kinetics = small_settings()["kinetics"] | {"swelling": LATE}
    live, dead = (condition_at(Life(rupture_h=rupture_h), 4.0, kinetics) for rupture_h in (20.0, 0.0))
    assert (live.area_factor, live.mass_factor) == pytest.approx((1.25, 1.2))
    assert (dead.area_factor, dead.mass_factor) == pytest.approx((1, 1), abs=1e-4)


def test_arms_differ_in_the_windows_of_their_settings():
    assert difference_window(EARLY, LATE, HALF_HOURS) == {"area": (2.0, 7.0), "mass": (2.0, 5.0)}
    assert difference_window(LATE, EARLY, HALF_HOURS)["area"] == (2.0, 7.0)
    assert difference_window(LATE, LATE, HALF_HOURS) == {"area": None, "mass": None}
    only_mass = difference_window(LATE, LATE | {"mass_gain": 0}, HALF_HOURS)
    assert only_mass == {"area": None, "mass": (0.5, 5.0)}


def test_wander_makes_no_window():
    wandering = LATE | {"area_wander": 0.05}
    assert difference_window(wandering, wandering, HALF_HOURS)["area"] is None


def swollen_film(times_h, swelling, **changes):
    """One frame per time of the same living cells, so far apart that none lies under another."""
    return film(
        seed=8,
        times_h=times_h,
        kinetics__swelling=swelling,
        kinetics__median_death_h=[500, 500],
        kinetics__dead_at_start=0,
        kinetics__division_rate_per_h=1e-9,
        population__motion_um_per_sqrt_h=0,
        population__cells_per_mm2=[400, 400],
        population__least_distance_um=50,
        population__debris_per_mm2=0,
        optics__frame_px=[512, 512],
        **changes,
    )


def test_truth_of_one_cell_follows_the_closed_form():
    times_h = (0.0, 3.0, 6.0, 9.0)
    frames = swollen_film(times_h, LATE)
    rows = {(row["frame"], row["nucleus"]): row for frame in frames for row in frame.truth}
    whole = [number for frame, number in rows if frame == 0 and not rows[1, number]["touches_border"]]
    assert len(whole) >= 3
    for number in whole:
        before = rows[0, number]
        for frame, time_h in enumerate(times_h):
            area, mass = swelling_factors(time_h, LATE, Pace())
            assert rows[frame, number]["area_um2"] / before["area_um2"] == pytest.approx(area, rel=0.02)
            assert rows[frame, number]["dry_mass_pg"] / before["dry_mass_pg"] == pytest.approx(mass, rel=0.02)


def test_no_gain_changes_no_pixel():
    default, none = swollen_film((3.0,), small_settings()["kinetics"]["swelling"]), swollen_film((3.0,), NONE)
    for name in ("raw", "live", "dead", "truth_nuclei"):
        np.testing.assert_array_equal(getattr(default[0], name), getattr(none[0], name))
