"""`make sheet` on the folders of the paper's authors, where they are at hand: LIVEDEAD_DATA names their folder."""

import os
from pathlib import Path

import pytest
from livedead.commands.sheet import main
from livedead.desk.series import is_pattern, series_files
from livedead.desk.sheet import read_sheet

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("LIVEDEAD_DATA", ROOT.parent / "shared/data/pics_authors"))
NUMBERS = ["--pixel-size-um", "0.325", "--wavelength-nm", "550"]

pytestmark = pytest.mark.skipif(
    not (DATA / "CHO").is_dir(),
    reason="the authors' images are not at hand; set LIVEDEAD_DATA to the folder that holds CHO/ and HeLa/",
)


def written(folder, output, *options):
    assert main([str(DATA / folder), "--output", str(output), *NUMBERS, *options]) == 0
    return read_sheet(output)


def test_every_image_of_the_cho_wells_is_in_one_row(tmp_path, capsys):
    rows = written("CHO", tmp_path / "cho.tsv", "--frame-interval-min", "30", "--cell-line", "CHO")
    placed = [file for row in rows for file in (series_files(row.phase) if is_pattern(row.phase) else [row.phase])]
    assert sorted(placed) == sorted(str(path) for path in (DATA / "CHO").iterdir())
    assert "61 = 61 placed + 0 not placed" in capsys.readouterr().out
    assert {row.well for row in rows} == {"f0", "f1", "f2", "f3"}
    assert {row.tile for row in rows} == {f"c{c}r{r}" for c in range(3) for r in range(3)}
    # Time index 46, half an hour each.
    assert max(row.start_h for row in rows) == 23


def test_names_that_say_nothing_are_told_and_placed_on_demand(tmp_path, capsys):
    assert main([str(DATA / "HeLa"), "--output", str(tmp_path / "hela.tsv"), *NUMBERS]) == 1
    assert "Not placed, 40: 0010.png, 0011.png, 0012.png and 37 more" in capsys.readouterr().err
    rows = written("HeLa", tmp_path / "hela.tsv", "--unnamed", "phase")
    assert [row.sequence for row in rows] == [f"{number:04}" for number in range(10, 50)]
