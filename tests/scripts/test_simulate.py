"""The script of the simulator: stacks and truth of one film, with dyes and without."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from livedead.desk.tables import read_table
from livedead.optics.stacks import read_stack, stack_info

from tests.scripts.jobs import Files
from tests.unit.optics.conftest import small_settings

SCRIPT = Path(__file__).resolve().parents[2] / "workflow/scripts/simulate_sequence.py"
STAINED = ("raw", "live", "dead", "truth_phase", "truth_nuclei")


def simulate(folder, names):
    job = SimpleNamespace(
        rule="simulate_sequence",
        log=[str(folder / "film.log")],
        output=Files(**{name: str(folder / f"{name}.ome.tif") for name in names}, truth=str(folder / "truth.tsv")),
        params=SimpleNamespace(
            seed=4,
            settings=small_settings(frames=2),
            row={"wavelength_nm": 550.0, "frame_interval_min": 30.0, "start_h": 1.5},
            sampling={"pixel_size_um": 0.325, "downsample": 2},
            dry_mass={"refraction_increment_um3_per_pg": 0.2},
        ),
    )
    runpy.run_path(str(SCRIPT), init_globals={"snakemake": job})


def test_a_stained_film_has_all_its_images_and_its_truth(tmp_path):
    simulate(tmp_path, STAINED)
    shapes = {name: read_stack(tmp_path / f"{name}.ome.tif", 4 if name == "raw" else 1).shape for name in STAINED}
    assert shapes["raw"] == (2, 4, 192, 192)
    assert shapes["live"] == shapes["dead"] == (2, 1, 192, 192)
    assert shapes["truth_phase"] == shapes["truth_nuclei"] == (2, 1, 96, 96)
    info = stack_info(tmp_path / "truth_nuclei.ome.tif")
    assert (info.pixel_size_um, info.frame_interval_min) == pytest.approx((0.65, 30))
    truth = read_table(tmp_path / "truth.tsv")
    assert {row["time_h"] for row in truth} == {1.5, 2.0}
    found = np.unique(read_stack(tmp_path / "truth_nuclei.ome.tif")[1])[1:]
    assert sorted(row["nucleus"] for row in truth if row["frame"] == 1) == found.tolist()


def test_a_film_without_dyes_has_no_image_of_them(tmp_path):
    simulate(tmp_path, [name for name in STAINED if name not in ("live", "dead")])
    assert not (tmp_path / "live.ome.tif").exists()
    assert stack_info(tmp_path / "raw.ome.tif", 4).frames == 2
    assert read_table(tmp_path / "truth.tsv")
