"""Practice frames: the held-out films of a run, frame by frame, in files that `make sheet` places."""

import numpy as np
import pytest
from livedead.commands import practice, sheet
from livedead.desk.series import series_files
from livedead.desk.sheet import read_sheet
from livedead.desk.tables import write_table
from livedead.optics.stacks import read_stack, write_stack


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A finished run of two films of two time points, the second held out."""
    monkeypatch.chdir(tmp_path)
    frames = np.random.default_rng(5).integers(0, 4096, (2, 4, 8, 8)).astype(np.uint16)
    for name in ("seen", "kept"):
        write_stack(
            f"results/simulate/hela/{name}.raw.ome.tif",
            frames if name == "kept" else frames[:1],
            dtype="uint16",
            channels=[f"{quarter} pi/2" for quarter in range(4)],
            pixel_size_um=0.325,
            frame_interval_min=60,
        )
    rows = [{"sequence": "seen", "side": "train"}, {"sequence": "kept", "side": "test"}]
    write_table("results/split/hela/split.tsv", rows, ["sequence", "side"])
    return frames


def test_frames_of_held_out_films_come_back_through_the_sheet(run, capsys):
    assert practice.main([]) == 0
    said = capsys.readouterr().out
    assert "8 simulated raw frames of 1 films" in said and "PIXEL_UM=0.325" in said and "INTERVAL_MIN=60" in said
    numbers = ["--pixel-size-um", "0.325", "--wavelength-nm", "550", "--frame-interval-min", "60"]
    assert sheet.main(["practice", *numbers]) == 0
    (row,) = read_sheet("plate.tsv")
    assert row.cells == "simulated"
    assert np.array_equal(read_stack(series_files(row.raw), channels=4), run)


def test_nothing_is_written_over_and_an_absent_run_is_named(run, tmp_path, capsys):
    assert practice.main(["--cohort", "cho"]) == 1
    assert "results/split/cho/split.tsv" in capsys.readouterr().err
    (tmp_path / "practice").mkdir()
    assert practice.main([]) == 1
    assert "there already" in capsys.readouterr().err
    assert not list((tmp_path / "practice").iterdir())
