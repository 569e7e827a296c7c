import numpy as np
import pytest
from livedead.desk.errors import DataError, ImageError
from livedead.optics.imported_phase import as_phase, channel_name
from livedead.optics.phase_maps import QUALITY_COLUMNS, phase_maps
from livedead.optics.retrieval import cell_free_mask

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


def test_the_stage_equals_its_plain_form(clear_film, phase_settings):
    """Everything in float64 and in whole arrays, as the formulas stand."""
    raw = clear_film[1].raw
    settings = phase_settings | {"unscattered_adu": 900, "illumination": "flat", "unwrap": "never"}
    phase, row = retrieved(raw, settings, 550)
    frames = raw.astype(float) - 100
    coarse = frames.reshape(4, 48, 4, 48, 4).mean((2, 4))
    free = cell_free_mask(coarse.astype(np.float32))
    medians = np.median(coarse[:, free], axis=1)
    pair = np.array([medians[0] + medians[2], medians[1] + medians[3]])
    frames *= (pair.mean() / pair)[[0, 1, 0, 1]][:, None, None]
    sine, cosine = frames[3] - frames[1], frames[0] - frames[2]
    k = settings["ring_transmission"] / 4 / 900
    plain = np.arctan2(k * sine, 1 + k * cosine)
    fine = free.repeat(4, 0).repeat(4, 1)
    zero = np.median(plain[fine])
    np.testing.assert_allclose(phase, plain.reshape(96, 2, 96, 2).mean((1, 3)) - zero, atol=1e-6)
    closure = np.sqrt(((frames[0] + frames[2] - frames[1] - frames[3]) ** 2).mean()) / frames.mean()
    noise = np.diff(plain, axis=1)[fine[:, 1:]].std() / np.sqrt(2)
    expected = {
        "closure_residual": closure,
        "modulation": np.hypot(sine, cosine).mean() / 2 / frames.mean(),
        "background_opd_noise_nm": noise * 550 / (2 * np.pi),
        "cell_free_fraction": free.mean(),
        "unscattered_adu": 900,
    }
    assert {name: row[name] for name in expected} == pytest.approx(expected, rel=2e-6)


def test_nearly_quarter_steps_go_another_way_to_the_same_phase(clear_film, phase_settings):
    raw = clear_film[0].raw
    phase, row = retrieved(raw, phase_settings, 550)
    other, other_row = retrieved(raw, phase_settings | {"shifts_deg": [0, 90, 180, 270.00001]}, 550)
    np.testing.assert_allclose(other, phase, atol=2e-5)
    for name in ("closure_residual", "modulation", "amplitude_spread"):
        assert other_row[name] == pytest.approx(row[name], rel=1e-3)


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
