import numpy as np
import pytest
from livedead.optics.cell_bodies import render_cell, window_radius_um
from livedead.optics.cell_kinetics import Life, condition_at, draw_rupture_h
from livedead.optics.cell_traits import draw_traits

from tests.unit.optics.conftest import small_settings

SETTINGS = small_settings()
KINETICS = SETTINGS["kinetics"]


@pytest.fixture
def traits(rng):
    return draw_traits(rng, SETTINGS["cells"])


def drawn(traits, step_um=0.25, time_h=0.0, **life):
    condition = condition_at(Life(**life), time_h, KINETICS)
    radius = window_radius_um(traits, condition)
    axis = np.arange(-radius, radius, step_um)
    return render_cell(traits, condition, axis[:, None], axis[None, :]), condition


def test_same_seed_same_cell_and_other_seed_other_cell():
    one, two, other = (draw_traits(np.random.default_rng(seed), SETTINGS["cells"]) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one.granules, two.granules)
    assert one.radius_um == two.radius_um != other.radius_um


def test_means_of_drawn_cells_are_those_of_the_settings():
    rng = np.random.default_rng(1)
    cells = [draw_traits(rng, SETTINGS["cells"]) for _ in range(400)]
    indices = [cell.cytoplasm_index for cell in cells]
    assert np.exp(np.mean(np.log(indices))) == pytest.approx(SETTINGS["cells"]["cytoplasm_index"], rel=0.03)
    assert np.std(np.log(indices)) == pytest.approx(SETTINGS["cells"]["variation"], rel=0.12)
    areas = [cell.nucleus_axes_um[0] * cell.nucleus_axes_um[1] for cell in cells]
    assert np.exp(np.mean(np.log(areas))) == pytest.approx(SETTINGS["cells"]["nucleus_radius_um"] ** 2, rel=0.04)


def test_nucleus_has_the_area_of_its_ellipse(traits):
    image, _ = drawn(traits, step_um=0.1)
    area = image.nucleus.sum() * 0.1**2
    assert area == pytest.approx(np.pi * traits.nucleus_axes_um[0] * traits.nucleus_axes_um[1], rel=0.01)


def test_a_cell_ends_inside_its_window(traits):
    image, _ = drawn(traits, rupture_h=-5)
    for edge in (image.path_um[0], image.path_um[-1], image.path_um[:, 0], image.path_um[:, -1]):
        assert edge.max() == 0
    assert image.path_um.max() > 0.05


def test_path_does_not_depend_on_the_sampling(traits):
    fine, coarse = (drawn(traits, step_um=step)[0].path_um.sum() * step**2 for step in (0.1, 0.3))
    assert coarse == pytest.approx(fine, rel=0.02)


def test_conditions_run_through_injury_rupture_and_decay():
    life = Life(rupture_h=5.0)
    before, injured, at, after = (condition_at(life, time, KINETICS) for time in (0, 4.4, 5.0, 9.0))
    assert (before.dead, before.injury, before.decay, before.uptake) == (False, 0, 0, 0)
    assert not injured.dead
    assert 0 < injured.injury < 1
    assert (at.dead, at.injury, at.decay) == (True, 1, 0)
    assert after.decay > 0.99
    assert after.uptake > 0.99


def test_dead_cells_lose_mass_and_condense_their_dna(traits):
    live, _ = drawn(traits)
    dead, _ = drawn(traits, time_h=8, rupture_h=0)
    assert dead.path_um.sum() < 0.8 * live.path_um.sum()
    assert dead.nucleus.sum() < live.nucleus.sum()
    assert dead.dna[dead.nucleus].mean() > 1.05 * live.dna[live.nucleus].mean()


def test_injured_nuclei_swell_before_rupture(traits):
    live, _ = drawn(traits)
    injured, condition = drawn(traits, time_h=4.99, rupture_h=5)
    assert not condition.dead
    assert injured.nucleus.sum() > 1.15 * live.nucleus.sum()


def test_a_cell_about_to_divide_is_round_and_thick(traits):
    live, _ = drawn(traits)
    dividing, _ = drawn(traits, time_h=5, division_h=5.0)
    assert (dividing.path_um > 0.02).sum() < 0.7 * (live.path_um > 0.02).sum()
    assert np.percentile(dividing.path_um[dividing.path_um > 0], 75) > np.percentile(live.path_um[live.path_um > 0], 75)


def test_daughters_start_small_and_grow():
    young, old = (condition_at(Life(birth_h=0), time, KINETICS).growth for time in (0.0, 30.0))
    assert young == pytest.approx(0.63)
    assert old > 0.99


def test_times_of_death_follow_the_weibull_median():
    rng = np.random.default_rng(2)
    times = [draw_rupture_h(rng, median_h=6, shape=2.5, dead_at_start=0) for _ in range(4000)]
    assert np.median(times) == pytest.approx(6, rel=0.03)
    # Weibull quantile: median * (log2 4)^(1/shape) has three quarters below it.
    assert np.mean(np.array(times) < 6 * 2 ** (1 / 2.5)) == pytest.approx(0.75, abs=0.02)


def test_share_dead_at_start():
    rng = np.random.default_rng(2)
    times = [draw_rupture_h(rng, median_h=6, shape=2.5, dead_at_start=0.3) for _ in range(4000)]
    assert np.mean(np.array(times) < 0) == pytest.approx(0.3, abs=0.02)
