import numpy as np
import pytest
from livedead.desk.errors import DataError
from livedead.optics.camera import illumination_profile
from livedead.optics.retrieval import (
    cell_free_mask,
    coarse_means,
    frame_gains,
    illumination,
    retrieve_phase,
    unscattered_intensity,
)
from livedead.optics.robust_quadratic import robust_quadratic
from livedead.optics.slim import coherence_average, interferograms
from scipy import ndimage
from skimage.filters import threshold_otsu

A = 0.408


def body_field(side=256, height=2.0, at=((80, 90), (170, 160)), radius=35):
    y, x = np.mgrid[:side, :side]
    phase = np.zeros((side, side))
    for cy, cx in at:
        phase += height * np.sqrt(np.clip(1 - ((y - cy) ** 2 + (x - cx) ** 2) / radius**2, 0, None))
    # Cells have texture, by which they are told from the medium.
    phase += 0.15 * (phase > 0) * np.sin(y / 2) * np.cos(x / 2.3)
    return phase


def test_phase_is_exact_without_noise_and_halo():
    phase = body_field()
    frames = interferograms(np.exp(1j * phase), ring_transmission=A, coherence_sigma_px=None)
    found = retrieve_phase(frames.astype(np.float32), ring_transmission=A, unscattered=A**2)
    np.testing.assert_allclose(found, phase, atol=2e-6)
    assert found.dtype == np.float32


def test_plain_four_step_phase_is_not_the_slim_phase():
    phase = body_field()
    frames = interferograms(np.exp(1j * phase), ring_transmission=A, coherence_sigma_px=None)
    four_step = np.arctan2(frames[3] - frames[1], frames[0] - frames[2])
    assert np.sqrt(((four_step - phase)[phase > 0.1] ** 2).mean()) > 0.3


def test_scale_of_the_camera_does_not_matter():
    frames = interferograms(np.exp(1j * body_field()), ring_transmission=A, coherence_sigma_px=None)
    one = retrieve_phase(frames, ring_transmission=A, unscattered=A**2)
    other = retrieve_phase(730 * frames, ring_transmission=A, unscattered=730 * A**2)
    np.testing.assert_allclose(one, other, atol=1e-6)


def test_with_halo_the_phase_is_that_of_the_field_relative_to_its_coherence_average():
    field = np.exp(1j * body_field())
    reference = coherence_average(field, 30.0)
    frames = interferograms(field, ring_transmission=A, coherence_sigma_px=30.0)
    found = retrieve_phase(frames, ring_transmission=A, unscattered=A**2 * np.abs(reference) ** 2)
    np.testing.assert_allclose(found, np.angle(field / reference), atol=1e-5)


def test_cell_free_mask_holds_medium_and_no_cell(rng):
    phase = body_field()
    frames = interferograms(np.exp(1j * phase), ring_transmission=A, coherence_sigma_px=40.0)
    frames = rng.poisson(frames * 5000) / 5000
    mask = cell_free_mask(coarse_means(frames.astype(np.float32)))
    coarse = phase.reshape(64, 4, 64, 4).mean((1, 3))
    assert (coarse[mask] < 0.05).mean() > 0.995
    assert mask.sum() > 0.6 * (coarse < 0.01).sum()


def test_cell_free_mask_is_that_of_scikit_image_and_scipy(rng):
    frames = interferograms(np.exp(1j * body_field()), ring_transmission=A, coherence_sigma_px=40.0)
    coarse = coarse_means((rng.poisson(frames * 5000) / 5000).astype(np.float32))
    total, parts = coarse.sum(0) / 4, (coarse[3] - coarse[1], coarse[0] - coarse[2])
    variance = 0
    for part in parts:
        part = part / np.percentile(total, 10)
        mean, square = (ndimage.uniform_filter(image, 5, mode="nearest") for image in (part, part**2))
        variance += np.maximum(square - mean**2, 0)
    logged = np.log(np.sqrt(variance) + 1e-4)
    flat = logged < threshold_otsu(logged)
    plain = ndimage.binary_erosion(flat & (total < 1.6 * np.percentile(total[flat], 33)))
    np.testing.assert_array_equal(cell_free_mask(coarse), plain)
    # Without any noise nothing tells cells from medium.
    assert not cell_free_mask(np.full((4, 32, 32), 900, np.float32)).any()


def test_robust_quadratic_is_that_of_a_fit_to_all_pixels_one_by_one(rng):
    y, x = ((np.arange(side) + 0.5) / side for side in (90, 130))
    terms = np.stack(np.broadcast_arrays(1.0, y[:, None], x, y[:, None] ** 2, y[:, None] * x, x**2))
    mask = rng.random((90, 130)) < 0.6
    field = np.tensordot([900, 40, -70, 25, 60, -80], terms, 1) + rng.normal(0, 2, mask.shape)
    field[rng.random(mask.shape) < 0.1] += 60
    values, kept = field.astype(np.float32)[mask].astype(float), np.ones(mask.sum(), bool)
    of_pixels = terms[:, mask].T
    for _ in range(4):
        plain = np.linalg.lstsq(of_pixels[kept], values[kept], rcond=None)[0]
        off = values - of_pixels @ plain
        kept = np.abs(off) <= 3 * 1.4826 * np.median(np.abs(off - np.median(off)))
    np.testing.assert_allclose(robust_quadratic(field.astype(np.float32), mask), plain, rtol=1e-8)


@pytest.mark.parametrize("sigma", [None, 40.0])
def test_unscattered_intensity_follows_the_illumination_also_inside_the_halo(sigma, rng):
    phase = body_field()
    profile = illumination_profile(phase.shape, falloff=0.15, centre=(0.45, 0.55))
    field = np.exp(1j * phase)
    reference = 1.0 if sigma is None else np.abs(coherence_average(field, sigma)) ** 2
    frames = 8000 * profile * interferograms(field, ring_transmission=A, coherence_sigma_px=sigma)
    frames = rng.poisson(frames).astype(np.float32)
    mask = cell_free_mask(coarse_means(frames))
    fitted = illumination(unscattered_intensity(coarse_means(frames), mask, model="quadratic"), phase.shape)
    truth = 8000 * A**2 * profile * reference
    fine = mask.repeat(4, 0).repeat(4, 1)
    assert np.abs(fitted / truth - 1)[fine].mean() < (0.005 if sigma is None else 0.08)
    flat = illumination(unscattered_intensity(coarse_means(frames), mask, model="flat"), phase.shape)
    assert flat == pytest.approx(np.median(truth[fine]), rel=0.03)


def test_a_field_full_of_cells_is_refused_with_advice():
    frames = np.ones((4, 64, 64), np.float32)
    with pytest.raises(DataError, match="phase.unscattered_adu"):
        unscattered_intensity(frames, np.zeros((16, 16), bool), model="flat")


def test_balancing_undoes_a_drift_of_the_lamp():
    phase = body_field()
    frames = interferograms(np.exp(1j * phase), ring_transmission=A, coherence_sigma_px=None).astype(np.float32)
    mask = cell_free_mask(coarse_means(frames))
    drifted = frames * np.array([1.02, 0.98, 1.02, 0.98], np.float32)[:, None, None]
    balanced = drifted * frame_gains(coarse_means(drifted), mask)[:, None, None]
    closure = balanced[0] + balanced[2] - balanced[1] - balanced[3]
    assert np.abs(closure).max() < 1e-4
    assert np.abs(drifted[0] + drifted[2] - drifted[1] - drifted[3]).max() > 0.02
