"""Measured and computed fields of cells through the four-frame road: interferograms are made from them, with noise.

An HL60 cell by off-axis holography (R. Schürmann, G. Cojoc, P. Müller and J. Guck, in qpretrieve, MIT) and a body of
known refractive index computed by finite differences (in qpformat, MIT). LIVEDEAD_QPI names their folder. The brightest
pixel holds 20,000 photoelectrons, two thirds of the full well of the camera in the settings.
"""

import os
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
import yaml
from livedead.desk.errors import DataError
from livedead.optics.slim import interferograms

from tests.unit.optics.conftest import retrieved

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("LIVEDEAD_QPI", ROOT.parent / "shared/data/qpi_ri_imaging"))
SETTINGS = yaml.safe_load((ROOT / "config.yaml").read_text())["phase"] | {"downsample": 1}
RING, OFFSET = SETTINGS["ring_transmission"], SETTINGS["camera_offset_adu"]
ELECTRONS = 20_000

pytestmark = pytest.mark.skipif(
    not (DATA / "hl60_phase_ref.npy").is_file(),
    reason="fields of the RI-imaging libraries are not at hand; set LIVEDEAD_QPI to the folder with hl60_phase_ref.npy",
)


def four_frames(field, seed):
    """Counts of one electron each, and the unscattered light in them."""
    light = interferograms(field, ring_transmission=RING, coherence_sigma_px=None)
    scale = ELECTRONS / light.max()
    counts = np.random.default_rng(seed).poisson(light * scale) + OFFSET
    return counts.astype(np.uint16), float(RING**2 * scale)


def known(unscattered):
    return SETTINGS | {"unscattered_adu": unscattered, "illumination": "flat"}


@pytest.fixture(scope="module")
def hl60():
    phase = np.load(DATA / "hl60_phase_ref.npy").astype(float)
    amplitude = np.load(DATA / "hl60_amp_ref.npy").astype(float)
    return phase, *four_frames(amplitude / np.median(amplitude) * np.exp(1j * phase), seed=0)


def test_the_phase_of_the_hl60_cell_comes_back(hl60):
    reference, raw, unscattered = hl60
    for settings in (SETTINGS, known(unscattered)):
        phase, quality = retrieved(raw, settings, 633)
        # Up to 5 rad, unwrapped: rms 0.043 rad, of which 0.02 is noise of the light.
        assert np.sqrt(((phase - reference) ** 2).mean()) <= 0.05
        assert quality["unwrapped"]
        assert quality["warnings"] is None
        assert quality["fitting_order"] == "0;1;2;3"
        assert quality["unscattered_adu"] == pytest.approx(unscattered, rel=0.03)


def test_the_cell_alone_leaves_too_little_medium_and_is_refused_with_the_way_out(hl60):
    reference, raw, unscattered = hl60
    cell = np.s_[28:168, 36:176]
    with pytest.raises(DataError, match=r"only .* areas .* give phase.unscattered_adu"):
        retrieved(raw[:, *cell], SETTINGS, 633)
    phase, quality = retrieved(raw[:, *cell], known(unscattered), 633)
    assert np.sqrt(((phase - reference[cell]) ** 2).mean()) <= 0.05
    assert quality["warnings"] == "crowded"


def test_frames_of_the_hl60_cell_in_another_order_are_flagged(hl60):
    _, raw, unscattered = hl60
    wrong = [order for order in permutations(range(4)) if order != (0, 1, 2, 3)]
    quality = [retrieved(raw[list(order)], known(unscattered), 633)[1] for order in wrong]
    # So thick and uneven a body hides two of the 23, and which order is right; spread cells do not.
    assert sum("frame_order" in (row["warnings"] or "") for row in quality) >= 20


def test_the_mass_integral_of_a_computed_cell_is_the_analytic_one():
    h5py = pytest.importorskip("h5py")
    with h5py.File(DATA / "series_hdf5_meep.h5") as file:
        background = file["background/field"][:]
        fields = [file[f"sinogram/{angle}/field"][:] / background for angle in sorted(file["sinogram"], key=int)]
    integrals = []
    for seed, field in enumerate(fields):
        raw, unscattered = four_frames(field, seed)
        with pytest.raises(DataError, match="phase.unscattered_adu"):
            retrieved(raw, SETTINGS, 550)
        phase, quality = retrieved(raw, known(unscattered), 550)
        assert quality["warnings"] == "crowded;no_zero"
        integrals.append(phase.sum())
    # rad px^2; the fields themselves have 887, 2.4 % below the body's: light that the grid of the computation scatters.
    assert len(integrals) == 18
    assert np.mean(integrals) == pytest.approx(909, rel=0.03)
    assert np.std(integrals) < 0.01 * 909
