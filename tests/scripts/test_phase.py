"""The script of the phase stage on good and on broken files: whole outputs or none, and one sentence."""

import re
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import tifffile
import yaml
from livedead.desk.series import files_per_time, series_files
from livedead.desk.tables import read_table
from livedead.optics.stacks import read_stack, stack_info, write_stack

from tests.scripts.jobs import Files
from tests.unit.optics.conftest import CONFIG, film

SCRIPT = Path(__file__).resolve().parents[2] / "workflow/scripts/retrieve_phase.py"


@pytest.fixture(scope="module")
def raw():
    return np.stack([frame.raw for frame in film(seed=2, times_h=(0.0, 1.0))])


def job(folder):
    return SimpleNamespace(
        rule="retrieve_phase",
        log=[str(folder / "phase.log")],
        input=Files(raw=str(folder / "raw.ome.tif"), background=[]),
        output=Files(phase=str(folder / "out/phase.ome.tif"), quality=str(folder / "out/quality.tsv")),
        params=SimpleNamespace(
            files_per_time=None,
            settings=yaml.safe_load(CONFIG.read_text())["phase"],
            row={"pixel_size_um": 0.325, "wavelength_nm": 550, "frame_interval_min": 30, "start_h": 2},
        ),
    )


def write_raw(folder, frames):
    write_stack(
        folder / "raw.ome.tif",
        frames,
        dtype=frames.dtype,
        channels=["0", "pi/2", "pi", "3pi/2"],
        pixel_size_um=0.325,
        frame_interval_min=30,
    )


def test_a_good_film_gives_phase_in_rad_and_one_quality_row_per_frame(tmp_path, raw):
    write_raw(tmp_path, raw)
    runpy.run_path(str(SCRIPT), init_globals={"snakemake": job(tmp_path)})
    info = stack_info(tmp_path / "out/phase.ome.tif")
    assert (info.frames, info.channels, info.height, info.pixel_size_um) == (2, ("phase [rad]",), 96, 0.65)
    assert read_stack(tmp_path / "out/phase.ome.tif").max() > 1
    quality = read_table(tmp_path / "out/quality.tsv")
    assert [(row["frame"], row["time_h"]) for row in quality] == [(0, 2), (1, 2.5)]


def test_a_film_of_one_file_per_interferogram(tmp_path, raw):
    """A pattern in the sheet reaches the script as a list of files and gives the phase of the stack."""
    write_raw(tmp_path, raw)
    runpy.run_path(str(SCRIPT), init_globals={"snakemake": job(tmp_path)})
    from_stack = read_stack(tmp_path / "out/phase.ome.tif")
    for t, m in np.ndindex(2, 4):
        tifffile.imwrite(tmp_path / f"f1_t{t + 9}_i0_ch0_c0_r0_z0_m{m}.tif", raw[t, m])
    pattern = str(tmp_path / "f1_t{t}_i0_ch0_c0_r0_z0_m{m}.tif")
    snakemake = job(tmp_path)
    snakemake.input = Files(raw=series_files(pattern), background=[])
    snakemake.params.files_per_time = files_per_time(pattern)
    runpy.run_path(str(SCRIPT), init_globals={"snakemake": snakemake})
    np.testing.assert_array_equal(read_stack(tmp_path / "out/phase.ome.tif"), from_stack)


def test_a_film_of_another_scale_is_refused(tmp_path, raw, capsys):
    write_raw(tmp_path, raw)
    snakemake = job(tmp_path)
    snakemake.params.row |= {"pixel_size_um": 3.08, "frame_interval_min": 0.5}
    with pytest.raises(SystemExit):
        runpy.run_path(str(SCRIPT), init_globals={"snakemake": snakemake})
    said = capsys.readouterr().err
    assert "the file says 0.325 um per pixel, the sheet pixel_size_um = 3.08 (these are pixels per um" in said
    assert "30 min between frames, the sheet frame_interval_min = 0.5 (these are hours)" in said


