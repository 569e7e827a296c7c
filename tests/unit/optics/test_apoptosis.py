"""Apoptosis: the order of its stages, what each does to the picture, and what stays as it was."""

from dataclasses import replace

import numpy as np
import pytest
from livedead.optics.apoptotic_bodies import render_apoptotic
from livedead.optics.cell_bodies import render_cell, window_radius_um
from livedead.optics.cell_kinetics import Life, condition_at
from livedead.optics.cell_traits import draw_fragments, draw_traits
from livedead.optics.population import film_population
from scipy import ndimage as ndi
from skimage.measure import regionprops

from tests.unit.optics.conftest import film, small_settings

SETTINGS = small_settings()
KINETICS = SETTINGS["kinetics"]
STEP_UM = 0.1
#: Dies 4 h after the first shrinking.
LIFE = Life(rupture_h=4.0, apoptosis_h=4.0)


@pytest.fixture
def traits(rng):
    # A nucleus in the middle, so that areas and masses are those of its own body.
    return replace(draw_traits(rng, SETTINGS["cells"]), nucleus_offset_um=(0.0, 0.0))


def at(time_h):
    return condition_at(LIFE, time_h, KINETICS)


def drawn(traits, time_h, render=render_cell):
    condition = at(time_h)
    radius = window_radius_um(traits, condition)
    axis = np.arange(-radius, radius, STEP_UM)
    return render(traits, condition, axis[:, None], axis[None, :])


def test_stages_come_in_order():
    before, shrinking, condensed, broken, dead = (at(time_h) for time_h in (-0.1, 0.7, 1.5, 3.9, 6.0))
    assert (before.apoptotic, before.injury, before.condensation, before.condensed) == (False, 0, 0, False)
    assert 0 < shrinking.injury < 1
    assert not shrinking.condensed
    assert condensed.condensed
    assert condensed.fragmentation < 0.1
    assert not condensed.dead
    assert (broken.fragmentation, broken.dead, broken.uptake) == (1, False, 0)
    assert dead.dead
    assert dead.condensed
    assert dead.uptake > 0.99


def test_an_apoptotic_cell_without_injury_is_the_live_one(traits):
    one, other = drawn(traits, 0.0, render_apoptotic), drawn(traits, 0.0)
    assert not at(0.0).apoptotic
    for name in ("path_um", "nucleus", "dna"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), atol=1e-9)


def test_the_cell_shrinks_and_its_nucleus_condenses_before_rupture(traits):
    live, condensed = drawn(traits, 0.0), drawn(traits, 1.4)
    assert condensed.nucleus.sum() < 0.65 * live.nucleus.sum()
    assert condensed.path_um[condensed.nucleus].mean() > 1.3 * live.path_um[live.nucleus].mean()
    # Nothing of the DNA is lost.
    assert condensed.dna.sum() == pytest.approx(live.dna.sum(), rel=0.03)
    bare = replace(traits, blebs=traits.blebs[:0])
    assert (drawn(bare, 1.4).path_um > 0).sum() < 0.6 * (drawn(bare, 0.0).path_um > 0).sum()


def test_the_nucleus_breaks_into_touching_pieces(traits):
    whole, broken = drawn(traits, 1.4), drawn(traits, 3.9)
    assert ndi.label(broken.nucleus)[1] == 1
    assert regionprops(whole.nucleus.astype(int))[0].solidity > 0.98
    assert regionprops(broken.nucleus.astype(int))[0].solidity < 0.95
    assert broken.nucleus.sum() > whole.nucleus.sum()
    assert broken.dna.max() < whole.dna.max()


def test_rupture_lets_mass_out(traits):
    broken, dead = drawn(traits, 3.9), drawn(traits, 8.0)
    assert dead.path_um.sum() < 0.8 * broken.path_um.sum()
    assert dead.path_um[dead.nucleus].mean() < 0.8 * broken.path_um[broken.nucleus].mean()


@pytest.mark.parametrize("time_h", [0.5, 1.5, 3.0, 4.2, 9.0])
def test_a_cell_ends_inside_its_window(traits, time_h):
    path = drawn(traits, time_h).path_um
    for edge in (path[0], path[-1], path[:, 0], path[:, -1]):
        assert edge.max() == 0


@pytest.mark.parametrize("seed", range(20))
def test_fragments_keep_the_volume_and_hang_together(seed):
    pieces = draw_fragments(np.random.default_rng(seed))
    assert 2 <= len(pieces) <= 5
    assert (pieces[:, 2] ** 3).sum() == pytest.approx(1)
    np.testing.assert_allclose(pieces[:, 2] ** 3 @ pieces[:, :2], 0, atol=1e-12)
    apart = np.hypot(*(pieces[:, None, :2] - pieces[None, :, :2]).transpose(2, 0, 1))
    touching = apart < pieces[:, 2] + pieces[None, :, 2].T
    reached = np.linalg.matrix_power(touching.astype(int), len(pieces)) > 0
    assert reached.all()


def test_the_way_of_dying_leaves_everything_else_as_it_is():
    populations = []
    for death in ("necrosis", "apoptosis"):
        settings = small_settings(kinetics__death=death, kinetics__division_rate_per_h=1e-9)
        populations.append(
            film_population(np.random.default_rng(3), times_h=np.arange(4.0), side_um=(300, 300), settings=settings)
        )
    for one, other in zip(*populations, strict=True):
        assert [(c.nucleus_id, c.y_um, c.condition.dead) for c in one] == [
            (c.nucleus_id, c.y_um, c.condition.dead) for c in other
        ]
    assert not any(cell.condition.apoptotic for frame in populations[0] for cell in frame)
    assert any(cell.condition.apoptotic for frame in populations[1] for cell in frame)


def test_every_cell_takes_its_own_time_in_the_set_range():
    settings = small_settings(kinetics__death="apoptosis", kinetics__median_death_h=[20, 20])
    settings["kinetics"]["apoptosis"]["to_rupture_h"] = [3.0, 5.0]
    frames = film_population(
        np.random.default_rng(1), times_h=np.arange(0, 40, 0.25), side_um=(400, 400), settings=settings
    )
    spans = {}
    for time_h, frame in zip(np.arange(0, 40, 0.25), frames, strict=True):
        for cell in frame:
            if time_h > 6 and cell.condition.apoptotic and not cell.condition.dead:
                spans.setdefault(cell.nucleus_id, []).append(time_h)
    whole = [max(times) - min(times) + 0.25 for times in spans.values() if min(times) > 7 and max(times) < 39]
    assert 3 - 0.3 <= min(whole) <= max(whole) <= 5 + 0.3
    assert np.std(whole) > 0.3


def test_truth_tells_the_early_dead_from_the_others():
    frames = film(
        seed=4,
        times_h=(0.0, 4.0, 8.0),
        kinetics__death="apoptosis",
        kinetics__median_death_h=[6.0, 6.0],
        population__cells_per_mm2=[1200, 1200],
    )
    rows = [row for frame in frames for row in frame.truth]
    kinds = {(row["state"], row["condensed"]) for row in rows}
    assert kinds == {("live", False), ("live", True), ("dead", True)}
    # Condensed and blue only: dead to the eye, live to the dyes.
    for frame in frames:
        for row in frame.truth:
            inside = (frame.truth_nuclei[0] == row["nucleus"]).repeat(2, 0).repeat(2, 1)
            if row["state"] == "live" and row["condensed"] and inside.sum() > 400:
                assert frame.dead[0][inside].mean() - 400 < 0.3 * (frame.live[0][inside].mean() - 400)
    assert not any(row["condensed"] for frame in film(seed=4) for row in frame.truth)
