from pathlib import Path

import numpy as np
import pytest
from livedead.desk.errors import ImageError
from livedead.optics import planes
from livedead.optics.stacks import read_frames, write_stack

FORM = {"dtype": np.uint16, "channels": ["a"], "pixel_size_um": 1.0, "frame_interval_min": 1.0}


@pytest.fixture
def opened(monkeypatch):
    """Names of the files that are opened to read pixels, in this order."""
    names, really = [], planes.open_tiff

    def open_and_note(path):
        names.append(path.name)
        return really(path)

    monkeypatch.setattr(planes, "open_tiff", open_and_note)
    monkeypatch.setattr(planes, "_held", type(planes._held)())
    return names


def film(path, first=0, frames=3):
    write_stack(path, (np.full((1, 4, 5), first + n, np.uint16) for n in range(frames)), **FORM)
    return read_frames(path)


def values(frames):
    return [int(frame[0, 0, 0]) for frame in frames]


def test_a_film_is_opened_once(tmp_path, opened):
    one, other = film(tmp_path / "one.tif"), film(tmp_path / "other.tif", 10)
    side_by_side = [(int(a[0, 0, 0]), int(b[0, 0, 0])) for a, b in zip(one, other, strict=True)]
    assert side_by_side == [(0, 10), (1, 11), (2, 12)]
    assert values([one[2], one[0]]) == [2, 0]
    assert opened == ["one.tif", "other.tif"]


def test_a_file_that_was_replaced_is_read_anew(tmp_path, opened):
    assert values(film(tmp_path / "film.tif")) == [0, 1, 2]
    assert values(film(tmp_path / "film.tif", 7)) == [7, 8, 9]
    assert len(opened) == 2


def test_only_some_files_stay_open(tmp_path, opened):
    films = [film(tmp_path / f"f{n}.tif", n, frames=2) for n in range(planes.MOST_OPEN + 2)]
    assert [values(frames)[0] for frames in films] == list(range(planes.MOST_OPEN + 2))
    assert len(planes._held) == planes.MOST_OPEN
    assert values(films[0]) == [0, 1] and opened.count("f0.tif") == 2
    assert values(films[-1])[0] == planes.MOST_OPEN + 1 and opened.count(f"f{planes.MOST_OPEN + 1}.tif") == 1


def test_files_of_a_series_are_closed(tmp_path, opened):
    for n in range(3):
        film(tmp_path / f"t{n}.tif", n, frames=1)
    assert values(read_frames([tmp_path / f"t{n}.tif" for n in range(3)])) == [0, 1, 2]
    assert opened == ["t0.tif", "t1.tif", "t2.tif"] and not planes._held


def test_a_file_that_is_gone_is_an_error(tmp_path, opened):
    frames = film(tmp_path / "film.tif")
    assert int(frames[0].max()) == 0
    Path(tmp_path / "film.tif").unlink()
    with pytest.raises(ImageError, match="no such file"):
        frames[1]
