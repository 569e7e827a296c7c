"""The script of the split, run without Snakemake."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from livedead.desk.tables import read_table
from livedead.optics.stacks import write_stack

from tests.scripts.jobs import Files

SCRIPT = Path(__file__).resolve().parents[2] / "workflow/scripts/split_sequences.py"


def job(folder, phases):
    return SimpleNamespace(
        rule="split_sequences",
        log=[str(folder / "split.log")],
        input=Files(phases=[str(path) for path in phases]),
        output=Files(table=str(folder / "split.tsv")),
        params=SimpleNamespace(
            sequences=["f1", "f2", "f3"], sides=["test", "train", "validation"], replicates=["1", "1", None]
        ),
    )


def write_phases(folder, frames):
    paths = []
    for number, count in enumerate(frames):
        paths.append(folder / f"f{number}.phase.ome.tif")
        write_stack(
            paths[-1],
            np.zeros((count, 1, 64, 64), dtype=np.float32),
            dtype="float32",
            channels=["phase [rad]"],
            pixel_size_um=0.65,
            frame_interval_min=60,
            compression="none",
        )
    return paths


def test_table_tells_side_and_frames(tmp_path):
    runpy.run_path(str(SCRIPT), init_globals={"snakemake": job(tmp_path, write_phases(tmp_path, [2, 3, 4]))})
    assert read_table(tmp_path / "split.tsv") == [
        {"sequence": "f2", "replicate": "1", "side": "train", "frames": 3},
        {"sequence": "f3", "replicate": None, "side": "validation", "frames": 4},
        {"sequence": "f1", "replicate": "1", "side": "test", "frames": 2},
    ]


def test_missing_phase_stops_without_a_table(tmp_path, capsys):
    paths = write_phases(tmp_path, [2, 3]) + [tmp_path / "gone.tif"]
    with pytest.raises(SystemExit) as stop:
        runpy.run_path(str(SCRIPT), init_globals={"snakemake": job(tmp_path, paths)})
    assert stop.value.code == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "split.tsv").exists()
    told = (tmp_path / "split.log").read_text()
    assert "gone.tif: no such file" in told and "Traceback" not in told
