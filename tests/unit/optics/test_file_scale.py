"""The scale in a file and that of the sheet: the same, or both are named."""

import numpy as np
import pytest
import tifffile
from livedead.desk.errors import ImageError
from livedead.optics.file_scale import check_scale
from livedead.optics.stacks import read_frames, write_stack

ROW = {"pixel_size_um": 0.325, "frame_interval_min": 30.0}


@pytest.fixture
def film(tmp_path):
    """Open a film of two frames whose file says these numbers."""

    def opened(pixel_size_um=0.325, frame_interval_min=30.0, frames=2):
        scale = {"pixel_size_um": pixel_size_um, "frame_interval_min": frame_interval_min}
        write_stack(
            tmp_path / "a.ome.tif", [np.zeros((1, 4, 4), np.float32)] * frames, dtype="float32", channels=["a"], **scale
        )
        return read_frames(tmp_path / "a.ome.tif")

    return opened


@pytest.mark.parametrize("mode", ["error", "warning"])
def test_the_same_scale_says_nothing(film, mode, caplog):
    check_scale(film(), ROW, mismatch=mode)
    check_scale(film(pixel_size_um=0.325 * 1.04), ROW, mismatch=mode)
    assert not caplog.records


@pytest.mark.parametrize(
    ("said", "row", "words"),
    [
        ({"pixel_size_um": 0.65}, {}, r"the file says 0.65 um per pixel, the sheet pixel_size_um = 0.325 \(wanted"),
        ({}, {"pixel_size_um": 1 / 0.325}, r"these are pixels per um: 1 / 3.07692 = 0.325"),
        ({"frame_interval_min": 20}, {}, "the file says 20 min between frames, the sheet frame_interval_min = 30"),
        ({}, {"frame_interval_min": 1800.0}, "these are seconds"),
        ({}, {"frame_interval_min": 0.5}, "these are hours"),
    ],
)
def test_another_scale_names_both_numbers(film, said, row, words, caplog):
    opened = film(**said)
    with pytest.raises(ImageError, match=words) as error:
        check_scale(opened, ROW | row, mismatch="error")
    assert "a.ome.tif" in str(error.value)
    check_scale(opened, ROW | row, mismatch="warning")
    assert caplog.messages == [str(error.value)]


def test_both_differences_are_said_at_once(film):
    with pytest.raises(ImageError, match=r"0\.1 um.*5 min"):
        check_scale(film(pixel_size_um=0.1, frame_interval_min=5), ROW, mismatch="error")


def test_a_single_image_has_no_interval(film):
    check_scale(film(frame_interval_min=1, frames=1), ROW, mismatch="error")
    with pytest.raises(ImageError):
        check_scale(film(frame_interval_min=1, frames=2), ROW, mismatch="error")


def test_a_file_without_a_scale_cannot_disagree(tmp_path, caplog):
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((2, 4, 4), np.uint8), photometric="minisblack")
    check_scale(read_frames(tmp_path / "a.tif"), ROW, mismatch="error")
    assert not caplog.records
