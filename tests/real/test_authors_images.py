"""The labelled HeLa images of the paper's authors, where they are at hand: LIVEDEAD_DATA names their folder."""

import os
from pathlib import Path

import numpy as np
import pytest
import yaml
from livedead.cells.labelmap import import_label_map
from livedead.desk.datasets import absent_files, read_parts
from livedead.desk.folds import leave_out
from livedead.desk.sheet import read_sheet
from livedead.net.inputs import scale_phase
from livedead.optics.imported_phase import as_phase, channel_name
from livedead.optics.stacks import read_stack, stack_info

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("LIVEDEAD_DATA", ROOT.parent / "shared/data/pics_authors"))
PRESET = yaml.safe_load((ROOT / "resources/presets/authors.yaml").read_text())

pytestmark = pytest.mark.skipif(
    not (DATA / "HeLa_labelled").is_dir(),
    reason="the authors' images are not at hand; set LIVEDEAD_DATA to the folder that holds HeLa_labelled/",
)


@pytest.fixture(scope="module")
def rows():
    return [row for row in read_sheet(ROOT / "resources/authors.tsv", DATA) if row.raw is None]


def test_files_are_those_published():
    assert absent_files(read_parts(ROOT / "resources/datasets.tsv", "authors"), DATA) == []


@pytest.mark.parametrize("field", PRESET["authors"]["held_out"])
def test_whole_fields_are_held_out(rows, field):
    sides = leave_out(rows, field)
    assert len(sides) == len(rows) == 6
    for row in rows:
        assert (sides[row.sequence] == "test") == (row.replicate == field)
    # The sheet's own split is that of the last fold.
    if field == PRESET["authors"]["held_out"][-1]:
        assert {row.sequence: row.split for row in rows} == sides


def test_images_are_grey_and_scaled_one_by_one(rows):
    for row in rows:
        image = read_stack(row.phase)
        assert (image.shape, image.dtype) == ((1, 1, 832, 832), np.uint8)
        assert channel_name(stack_info(row.phase).dtype) == "phase [grey]"
        phase = as_phase(image[0, 0])
        assert 0 <= phase.min() < phase.max() <= 1
        scaled = scale_phase(phase, PRESET["train"]["input_scaling"])
        assert (scaled.min(), scaled.max()) == (0, 1)


def test_label_maps_hold_nuclei_of_one_state_each(rows):
    states, areas = [], []
    for row in rows:
        frame = import_label_map(read_stack(row.labels)[0, 0], PRESET["labels"]["label_values"], row.pixel_size_um)
        coarse = import_label_map(read_stack(row.labels)[0, 0], PRESET["labels"]["label_values"], 0.65, 2)
        # Halving the sampling moves outlines, but neither loses nor joins a nucleus.
        assert len(coarse.nuclei) == len(frame.nuclei)
        for number in range(1, frame.instances.max() + 1):
            inside = frame.semantic[frame.instances == number]
            assert np.unique(inside).size == 1
            states.append(int(inside[0]))
            areas.append(inside.size)
    # No dead nucleus in these six images: what they cannot teach is said in the README.
    assert set(states) == {1}
    assert len(areas) > 60
    assert 3000 < np.median(areas) < 6000
