import base64
import re
import weakref

import av
import numpy as np
import pytest
from av.video.reformatter import Colorspace
from livedead.desk.errors import DataError
from livedead.paper.movie import movie_page, save_movie
from matplotlib.image import imread

ORANGE, BLUE = (230, 159, 0), (0, 114, 178)


def frames(count=5):
    for number in range(count):
        image = np.full((64, 96, 3), ORANGE, np.uint8)
        image[:, 16 * number : 16 * number + 16] = BLUE
        yield image


def save(folder, source, poster_frame=0, frames_per_second=2.0):
    paths = folder / "film.mp4", folder / "film.png"
    return save_movie(*paths, source, frames_per_second=frames_per_second, poster_frame=poster_frame)


def read(path):
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        images = [
            frame.reformat(format="rgb24", src_colorspace=Colorspace.ITU709).to_ndarray()
            for frame in container.decode(video=0)
        ]
        return images, stream.average_rate, float(stream.duration * stream.time_base), stream.codec_context


def test_a_movie_reads_back_with_its_frames_speed_and_colours(tmp_path):
    assert save(tmp_path, frames(), poster_frame=2) == 5
    images, rate, duration, codec = read(tmp_path / "film.mp4")
    assert len(images) == 5 and rate == 2 and duration == 2.5
    assert (codec.name, codec.pix_fmt, codec.width, codec.height) == ("h264", "yuv420p", 96, 64)
    for number, image in enumerate(images):
        assert np.abs(image[30, 16 * number + 8].astype(int) - BLUE).max() < 8
        assert np.abs(image[30, 16 * number - 8].astype(int) - ORANGE).max() < 8
    poster = (imread(tmp_path / "film.png")[..., :3] * 255).round()
    np.testing.assert_array_equal(poster, list(frames())[2])


def test_browsers_find_the_index_before_the_pictures(tmp_path):
    save(tmp_path, frames())
    data = (tmp_path / "film.mp4").read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")


def test_equal_frames_are_equal_files(tmp_path):
    for name in "ab":
        save(tmp_path / name, frames())
    for file in ("film.mp4", "film.png"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_slow_movies_keep_their_speed(tmp_path):
    save(tmp_path, frames(3), frames_per_second=0.5)
    assert read(tmp_path / "film.mp4")[2] == 6.0


def broken():
    yield from frames(2)
    raise RuntimeError("the microscope is on fire")


@pytest.mark.parametrize(
    ("source", "poster_frame", "error", "says"),
    [
        (broken, 0, RuntimeError, "on fire"),
        (lambda: iter(()), 0, DataError, "no frame to film"),
        (frames, 5, DataError, "poster frame 5 of a movie of 5"),
        (lambda: [np.zeros((63, 96, 3), np.uint8)], 0, DataError, "even height"),
        (lambda: [np.zeros((64, 96), np.uint8)], 0, DataError, "even height"),
        (lambda: [np.zeros((64, 96, 3))], 0, DataError, "float64"),
        (lambda: [np.zeros((64, s, 3), np.uint8) for s in (96, 98)], 0, DataError, r"\(64, 98, 3\).*\(64, 96, 3\)"),
    ],
)
def test_a_movie_that_cannot_be_finished_leaves_no_file(tmp_path, source, poster_frame, error, says):
    with pytest.raises(error, match=says):
        save(tmp_path, source(), poster_frame)
    assert list(tmp_path.iterdir()) == []


def test_memory_stays_flat(tmp_path):
    waiting = []

    def counted():
        for number in range(6):
            frame = np.full((64, 96, 3), 40 * number, np.uint8)
            waiting.append(weakref.ref(frame))
            yield frame
            del frame
            assert sum(one() is not None for one in waiting) <= 2

    assert save(tmp_path, counted()) == 6


def test_the_page_holds_the_movie(tmp_path):
    save(tmp_path, frames())
    page = movie_page("Film <1>", tmp_path / "film.mp4", "Simulated & fast.")
    [film] = re.findall(r'src="data:video/mp4;base64,([^"]+)"', page)
    assert base64.b64decode(film) == (tmp_path / "film.mp4").read_bytes()
    assert "Film &lt;1&gt;" in page and "Simulated &amp; fast." in page
