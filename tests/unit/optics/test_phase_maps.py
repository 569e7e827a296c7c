import numpy as np
import pytest
from livedead.desk.errors import DataError, ImageError
from livedead.optics.imported_phase import as_phase, channel_name
from livedead.optics.phase_maps import QUALITY_COLUMNS, phase_maps
from livedead.optics.unwrapping import largest_jump_rad, unwrap_where_needed

from tests.unit.optics.conftest import film, retrieved


@pytest.fixture(scope="module")
def clear_film():
    """No halo: the retrieved phase must be the specimen's."""
    return film(
        seed=2,
        times_h=(0.0, 6.0),
        optics__coherence_sigma_um=0,
        kinetics__detaching=0.0,
        population__cells_per_mm2=[700, 700],
    )


def test_retrieved_phase_is_the_truth_within_20_mrad_in_cells(clear_film, phase_settings):
    for frame in clear_film:
        phase, _ = retrieved(frame.raw, phase_settings, 550)
        truth = frame.truth_phase[0]
        cells = truth > 0.1
        assert cells.sum() > 500
        assert np.sqrt(((phase - truth)[cells] ** 2).mean()) < 0.02
        assert abs(np.median(phase[truth < 0.01])) < 0.005


def test_the_frame_order_of_the_recording_is_undone(clear_film, phase_settings):
    raw = clear_film[0].raw
    recorded = raw[[2, 0, 3, 1]]
    settings = phase_settings | {"frame_order": [1, 3, 0, 2]}
    expected, _ = retrieved(raw, phase_settings, 550)
    np.testing.assert_array_equal(retrieved(recorded, settings, 550)[0], expected)


def test_a_given_calibration_replaces_the_estimated_one(clear_film, phase_settings):
    raw = clear_film[0].raw
    _, quality = retrieved(raw, phase_settings, 550)
    given = phase_settings | {"unscattered_adu": quality["unscattered_adu"], "illumination": "flat"}
    phase, _ = retrieved(raw, given, 550)
    expected, _ = retrieved(raw, phase_settings, 550)
    assert np.abs(phase - expected).max() < 0.3
    assert retrieved(raw, given, 550)[1]["unscattered_adu"] == quality["unscattered_adu"]


def test_quality_numbers_say_what_happened(clear_film, phase_settings):
    quality = []
    phases = list(
        phase_maps(
            [frame.raw for frame in clear_film],
            quality,
            settings=phase_settings,
            wavelength_nm=550,
            times_h=[0.0, 6.0],
        )
    )
    assert [phase.shape for phase in phases] == [(1, 96, 96)] * 2
    assert list(quality[0]) == QUALITY_COLUMNS
    assert [row["time_h"] for row in quality] == [0.0, 6.0]
    for row in quality:
        assert 0 < row["closure_residual"] < 0.15
        assert row["saturated_fraction"] < 1e-3
        # Shot noise of the ring light: sigma = sqrt(2) k sigma_I, 0.4 to 0.5 nm at these exposures.
        assert 0.3 < row["background_opd_noise_nm"] < 0.6
        assert 0.05 < row["cell_free_fraction"] < 0.9


def test_noise_falls_with_the_light(phase_settings):
    noise = {}
    for electrons in (1300.0, 5200.0):
        frame = film(seed=4, times_h=(0.0,), camera__electrons_per_unit=electrons)[0]
        noise[electrons] = retrieved(frame.raw, phase_settings, 550)[1]["background_opd_noise_nm"]
    assert noise[1300.0] / noise[5200.0] == pytest.approx(2, rel=0.1)


def test_shift_errors_show_in_the_closure(phase_settings):
    closure = {}
    for error in (0.0, 0.15):
        frame = film(seed=4, times_h=(0.0,), optics__shift_error_rad=error)[0]
        closure[error] = retrieved(frame.raw, phase_settings, 550)[1]["closure_residual"]
    assert closure[0.15] > 1.5 * closure[0.0]


def test_saturated_dark_and_broken_frames_are_refused(clear_film, phase_settings):
    raw = clear_film[0].raw
    with pytest.raises(ImageError, match=r"frame 1: .* saturated"):
        bright = [raw, np.where(raw > 3000, 65535, raw).astype(np.uint16)]
        list(phase_maps(bright, [], settings=phase_settings, wavelength_nm=550, times_h=[0, 1]))
    with pytest.raises(ImageError, match="no light"):
        retrieved(np.full_like(raw, 90), phase_settings, 550)
    with pytest.raises(ImageError, match="3 interferograms"):
        retrieved(raw[:3], phase_settings, 550)
    broken = raw.astype(np.float32)
    broken[0, 3, 3] = np.nan
    with pytest.raises(ImageError, match="1 pixels are not finite"):
        retrieved(broken, phase_settings, 550)


def test_a_confluent_field_asks_for_a_calibration(phase_settings, rng):
    texture = rng.integers(500, 60000, (4, 64, 64)).astype(np.uint16)
    with pytest.raises(DataError, match=r"frame 0: only .* phase.unscattered_adu"):
        list(phase_maps([texture], [], settings=phase_settings, wavelength_nm=550, times_h=[0]))


def test_unwrapping_only_where_a_jump_asks_for_it():
    y, x = np.mgrid[:64, :64]
    smooth = (0.04 * (x + y)).astype(np.float32) - 2
    kept, unwrapped = unwrap_where_needed(smooth, mode="gated", gate_rad=np.pi)
    assert not unwrapped
    assert kept is smooth
    steep = np.exp(-((x - 32) ** 2 + (y - 32) ** 2) / 300) * 7
    wrapped = np.angle(np.exp(1j * steep)).astype(np.float32)
    assert largest_jump_rad(wrapped) > np.pi
    restored, unwrapped = unwrap_where_needed(wrapped, mode="gated", gate_rad=np.pi)
    assert unwrapped
    np.testing.assert_allclose(restored - restored[0, 0], steep - steep[0, 0], atol=1e-4)
    assert unwrap_where_needed(wrapped, mode="never", gate_rad=np.pi)[0] is wrapped
    assert unwrap_where_needed(smooth, mode="always", gate_rad=np.pi)[1]


def test_imported_phase_keeps_rad_and_scales_grey():
    rad = np.array([[0.5, -0.25]])
    np.testing.assert_array_equal(as_phase(rad), rad.astype(np.float32))
    np.testing.assert_allclose(as_phase(np.array([[0, 51, 255]], np.uint8)), [[0, 0.2, 1]])
    assert channel_name(np.float64) == "phase [rad]"
    assert channel_name(np.uint8) == "phase [grey]"


def test_imported_phase_refuses_counts_and_broken_values():
    with pytest.raises(ImageError, match="column raw"):
        as_phase(np.zeros((2, 2), np.uint16))
    with pytest.raises(ImageError, match="1 values are not finite"):
        as_phase(np.array([[np.inf, 0.0]]))
