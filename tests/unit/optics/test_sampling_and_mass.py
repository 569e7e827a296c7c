import numpy as np
import pytest
from livedead.desk.errors import ImageError
from livedead.optics.drymass import dry_mass_pg
from livedead.optics.phantoms import phantom_mass_pg, phantom_phase
from livedead.optics.sampling import downsample_area_mean


def test_area_mean_of_a_hand_made_image():
    image = np.array([[1, 3, 10, 20], [5, 7, 30, 40]], np.uint16)
    np.testing.assert_array_equal(downsample_area_mean(image, 2), [[4, 25]])


def test_area_mean_keeps_the_integral_and_leading_axes(rng):
    stack = rng.random((3, 2, 12, 18))
    small = downsample_area_mean(stack, 3)
    assert small.shape == (3, 2, 4, 6)
    np.testing.assert_allclose(small.sum((2, 3)) * 9, stack.sum((2, 3)))
    np.testing.assert_array_equal(downsample_area_mean(stack, 1), stack)


def test_area_mean_refuses_sides_that_do_not_divide():
    with pytest.raises(ImageError, match="5 x 8 pixels"):
        downsample_area_mean(np.zeros((5, 8)), 2)


def test_one_radian_at_550_nm_is_0_4377_pg_per_square_micrometre():
    mass = dry_mass_pg(1.0, pixel_size_um=1.0, wavelength_nm=550, refraction_increment_um3_per_pg=0.2)
    assert mass == pytest.approx(0.4377, abs=5e-5)


def test_mass_of_bodies_of_known_index():
    phase = phantom_phase((512, 512), pixel_size_um=0.325, wavelength_nm=550)
    mass = dry_mass_pg(phase.sum(), pixel_size_um=0.325, wavelength_nm=550, refraction_increment_um3_per_pg=0.19)
    assert mass == pytest.approx(phantom_mass_pg(0.19), rel=0.002)
    # The sphere-like body alone: 4/3 pi 12 * 12 * 2.5 um3 of index 0.025.
    assert phase.max() == pytest.approx(2 * np.pi / 0.55 * 0.030 * 7, rel=0.2)


def test_mass_does_not_depend_on_the_sampling():
    fine = phantom_phase((512, 512), pixel_size_um=0.325, wavelength_nm=550)
    mass = {
        size: dry_mass_pg(image.sum(), pixel_size_um=size, wavelength_nm=550, refraction_increment_um3_per_pg=0.2)
        for size, image in ((0.325, fine), (0.65, downsample_area_mean(fine, 2)))
    }
    assert mass[0.65] == pytest.approx(mass[0.325], rel=1e-9)
