import numpy as np
import pytest
from livedead.optics.camera import expose, illumination_profile

CAMERA = {
    "electrons_per_unit": 4000.0,
    "gain_e_per_adu": 0.5,
    "offset_adu": 100.0,
    "read_noise_e": 2.0,
    "full_well_e": 30000.0,
}


def test_mean_and_variance_of_counts_follow_gain_and_shot_noise(rng):
    counts = expose(np.full((400, 400), 0.25), rng, **CAMERA).astype(float)
    assert counts.dtype == np.float64
    assert counts.mean() == pytest.approx(1000 / 0.5 + 100, abs=1)
    # Photon transfer: variance = (signal + read noise squared) / gain squared, plus 1/12 of rounding.
    assert counts.var() == pytest.approx((1000 + 4) / 0.25 + 1 / 12, rel=0.02)


def test_dark_frame_is_offset_and_read_noise(rng):
    counts = expose(np.zeros((300, 300)), rng, **CAMERA)
    assert counts.dtype == np.uint16
    assert counts.mean() == pytest.approx(100, abs=0.1)
    assert counts.std() == pytest.approx(4, rel=0.03)


def test_full_well_saturates(rng):
    counts = expose(np.full((50, 50), 100.0), rng, **CAMERA)
    assert counts.max() < 30000 / 0.5 + 100 + 30
    assert counts.min() > 30000 / 0.5 + 100 - 30


def test_counts_never_wrap_around(rng):
    counts = expose(np.full((20, 20), 1e4), rng, **CAMERA | {"full_well_e": 1e9})
    assert (counts == 65535).all()


def test_illumination_is_one_at_its_centre_and_falls_to_the_corner():
    profile = illumination_profile((101, 101), falloff=0.2, centre=(0.5, 0.5))
    assert profile[50, 50] == 1
    assert profile[0, 0] == pytest.approx(0.8)
    assert profile[0, 50] == pytest.approx(0.9)
