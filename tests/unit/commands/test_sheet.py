"""`make sheet`: a folder in, a sheet that the pipeline reads out, and every file accounted for."""

import re

import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from livedead.commands.sheet import main
from livedead.desk.series import is_pattern, series_files
from livedead.desk.sheet import read_sheet
from livedead.optics.stacks import write_stack
from skimage.io import imsave

NUMBERS = ["--pixel-size-um", "0.325", "--wavelength-nm", "550", "--frame-interval-min", "30"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder `plate` in the folder where the command runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plate").mkdir()
    return tmp_path / "plate"


def image(path, dtype=np.uint16):
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".png":
        imsave(path, np.zeros((4, 4), np.uint8), check_contrast=False)
    else:
        tifffile.imwrite(path, np.zeros((4, 4), dtype))


def made(capsys, *options):
    """Rows of the sheet and what the command said."""
    status = main(["plate", *options])
    said = capsys.readouterr()
    assert status == 0, said.err
    return {row.sequence: row for row in read_sheet("plate.tsv")}, said.out


def refused(capsys, *options):
    assert main(["plate", *options]) == 1
    said = capsys.readouterr()
    assert not said.out
    return said.err


def test_a_plate_of_interferograms(folder, capsys):
    for f, t, r, m in np.ndindex(2, 3, 2, 4):
        image(folder / f"f{f}_t{t}_i0_ch0_c0_r{r}_z0_m{m}.tif")
    (folder / "notes.txt").write_text("")
    rows, said = made(capsys, *NUMBERS)
    assert list(rows) == ["f0-r0", "f0-r1", "f1-r0", "f1-r1"]
    row = rows["f1-r1"]
    assert row.raw == "plate/f1_t{t}_i0_ch0_c0_r1_z0_m{m}.tif"
    assert (row.well, row.tile, row.cohort, row.condition) == ("f1", "c0r1", "plate", "unstained")
    assert (row.pixel_size_um, row.wavelength_nm, row.frame_interval_min, row.start_h) == (0.325, 550, 30, 0)
    assert said.startswith("plate.tsv: 4 rows. Files in plate: 49 = 48 placed + 1 not placed.\n")
    assert "Not placed, 1: notes.txt: no TIFF and no PNG" in said
    head = [line for line in (folder.parent / "plate.tsv").read_text().splitlines() if line.startswith("# ")]
    assert head[1].startswith("# Please check: cohort plate, cell_line any, condition unstained;")


def test_names_with_dyes_and_a_phase_image(folder, capsys):
    for name in ("ch0_c0_r1_z0_mSLIM", "ch1_c0_r1_z0_m49 DAPI", "ch2_c0_r1_z0_m38 Green Fluorescent Prot"):
        image(folder / f"f0_t0_i0_{name}.png")
    rows, said = made(capsys, *NUMBERS[:4], "--cohort", "mine", "--cell-line", "CHO", "--condition", "stained_after")
    (row,) = rows.values()
    assert (row.phase, row.live) == (
        "plate/f0_t0_i0_ch0_c0_r1_z0_mSLIM.png",
        "plate/f0_t0_i0_ch1_c0_r1_z0_m49 DAPI.png",
    )
    assert row.dead == "plate/f0_t0_i0_ch2_c0_r1_z0_m38 Green Fluorescent Prot.png"
    assert (row.cohort, row.cell_line, row.condition, row.tile) == ("mine", "CHO", "stained_after", None)
    assert "Single images have no frame_interval_min: 1 stands for any." in said


def test_stacks_say_their_own_numbers(folder, capsys):
    scale = {"pixel_size_um": 0.16, "frame_interval_min": 15}
    for name, dtype in (("phase", "float32"), ("live", "uint16"), ("dead", "uint16")):
        frames = [np.zeros((1, 4, 4), dtype)] * 3
        write_stack(folder / f"day1/B02_{name}.ome.tif", frames, dtype=dtype, channels=["a"], **scale)
    rows, said = made(capsys, "--wavelength-nm", "600")
    row = rows["day1-B02"]
    assert (row.pixel_size_um, row.frame_interval_min, row.well, row.condition) == (0.16, 15, "B02", "stained")
    assert row.has_truth
    assert "fill in" not in said


def test_a_gap_in_time(folder, capsys):
    for t in (2, 3, 7):
        image(folder / f"f0_t{t}_i0_ch0_c0_r0_z0.png")
    rows, said = made(capsys, *NUMBERS)
    assert [(name, row.start_h) for name, row in rows.items()] == [("f0-t2", 0), ("f0-t7", 2.5)]
    assert "f0: gaps in t, so 2 rows with a start_h each (t 2, 3, 7)" in said
    assert "Time 0 is t 2" in said


def test_times_in_folders_and_with_a_capital_letter(folder, capsys):
    for t in range(3):
        image(folder / f"t{t}/B04_phase.png")
        image(folder / f"B05_T{t:03}_phase.png")
    rows, said = made(capsys, *NUMBERS)
    assert {name: row.phase for name, row in rows.items()} == {
        "B04": "plate/t{t}/B04_phase.png",
        "B05": "plate/B05_T{t}_phase.png",
    }
    assert "6 = 6 placed + 0 not placed" in said
    assert "0 h" not in said


def test_images_of_one_well_without_a_time_are_told(folder, capsys):
    for number in range(3):
        image(folder / f"B04_hour{number}_phase.png")
    for number in range(2):
        image(folder / f"B05_hour{number}_phase.png")
    image(folder / "B06_phase.png")
    image(folder / "B07_t0_phase.png")
    _, said = made(capsys, *NUMBERS)
    line = "3 rows of the well B04 all stand at 0 h, and so do those of 1 more wells: their names have no t."
    assert line in said
    assert f"# {line}" in (folder.parent / "plate.tsv").read_text()


def test_wells_that_the_names_leave_open(folder, capsys):
    image(folder / "HeLa_P12_B02_t0_phase.png")
    rows, said = made(capsys, *NUMBERS)
    assert [row.well for row in rows.values()] == [None]
    line = "B02 or P12 may be the well in plate/HeLa_P12_B02_t0_phase.png: none was taken."
    assert line in said
    assert f"# {line}" in (folder.parent / "plate.tsv").read_text()
    assert "Please fill in the column well: the names of some files have none, or several words" in said
    image(folder / "HeLa_P12_B03_t0_phase.png")
    rows, said = made(capsys, *NUMBERS, "--force")
    assert [row.well for row in rows.values()] == ["B02", "B03"]


def test_wells_of_one_name_in_two_folders(folder, capsys):
    for day, t in np.ndindex(2, 2):
        image(folder / f"day{day}/f1_t{t}_c0_r0.png")
    rows, said = made(capsys, *NUMBERS)
    assert [(row.well, row.replicate) for row in rows.values()] == [("f1", "day0"), ("f1", "day1")]
    assert "confluence is NA" in said
    assert "replicate is the folder (day0, day1)" in said


def test_files_behind_links_and_hidden_files_are_counted(folder, capsys):
    image(folder.parent / "disk/B02_phase.png")
    (folder / "linked").symlink_to(folder.parent / "disk")
    image(folder / "B03_phase.png")
    (folder / "._B03_phase.png").write_bytes(b"Mac OS X")
    (folder / "again").symlink_to(folder)
    rows, said = made(capsys, *NUMBERS)
    assert [row.phase for row in rows.values()] == ["plate/B03_phase.png", "plate/linked/B02_phase.png"]
    assert "4 = 2 placed + 2 not placed" in said
    assert "Not placed, 1: ._B03_phase.png: hidden file" in said
    assert "Not placed, 1: again: link to a folder that is counted already" in said


def test_missing_numbers_are_asked_for_at_once(folder, capsys):
    for t in range(2):
        image(folder / f"f0_t{t}_c0_r0.png")
    said = refused(capsys)
    assert re.findall(r"^(\w+): no file .*\(wanted (--[a-z-]+)", said, flags=re.M) == [
        ("pixel_size_um", "--pixel-size-um"),
        ("wavelength_nm", "--wavelength-nm"),
        ("frame_interval_min", "--frame-interval-min"),
    ]
    assert not (folder.parent / "plate.tsv").exists()


def test_implausible_numbers_are_the_sheets_error(folder, capsys):
    image(folder / "A1_phase.png")
    said = refused(capsys, "--pixel-size-um", "3.08", "--wavelength-nm", "550")
    assert "if it is in pixels per um, write 0.3247" in said
    assert not (folder.parent / "plate.tsv").exists()


def test_a_number_that_the_file_contradicts_is_told(folder, capsys):
    write_stack(
        folder / "A1_phase.ome.tif",
        [np.zeros((1, 4, 4), np.float32)],
        dtype="float32",
        channels=["a"],
        pixel_size_um=0.16,
        frame_interval_min=1,
    )
    _, said = made(capsys, *NUMBERS)
    assert "A1: its file says pixel_size_um = 0.16, you 0.325" in said


def test_a_sheet_that_is_there_stays(folder, capsys):
    image(folder / "A1_phase.png")
    (folder.parent / "plate.tsv").write_text("mine")
    assert "there already" in refused(capsys, *NUMBERS)
    assert (folder.parent / "plate.tsv").read_text() == "mine"
    made(capsys, *NUMBERS, "--force")


def test_no_folder_and_no_film(folder, capsys):
    assert main(["nowhere"]) == 1
    assert "no such folder" in capsys.readouterr().err
    image(folder / "0010.png")
    said = refused(capsys, *NUMBERS)
    assert "no film among 1 files" in said
    assert "0010.png: the name does not say which image it is" in said
    rows, _ = made(capsys, *NUMBERS, "--unnamed", "phase")
    assert list(rows) == ["0010"]


def test_files_that_are_no_good_are_told_why(folder, capsys):
    image(folder / "A1_phase.tif", np.float32)
    image(folder / "B1_phase.tif", np.uint16)
    (folder / "C1_phase.tif").write_text("no image")
    imsave(folder / "D1_phase.png", np.arange(48, dtype=np.uint8).reshape(4, 4, 3), check_contrast=False)
    tifffile.imwrite(folder / "E1_phase.tif", np.zeros((3, 4, 4), np.float32), imagej=True, metadata={"axes": "ZYX"})
    tifffile.imwrite(folder / "F1_phase.tif", np.zeros((3, 4, 4), np.float32), imagej=True, metadata={"axes": "CYX"})
    image(folder / "f0_t0_ch1_m0.tif")
    rows, said = made(capsys, *NUMBERS)
    assert list(rows) == ["A1"]
    for words in (
        "B1_phase.tif: pixels of type uint16",
        "C1_phase.tif: not a readable TIFF",
        "D1_phase.png: colour image",
        "E1_phase.tif: 3 slices in z",
        "F1_phase.tif: 3 channels in one file",
        "f0_t0_ch1_m0.tif: the name does not say",
    ):
        assert words in said
    assert "7 = 1 placed + 6 not placed" in said


def test_channels_and_slices_are_the_users_word(folder, capsys):
    for z, ch, t in np.ndindex(2, 3, 2):
        image(folder / f"f0_t{t}_ch{ch}_z{z}.tif", np.float32)
    rows, _ = made(capsys, *NUMBERS, "--channels", "0=phase,1=dead,2=live", "--z", "1")
    assert (rows["f0"].live, rows["f0"].dead) == ("plate/f0_t{t}_ch2_z1.tif", "plate/f0_t{t}_ch1_z1.tif")
    with pytest.raises(SystemExit):
        main(["plate", "--channels", "0=blau"])
    assert "wanted for example 0=raw,1=live,2=dead" in capsys.readouterr().err


def test_many_reasons_alike_are_one_line(folder, capsys):
    image(folder / "A1_phase.png")
    for number in range(20):
        image(folder / f"{number:02}.png")
    _, said = made(capsys, *NUMBERS)
    assert "Not placed, 20: 00.png, 01.png, 02.png and 17 more: the name does not say" in said


# One black pixel as PNG.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63600000000200"
    "0148afa4710000000049454e44ae426082"
)
PLATE = st.sets(
    st.tuples(st.integers(0, 1), st.integers(0, 6), st.integers(0, 2), st.integers(0, 3), st.booleans()), min_size=1
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=PLATE)
def test_every_file_of_any_plate_is_in_one_row_or_told(tmp_path_factory, monkeypatch, capsys, files):
    """Files by well, time, row of the mosaic and frame, or an image of the phase in place of the frame."""
    folder = tmp_path_factory.mktemp("any") / "plate"
    folder.mkdir()
    monkeypatch.chdir(folder.parent)
    names = {f"f{f}_t{t}_c0_r{r}_m{'SLIM' if phase else m}.png" for f, t, r, m, phase in files}
    for name in names:
        (folder / name).write_bytes(PIXEL)
    status = main(["plate", *NUMBERS])
    said = capsys.readouterr()
    if status:
        assert f"no film among {len(names)} files" in said.err
        return
    placed = []
    for row in read_sheet("plate.tsv"):
        cell = row.raw or row.phase
        placed += series_files(cell) if is_pattern(cell) else [cell]
    assert len(placed) == len(set(placed))
    assert {path.removeprefix("plate/") for path in placed} <= names
    assert f"{len(names)} = {len(placed)} placed + {len(names) - len(placed)} not placed" in said.out
    assert sum(map(int, re.findall(r"Not placed, (\d+):", said.out))) == len(names) - len(placed)
