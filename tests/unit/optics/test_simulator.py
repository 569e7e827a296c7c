import numpy as np
import pytest
from livedead.desk.errors import DataError
from livedead.optics.phantoms import phantom_phase
from livedead.optics.sampling import downsample_area_mean
from livedead.optics.simulator import film_stacks
from livedead.optics.truth import TRUTH_COLUMNS
from skimage.registration import phase_cross_correlation

from tests.unit.optics.conftest import film


def test_same_seed_gives_the_same_bytes_and_other_seeds_do_not():
    one, two, other = film(seed=5), film(seed=5), film(seed=6)
    for name in ("raw", "live", "dead", "truth_phase", "truth_nuclei"):
        for a, b in zip(one, two, strict=True):
            np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
    assert [frame.truth for frame in one] == [frame.truth for frame in two]
    assert (one[0].raw != other[0].raw).any()


def test_a_change_of_the_optics_leaves_the_cells_as_they_are():
    one, other = film(seed=5), film(seed=5, optics__coherence_sigma_um=0)
    assert [frame.truth for frame in one] == [frame.truth for frame in other]
    assert (one[0].raw != other[0].raw).mean() > 0.5


def test_shapes_and_types(dense_film):
    frame = dense_film[0]
    assert (frame.raw.shape, frame.raw.dtype) == ((4, 192, 192), np.uint16)
    assert (frame.live.shape, frame.dead.shape) == ((1, 192, 192), (1, 192, 192))
    assert (frame.truth_phase.shape, frame.truth_phase.dtype) == ((1, 96, 96), np.float32)
    assert (frame.truth_nuclei.shape, frame.truth_nuclei.dtype) == ((1, 96, 96), np.uint16)
    assert list(frame.truth[0]) == TRUTH_COLUMNS


def test_every_nucleus_of_the_map_has_one_row_and_its_area(dense_film):
    for frame in dense_film:
        ids, counts = np.unique(frame.truth_nuclei[frame.truth_nuclei > 0], return_counts=True)
        rows = {row["nucleus"]: row for row in frame.truth}
        assert sorted(rows) == sorted(ids.tolist())
        for number, count in zip(ids, counts, strict=True):
            assert rows[number]["area_um2"] == pytest.approx(count * 0.65**2)


def test_border_flag_is_right(dense_film):
    for frame in dense_film:
        rim = np.ones((96, 96), bool)
        rim[1:-1, 1:-1] = False
        on_rim = set(np.unique(frame.truth_nuclei[0][rim])) - {0}
        assert {row["nucleus"] for row in frame.truth if row["touches_border"]} == on_rim


def test_death_is_for_good_and_identities_last(dense_film):
    dead_so_far = set()
    for frame in dense_film:
        now = {row["nucleus"]: row["state"] for row in frame.truth}
        assert all(now[number] == "dead" for number in dead_so_far & set(now))
        dead_so_far |= {number for number, state in now.items() if state == "dead"}
    states = [row["state"] for frame in dense_film for row in frame.truth]
    assert states.count("live") > 10
    assert states.count("dead") > 10


def test_green_stain_tells_dead_from_live_nuclei(dense_film):
    ratios = {"live": [], "dead": []}
    for frame in dense_film:
        for row in frame.truth:
            inside = (frame.truth_nuclei[0] == row["nucleus"]).repeat(2, 0).repeat(2, 1)
            if inside.sum() < 400 or row["floating"]:
                continue
            blue, green = frame.live[0][inside].mean() - 400, frame.dead[0][inside].mean() - 400
            ratios[row["state"]].append(green / blue)
    assert np.percentile(ratios["live"], 80) < 0.25
    assert np.percentile(ratios["dead"], 20) > 0.4


def test_blue_stain_shows_every_nucleus(dense_film):
    frame = dense_film[0]
    fine = frame.truth_nuclei[0].repeat(2, 0).repeat(2, 1)
    background = np.median(frame.live[0][fine == 0])
    for row in frame.truth:
        if not row["floating"] and row["area_um2"] > 30:
            assert frame.live[0][fine == row["nucleus"]].mean() > 2 * background


