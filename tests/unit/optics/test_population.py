import numpy as np
import pytest
from livedead.optics.population import film_population

from tests.unit.optics.conftest import small_settings


def populate(seed=1, times_h=(0, 1, 2, 3), side_um=(300, 300), **changes):
    settings = small_settings(**changes)
    return film_population(np.random.default_rng(seed), times_h=np.array(times_h), side_um=side_um, settings=settings)


def test_density_follows_the_settings():
    counts = [len(populate(seed, (0,), population__cells_per_mm2=[600, 600])[0]) for seed in range(40)]
    assert np.mean(counts) == pytest.approx(600 * 0.09, rel=0.1)


def test_even_seeding_gives_every_field_the_same_number():
    even = {"population__cells_per_mm2": [400, 400], "population__seeding": "even"}
    assert {len(populate(seed, (0,), **even)[0]) for seed in range(8)} == {36}


def test_cells_on_the_glass_keep_their_distance():
    for frame in populate(population__cells_per_mm2=[1400, 1400], kinetics__division_rate_per_h=1e-9):
        places = np.array([[cell.y_um, cell.x_um] for cell in frame if cell.defocus_um == 0])
        apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
        np.fill_diagonal(apart, np.inf)
        assert apart.min() > 0.8 * 21


def test_live_cells_move_by_the_set_spread_and_dead_ones_hardly():
    frames = populate(
        times_h=(0, 1),
        side_um=(1500, 1500),
        population__cells_per_mm2=[120, 120],
        kinetics__median_death_h=[100, 100],
        kinetics__dead_at_start=0.4,
        kinetics__detaching=0,
        kinetics__division_rate_per_h=1e-9,
    )
    later = {cell.nucleus_id: cell for cell in frames[1]}
    steps = {True: [], False: []}
    for cell in frames[0]:
        after = later[cell.nucleus_id]
        steps[cell.condition.dead].append((after.y_um - cell.y_um, after.x_um - cell.x_um))
    assert np.std(steps[False]) == pytest.approx(1.7, rel=0.15)
    assert np.std(steps[True]) < 0.6


def test_mothers_are_replaced_by_two_daughters():
    frames = populate(
        times_h=range(12),
        kinetics__division_rate_per_h=0.08,
        kinetics__median_death_h=[300, 300],
        kinetics__dead_at_start=0,
    )
    ids = [{cell.nucleus_id for cell in frame} for frame in frames]
    mothers = {cell.parent_id for frame in frames for cell in frame} - {0}
    assert mothers
    for mother in mothers:
        daughters = {cell.nucleus_id for frame in frames for cell in frame if cell.parent_id == mother}
        assert len(daughters) == 2
        first = min(n for n, frame in enumerate(ids) if daughters <= frame)
        assert mother in ids[first - 1]
        assert not any(mother in frame for frame in ids[first:])


def test_detached_cells_float_and_are_dead():
    frames = populate(
        times_h=range(10), kinetics__median_death_h=[1, 1], kinetics__detaching=1.0, kinetics__detachment_h=1.0
    )
    floating = [cell for frame in frames for cell in frame if cell.defocus_um > 0]
    assert len(floating) > 20
    assert all(cell.condition.dead and 12 <= cell.defocus_um <= 35 for cell in floating)
    assert not any(cell.defocus_um for cell in populate(times_h=(0,), kinetics__detaching=0.0)[0])
