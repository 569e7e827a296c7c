"""Stacks of any small shape, type and order of axes come back as they were."""

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from livedead.optics.stacks import read_frames, read_stack, write_stack

TYPES = st.sampled_from(["uint8", "uint16", "int16", "uint32", "float32"])
SHAPES = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 17), st.integers(1, 17))

# As other programs write them: to these, sides of up to four pixels are colours, and sides of one are none.
CAMERAS = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(5, 17), st.integers(5, 17))


@st.composite
def stacks(draw, types=TYPES, shapes=SHAPES):
    """Films (T, C, Y, X) of finite numbers; every plane begins with its own number: none is taken for another."""
    dtype = draw(types)
    seed, shape = draw(st.integers(0, 2**32 - 1)), draw(shapes)
    film = np.random.default_rng(seed).integers(0, 100, shape).astype(dtype)
    film[..., 0, 0] = np.arange(shape[0] * shape[1]).reshape(shape[:2])
    return film


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("stacks")


@settings(max_examples=60, deadline=None)
@given(film=stacks(), compression=st.sampled_from(["none", "zstd"]), data=st.data())
def test_what_is_written_is_read(folder, film, compression, data):
    names = data.draw(st.lists(st.text("abc [µ]<&\"'", min_size=1), min_size=film.shape[1], max_size=film.shape[1]))
    scale = data.draw(st.tuples(st.floats(1e-3, 1e3), st.floats(1e-3, 1e5)))
    form = {"dtype": film.dtype, "channels": names, "pixel_size_um": scale[0], "frame_interval_min": scale[1]}
    write_stack(folder / "a.ome.tif", film, compression=compression, **form)
    frames = read_frames(folder / "a.ome.tif")
    np.testing.assert_array_equal(np.stack(list(frames)), film, strict=True)
    assert frames.info.channels == tuple(names)
    assert (frames.info.pixel_size_um, frames.info.frame_interval_min) == pytest.approx(scale, rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    film=stacks(shapes=CAMERAS),
    axes=st.sampled_from(["TCYX", "CTYX"]),
    byteorder=st.sampled_from("<>"),
    ome=st.booleans(),
)
def test_the_order_of_axes_in_a_file_does_not_matter(folder, film, axes, byteorder, ome):
    stored = film if axes == "TCYX" else film.swapaxes(0, 1)
    metadata = {"axes": axes}
    path = folder / ("b.ome.tif" if ome else "b.tif")
    tifffile.imwrite(path, stored, photometric="minisblack", metadata=metadata, byteorder=byteorder, ome=ome)
    np.testing.assert_array_equal(read_stack(path), film)


@settings(max_examples=40, deadline=None)
@given(
    film=stacks(shapes=CAMERAS),
    tags=st.sampled_from([{}, {"compression": "zlib"}, {"rowsperstrip": 1}, {"bigtiff": True}]),
)
def test_a_plain_file_holds_channels_within_times(folder, film, tags):
    planes = film.reshape(-1, *film.shape[2:])
    tifffile.imwrite(folder / "c.tif", planes, photometric="minisblack", metadata=None, **tags)
    np.testing.assert_array_equal(read_stack(folder / "c.tif", channels=film.shape[1]), film)


@settings(max_examples=40, deadline=None)
@given(film=stacks(st.sampled_from(["uint8", "uint16", "float32"]), CAMERAS))
def test_hyperstacks_of_imagej(folder, film):
    tifffile.imwrite(folder / "d.tif", film, imagej=True, metadata={"axes": "TCYX"})
    np.testing.assert_array_equal(read_stack(folder / "d.tif", channels=film.shape[1]), film)


@settings(max_examples=30, deadline=None)
@given(film=npst.arrays(np.uint16, st.tuples(st.integers(1, 3), st.integers(1, 4), st.just(5), st.just(6))))
def test_a_film_in_single_files_is_the_film_in_one(folder, film):
    paths = [folder / f"t{t}_c{c}.tif" for t in range(film.shape[0]) for c in range(film.shape[1])]
    for path, plane in zip(paths, film.reshape(-1, 5, 6), strict=True):
        tifffile.imwrite(path, plane, metadata=None)
    frames = read_frames(paths, film.shape[1], files_per_time=film.shape[1])
    np.testing.assert_array_equal(np.stack(list(frames)), film)
