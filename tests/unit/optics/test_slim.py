import numpy as np
import pytest
from livedead.optics.slim import blur_by_aperture, coherence_average, interferograms, propagate

A = 0.4


def plane_with(phase):
    field = np.ones((32, 32), complex)
    field[10:20, 10:20] = np.exp(1j * phase)
    return field


def test_frames_follow_the_closed_form_without_halo():
    phase = 0.7
    frames = interferograms(plane_with(phase), ring_transmission=A, coherence_sigma_px=None)
    scattered = np.exp(1j * phase) - 1
    expected = [
        A**2 + abs(scattered) ** 2 + 2 * A * abs(scattered) * np.cos(np.angle(scattered) + n * np.pi / 2)
        for n in range(4)
    ]
    np.testing.assert_allclose(frames[:, 15, 15], expected, atol=1e-12)
    np.testing.assert_allclose(frames[:, 0, 0], A**2, atol=1e-12)


def test_first_frame_is_positive_phase_contrast():
    # pi/2 ahead: thicker is brighter, as every user of phase contrast expects of frame 3 (3 pi/2).
    frames = interferograms(plane_with(0.3), ring_transmission=A, coherence_sigma_px=None)
    assert frames[3, 15, 15] > frames[3, 0, 0] > frames[1, 15, 15]


def test_closure_is_exact_for_right_shifts_and_broken_for_wrong_ones():
    field = plane_with(1.2)
    right = interferograms(field, ring_transmission=A, coherence_sigma_px=6)
    np.testing.assert_allclose(right[0] + right[2], right[1] + right[3], atol=1e-12)
    wrong = interferograms(field, ring_transmission=A, coherence_sigma_px=6, shifts_rad=(0, 1.0, np.pi, 4.7))
    assert np.abs(wrong[0] + wrong[2] - wrong[1] - wrong[3]).max() > 0.02


def test_halo_darkens_the_rim_of_a_body():
    frames = interferograms(plane_with(1.0), ring_transmission=A, coherence_sigma_px=5)
    sharp = interferograms(plane_with(1.0), ring_transmission=A, coherence_sigma_px=None)
    # Beside the body the average field leads the local one: the apparent phase is negative there.
    assert frames[3, 15, 22] < 0.9 * sharp[3, 15, 22]


def test_coherence_average_keeps_the_mean_and_smooths_a_wave_by_the_gaussian_transfer():
    x = np.arange(64)
    wave = 2 + np.exp(2j * np.pi * x * 4 / 64)[None].repeat(64, 0)
    smooth = coherence_average(wave, 3.0)
    np.testing.assert_allclose(smooth.mean(), wave.mean(), atol=1e-12)
    contrast = np.exp(-2 * (np.pi * 3.0 * 4 / 64) ** 2)
    np.testing.assert_allclose(smooth - 2, contrast * (wave - 2), atol=1e-12)


def test_blur_of_a_real_image_is_real_and_equals_the_complex_one(rng):
    image = rng.random((30, 44))
    blurred = blur_by_aperture(image, 2.0)
    assert blurred.dtype == np.float64
    np.testing.assert_allclose(blurred, coherence_average(image.astype(complex), 2.0).real, atol=1e-12)


def test_propagation_keeps_energy_and_comes_back():
    field = plane_with(0.9)
    away = propagate(field, distance_um=20, pixel_size_um=0.325, wavelength_um=0.41)
    assert np.abs(np.abs(away) - 1).max() > 0.05
    assert (np.abs(away) ** 2).sum() == pytest.approx((np.abs(field) ** 2).sum())
    back = propagate(away, distance_um=-20, pixel_size_um=0.325, wavelength_um=0.41)
    np.testing.assert_allclose(back, field, atol=1e-9)


def test_propagated_gaussian_beam_widens_by_the_closed_form():
    step, waist, wavelength, distance = 0.25, 3.0, 0.5, 60.0
    axis = (np.arange(256) - 128) * step
    r2 = axis[:, None] ** 2 + axis**2
    beam = propagate(
        np.exp(-r2 / waist**2).astype(complex), distance_um=distance, pixel_size_um=step, wavelength_um=wavelength
    )
    intensity = np.abs(beam) ** 2
    width = np.sqrt(2 * (intensity * r2).sum() / intensity.sum())
    assert width == pytest.approx(waist * np.sqrt(1 + (distance * wavelength / (np.pi * waist**2)) ** 2), rel=0.02)