def test_mass_in_the_truth_is_the_integral_of_the_phase():
    # Without debris and neighbours the phase under a nucleus is that of its own cell.
    frame = film(seed=3, times_h=(0.0,), population__debris_per_mm2=0, population__cells_per_mm2=[400, 400])[0]
    checked = 0
    for row in frame.truth:
        if row["floating"]:
            continue
        inside = frame.truth_nuclei[0] == row["nucleus"]
        mass = 0.4377 * 0.65**2 * frame.truth_phase[0][inside].sum()
        # The objective's blur carries a little of the rim across the nucleus' outline.
        assert row["dry_mass_pg"] == pytest.approx(mass, rel=0.05)
        checked += 1
    assert checked >= 3


def test_phantoms_are_filmed_as_they_are_defined():
    frame = film(times_h=(0.0,), specimen="phantoms", population__debris_per_mm2=0, optics__frame_px=[256, 256])[0]
    assert frame.truth == []
    assert frame.truth_nuclei.max() == 0
    whole = phantom_phase((256, 256), pixel_size_um=0.325, wavelength_nm=550)
    np.testing.assert_allclose(frame.truth_phase[0], downsample_area_mean(whole, 2), atol=1e-6)


def test_a_field_that_cuts_the_bodies_is_refused():
    with pytest.raises(DataError, match="52 x 52 um cuts the calibration bodies"):
        film(times_h=(0.0,), specimen="phantoms", optics__frame_px=[160, 160])


def test_stacks_of_a_film_carry_its_scale():
    names = {name: f"{name}.tif" for name in ("raw", "live", "dead", "truth_phase", "truth_nuclei")}
    stacks = film_stacks(names, pixel_size_um=0.3, frame_interval_min=30, downsample=2)
    assert stacks["raw"]["channels"] == ["0", "pi/2", "pi", "3pi/2"]
    assert stacks["raw"]["pixel_size_um"] == 0.3
    assert stacks["truth_phase"]["pixel_size_um"] == 0.6
    assert {stack["frame_interval_min"] for stack in stacks.values()} == {30}
    del names["live"], names["dead"]
    assert "live" not in film_stacks(names, pixel_size_um=0.3, frame_interval_min=30, downsample=2)


def test_cells_without_dyes_are_filmed_without_dyes():
    stained, bare = film(times_h=(0.0,)), film(times_h=(0.0,), stained=False)
    assert bare[0].live is bare[0].dead is None
    # The same cells in the same light.
    np.testing.assert_array_equal(stained[0].raw, bare[0].raw)
    assert stained[0].truth == bare[0].truth


def test_dyes_added_later_show_the_cells_as_they_are_then():
    changes = {"kinetics__median_death_h": [3.0, 3.0], "optics__frame_px": [320, 320]}
    now, later = (
        film(seed=2, times_h=(2.0,), **changes),
        film(seed=2, times_h=(2.0,), fluorescence__delay_h=2.0, **changes),
    )
    assert now[0].truth == later[0].truth
    then = film(seed=2, times_h=(2.0, 4.0), **changes)[1]
    dead_then = {row["nucleus"] for row in then.truth if row["state"] == "dead" and row["area_um2"] > 100}
    newly = [row for row in now[0].truth if row["state"] == "live" and row["nucleus"] in dead_then]
    assert len(newly) >= 3
    for row in newly:
        inside = (now[0].truth_nuclei[0] == row["nucleus"]).repeat(2, 0).repeat(2, 1)
        assert later[0].dead[0][inside].mean() - 400 > 2 * (now[0].dead[0][inside].mean() - 400)


def test_dyes_lie_off_by_the_set_shift():
    changes = {"fluorescence__haze": 0, "population__cells_per_mm2": [300, 300], "camera__read_noise_e": 0}
    straight = film(seed=2, times_h=(0.0,), **changes)[0]
    shifted = film(seed=2, times_h=(0.0,), fluorescence__shift_um=1.3, **changes)[0]
    np.testing.assert_array_equal(straight.raw, shifted.raw)
    found, _, _ = phase_cross_correlation(
        straight.live[0].astype(float), shifted.live[0].astype(float), upsample_factor=10, normalization=None
    )
    assert np.hypot(*found) * 0.325 == pytest.approx(1.3, abs=0.2)


def test_dyes_have_not_faded_before_the_first_exposure():
    early, late = (film(seed=2, times_h=(start_h,), kinetics__median_death_h=[900, 900])[0] for start_h in (0.0, 6.0))
    assert np.percentile(late.live, 99) == pytest.approx(np.percentile(early.live, 99), rel=0.05)
