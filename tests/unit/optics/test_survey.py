import numpy as np
import pytest
from livedead.optics.stacks import stack_info, write_stack
from livedead.optics.survey import SURVEY_COLUMNS, films_of, survey_images

SHEET = {"cohort": "hela", "cell_line": "HeLa", "replicate": "r1", "well": "w1", "condition": "stained"}
SHEET |= {"confluence": "low", "data": "simulated"}


def stack(path, shape, channels, pixel_size_um, interval_min=30):
    frames = np.zeros(shape, np.uint16)
    form = {"dtype": "uint16", "channels": channels, "pixel_size_um": pixel_size_um}
    write_stack(path, frames, **form, frame_interval_min=interval_min)
    return stack_info(path)


def test_facts_come_from_the_files(tmp_path):
    raw = stack(tmp_path / "raw.tif", (5, 4, 8, 12), ["0", "pi/2", "pi", "3pi/2"], 0.1625)
    phase = stack(tmp_path / "phase.tif", (5, 1, 4, 6), ["phase"], 0.325)
    [row] = survey_images([SHEET | {"sequence": "a"}], [phase], {"a": raw})
    assert tuple(row[column] for column in SURVEY_COLUMNS[8:12]) == (4, "0, pi/2, pi, 3pi/2", 8, 0.1625)
    # Five frames every 30 min: two hours from the first to the last.
    assert tuple(row[column] for column in SURVEY_COLUMNS[12:16]) == (5, 4, 6, 0.325)
    assert row["field_um"] == pytest.approx(6 * 0.325)
    assert (row["frame_interval_min"], row["duration_h"]) == (30, 2)
    assert {key: row[key] for key in SHEET} == SHEET


def test_a_film_without_interferograms_and_a_file_that_says_nothing(tmp_path):
    phase = stack(tmp_path / "phase.tif", (1, 1, 4, 4), ["phase"], 0.5)
    silent = type(phase)(**vars(phase) | {"pixel_size_um": None, "frame_interval_min": None})
    [row] = survey_images([SHEET | {"sequence": "a"}], [silent], {})
    for column in ("interferograms", "shifts", "camera_pixel_um", "pixel_um", "field_um", "duration_h"):
        assert row[column] is None
    assert row["frames"] == 1 and set(row) == set(SURVEY_COLUMNS)


def test_as_many_stacks_as_films(tmp_path):
    with pytest.raises(ValueError):
        survey_images([SHEET | {"sequence": "a"}], [], {})


def test_files_of_many_films_go_to_their_films():
    assert films_of(["a", "b0", "b1", "c"], [1, 2, 1]) == ["a", ["b0", "b1"], "c"]
