import numpy as np
import pytest
from livedead.desk.errors import DataError, SettingsError
from livedead.optics.phase_shifting import fit_fringes, fringe_parts, iterate_shifts
from livedead.optics.slim import interferograms

QUARTERS = np.arange(4) * np.pi / 2


def fringes(shifts, side=64, noise=0.0, seed=0):
    """Frames of a tilted, bent wave, and its phase."""
    y, x = np.mgrid[:side, :side] / side
    phase = 14 * x + 5 * (y - 0.4) ** 2
    frames = np.stack([50 + 20 * np.cos(phase + shift) for shift in shifts])
    return frames + np.random.default_rng(seed).normal(0, noise, frames.shape), np.angle(np.exp(1j * phase))


@pytest.mark.parametrize("shifts_deg", [(0, 90, 180, 270), (0, 120, 240), (0, 60, 130, 170, 300), (15, 100, 190, 265)])
def test_offset_modulation_and_phase_are_exact(shifts_deg):
    frames, phase = fringes(np.radians(shifts_deg))
    found = fit_fringes(frames, np.radians(shifts_deg))
    np.testing.assert_allclose(found.phase, phase, atol=1e-12)
    np.testing.assert_allclose(found.offset, 50)
    np.testing.assert_allclose(found.modulation, 20)
    assert np.abs(found.residual).max() < 1e-12


def test_quarter_steps_are_the_four_step_formula():
    frames, _ = fringes(QUARTERS, noise=1)
    offset, cosine, sine = fringe_parts(frames, QUARTERS)
    np.testing.assert_allclose(offset, frames.mean(0))
    np.testing.assert_allclose(2 * cosine, frames[0] - frames[2], atol=1e-12)
    np.testing.assert_allclose(2 * sine, frames[3] - frames[1], atol=1e-12)
    # A fifth of nothing is left over: only the closure.
    closure = frames[0] - frames[1] + frames[2] - frames[3]
    np.testing.assert_allclose(fit_fringes(frames, QUARTERS).residual[0], closure / 4, atol=1e-12)


def test_a_body_that_retards_light_has_a_positive_phase():
    """The convention: shifts as in the forward model, a known body, and the textbook's SLIM phase from the fit."""
    body = np.pad(np.full((8, 8), 0.6), 12)
    shifts = np.radians([0, 80, 170, 260, 310])
    frames = interferograms(np.exp(1j * body), ring_transmission=0.4, coherence_sigma_px=None, shifts_rad=shifts)
    _, cosine, sine = fringe_parts(frames, shifts)
    slim = np.arctan2(sine / (2 * 0.4), 1 + cosine / (2 * 0.4))
    np.testing.assert_allclose(slim, body, atol=1e-12)


def test_noise_of_the_phase_is_that_of_theory():
    shifts = np.arange(6) * np.pi / 3
    frames, phase = fringes(shifts, side=200, noise=0.5)
    error = np.angle(np.exp(1j * (fit_fringes(frames, shifts).phase - phase)))
    # sigma_phi = sqrt(2 / N) sigma_I / m
    assert error.std() == pytest.approx(np.sqrt(2 / 6) * 0.5 / 20, rel=0.03)


@pytest.mark.parametrize("even_light", [True, False])
def test_shifts_are_found_from_nominal_ones(even_light):
    true = np.radians([0, 48, 131, 170, 251, 290])
    frames, phase = fringes(true, noise=0.2)
    found = iterate_shifts(frames.reshape(6, -1), np.arange(6) * np.pi / 3, even_light=even_light)
    # Uneven light, which the second form allows, costs precision.
    np.testing.assert_allclose(np.degrees(found), np.degrees(true), atol=0.5 if even_light else 3)
    nominal, better = (
        np.angle(np.exp(1j * (fit_fringes(frames, shifts).phase - phase)))
        for shifts in (np.arange(6) * np.pi / 3, found)
    )
    assert better.std() < 0.3 * nominal.std()


def test_the_first_shift_and_the_turn_are_kept():
    true = np.radians([10, 480, 240])
    frames, _ = fringes(true)
    found = iterate_shifts(frames.reshape(3, -1), np.radians([10, 470, 250]))
    np.testing.assert_allclose(found, true, atol=2e-2)


def test_shifts_that_tell_nothing_and_frames_that_fit_none_are_refused():
    frames, _ = fringes(QUARTERS)
    for shifts in ([0, 180, 360, 540], [0, 90], [0, 1, 2, 3]):
        with pytest.raises(SettingsError, match="phase.shifts_deg"):
            fit_fringes(frames[: len(shifts)], np.radians(shifts))
    with pytest.raises(DataError, match="do not come to rest after 3 steps"):
        iterate_shifts(frames.reshape(4, -1), np.radians([0, 60, 120, 300]), most_steps=3)