def test_guards_are_in_the_table_and_in_the_log(tmp_path, raw):
    """Frames recorded in the opposite sense, and a dark frame in place of the offset."""
    write_raw(tmp_path, raw[:, [0, 3, 2, 1]])
    tifffile.imwrite(tmp_path / "dark.tif", np.full(raw.shape[2:], 100, np.uint16))
    snakemake = job(tmp_path)
    snakemake.input.background = [str(tmp_path / "dark.tif")]
    runpy.run_path(str(SCRIPT), init_globals={"snakemake": snakemake})
    quality = read_table(tmp_path / "out/quality.tsv")
    assert [(row["warnings"], row["fitting_order"]) for row in quality] == [("frame_order", "0;3;2;1")] * 2
    assert quality[0]["shifts_deg"] == "0;90;180;270"
    log = (tmp_path / "phase.log").read_text()
    assert "WARNING frame_order (frame 0, 1): the frames fit cells better in the order" in log
    assert "shifts 0.0, 90.0, 180.0, 270.0 degrees" in log
    assert "2 frames, " in log


def test_shifts_found_from_the_cells_are_in_the_table(tmp_path, raw):
    write_raw(tmp_path, raw)
    snakemake = job(tmp_path)
    snakemake.params.settings["shifts_deg"] = "estimate"
    runpy.run_path(str(SCRIPT), init_globals={"snakemake": snakemake})
    (shifts,) = {row["shifts_deg"] for row in read_table(tmp_path / "out/quality.tsv")}
    assert shifts != "0;90;180;270"
    np.testing.assert_allclose([float(shift) for shift in shifts.split(";")], [0, 90, 180, 270], atol=4)


def truncated(folder, raw):
    write_raw(folder, raw)
    path = folder / "raw.ome.tif"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def missing_frame(folder, raw):
    planes = raw.reshape(-1, *raw.shape[2:])[:-1]
    tifffile.imwrite(folder / "raw.ome.tif", planes, photometric="minisblack", metadata=None, ome=False)


def mixed_types(folder, raw):
    with tifffile.TiffWriter(folder / "raw.ome.tif", ome=False) as tiff:
        for number, plane in enumerate(raw[0]):
            tiff.write(plane if number else plane.astype(np.uint8), metadata=None)


def mixed_shapes(folder, raw):
    with tifffile.TiffWriter(folder / "raw.ome.tif", ome=False) as tiff:
        for number, plane in enumerate(raw[0]):
            tiff.write(plane[number:], metadata=None)


def not_finite(folder, raw):
    broken = raw.astype(np.float32)
    broken[1, 2, 5, 5] = np.inf
    write_raw(folder, broken)


def saturated(folder, raw):
    write_raw(folder, np.where(raw > 3000, 65535, raw).astype(np.uint16))


def no_light(folder, raw):
    write_raw(folder, np.minimum(raw, 100))


def gone(folder, raw):
    del folder, raw


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (truncated, "cut off|broken"),
        (missing_frame, "7 images do not fill whole time points of 4"),
        (mixed_types, "like the first"),
        (mixed_shapes, "like the first"),
        (not_finite, "frame 1: 1 pixels are not finite"),
        (saturated, "frame 0: .* saturated"),
        (no_light, "frame 0: no light"),
        (gone, "no such file"),
    ],
)
def test_a_broken_film_ends_in_one_sentence_that_names_it_and_leaves_nothing(tmp_path, raw, capsys, spoil, words):
    spoil(tmp_path, raw)
    with pytest.raises(SystemExit) as stop:
        runpy.run_path(str(SCRIPT), init_globals={"snakemake": job(tmp_path)})
    assert stop.value.code == 1
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("retrieve_phase:")]
    assert len(said) == 1
    assert "raw.ome.tif" in said[0]
    assert re.search(words, said[0])
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())
