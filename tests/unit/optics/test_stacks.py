import numpy as np
import pytest
import tifffile
from livedead.desk.errors import ImageError
from livedead.optics.stacks import StackWriter, read_frames, read_stack, stack_info, write_stack, write_stacks
from skimage.io import imsave

PROPERTIES = {"channels": ["phase [rad]", "b"], "pixel_size_um": 0.65, "frame_interval_min": 30.0}


@pytest.fixture
def stack(rng):
    return rng.integers(0, 4000, (3, 2, 16, 24)).astype(np.uint16)


@pytest.mark.parametrize("compression", ["none", "zstd"])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_round_trip_keeps_pixels_and_meaning(tmp_path, stack, dtype, compression):
    path = tmp_path / "a.ome.tif"
    stack = stack.astype(dtype)
    write_stack(path, iter(stack), dtype=dtype, compression=compression, **PROPERTIES)
    np.testing.assert_array_equal(read_stack(path), stack)
    info = stack_info(path)
    assert (info.frames, info.channels, info.height, info.width) == (3, ("phase [rad]", "b"), 16, 24)
    assert (info.dtype, info.pixel_size_um, info.frame_interval_min) == (np.dtype(dtype), 0.65, 30.0)


def test_an_independent_reader_sees_axes_and_scale(tmp_path, stack):
    path = tmp_path / "a.ome.tif"
    write_stack(path, stack, dtype="uint16", **PROPERTIES)
    with tifffile.TiffFile(path) as tiff:
        assert tiff.is_ome
        assert (tiff.series[0].axes, tiff.series[0].shape) == ("TCYX", stack.shape)
        np.testing.assert_array_equal(tiff.series[0].asarray(), stack)
        assert 'PhysicalSizeX="0.65"' in tiff.ome_metadata
        assert 'TimeIncrement="1800.0"' in tiff.ome_metadata


def test_bytes_are_the_same_every_time(tmp_path, stack):
    for name in ("a.ome.tif", "b.ome.tif"):
        write_stack(tmp_path / name, stack, dtype="uint16", **PROPERTIES)
    assert (tmp_path / "a.ome.tif").read_bytes() == (tmp_path / "b.ome.tif").read_bytes()


def test_frames_are_read_one_by_one(tmp_path, stack):
    path = tmp_path / "a.ome.tif"
    write_stack(path, stack, dtype="uint16", **PROPERTIES)
    frames = read_frames(path)
    assert len(frames) == 3
    np.testing.assert_array_equal(frames[1], stack[1])
    np.testing.assert_array_equal(frames[-1], stack[2])
    np.testing.assert_array_equal(np.stack(list(frames)), stack)
    with pytest.raises(IndexError, match="frame 3 of 3"):
        frames[3]


def test_plain_tiff_takes_its_channels_from_the_caller(tmp_path, rng):
    path = tmp_path / "plain.tif"
    planes = rng.integers(0, 9, (8, 6, 6)).astype(np.uint16)
    tifffile.imwrite(path, planes, photometric="minisblack", metadata=None)
    np.testing.assert_array_equal(read_stack(path, channels=4), planes.reshape(2, 4, 6, 6))
    assert stack_info(path).frames == 8


def test_several_stacks_from_one_stream(tmp_path, stack):
    class Item:
        def __init__(self, frame):
            self.a, self.b = frame, frame[:1].astype(np.float32)

    targets = {
        "a": {"path": tmp_path / "a.ome.tif", "dtype": "uint16", **PROPERTIES},
        "b": {"path": tmp_path / "b.ome.tif", "dtype": "float32", **PROPERTIES | {"channels": ["one"]}},
    }
    assert len(list(write_stacks(targets, map(Item, stack)))) == 3
    np.testing.assert_array_equal(read_stack(tmp_path / "a.ome.tif"), stack)
    np.testing.assert_array_equal(read_stack(tmp_path / "b.ome.tif"), stack[:, :1])


def test_png_with_three_equal_channels_is_grey(tmp_path, rng):
    grey = rng.integers(0, 255, (12, 10)).astype(np.uint8)
    imsave(tmp_path / "a.png", np.stack([grey] * 3, -1), check_contrast=False)
    np.testing.assert_array_equal(read_stack(tmp_path / "a.png"), grey[None, None])
    assert stack_info(tmp_path / "a.png").channels == ("grey",)


def test_colour_png_is_refused(tmp_path, rng):
    imsave(tmp_path / "a.png", rng.integers(0, 255, (12, 10, 3)).astype(np.uint8), check_contrast=False)
    with pytest.raises(ImageError, match="unequal channels"):
        read_stack(tmp_path / "a.png")


def test_missing_file(tmp_path):
    with pytest.raises(ImageError, match="gone.tif: no such file"):
        stack_info(tmp_path / "gone.tif")


def test_file_that_is_no_image(tmp_path):
    (tmp_path / "a.tif").write_text("hello")
    with pytest.raises(ImageError, match="not a readable TIFF"):
        stack_info(tmp_path / "a.tif")


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_truncated_file(tmp_path, stack, share):
    path = tmp_path / "a.ome.tif"
    write_stack(path, stack, dtype="uint16", **PROPERTIES)
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(ImageError, match=r"a\.ome\.tif: .*(cut off|broken|readable)"):
        read_stack(path)


def test_wrong_number_of_frames(tmp_path, rng):
    path = tmp_path / "plain.tif"
    tifffile.imwrite(path, rng.integers(0, 9, (7, 6, 6)).astype(np.uint16), photometric="minisblack", metadata=None)
    with pytest.raises(ImageError, match="7 images do not fill whole time points of 4"):
        stack_info(path, channels=4)


def test_other_number_of_channels_than_asked_for(tmp_path, stack):
    path = tmp_path / "a.ome.tif"
    write_stack(path, stack, dtype="uint16", **PROPERTIES)
    with pytest.raises(ImageError, match=r"2 channel\(s\) per time point \(wanted 4\)"):
        stack_info(path, channels=4)


def test_pages_of_different_shape_or_type(tmp_path):
    for name, second in (("shape", np.zeros((5, 6), np.uint16)), ("type", np.zeros((6, 6), np.uint8))):
        with tifffile.TiffWriter(tmp_path / f"{name}.tif") as tiff:
            tiff.write(np.zeros((6, 6), np.uint16), metadata=None)
            tiff.write(second, metadata=None)
        with pytest.raises(ImageError, match="image 1 is .* like the first"):
            stack_info(tmp_path / f"{name}.tif")


def test_nothing_is_left_of_a_stack_that_failed(tmp_path, stack):
    path = tmp_path / "a.ome.tif"

    def frames():
        yield stack[0]
        yield stack[1].astype(np.float32)

    with pytest.raises(ImageError, match="frame 1 is float32"):
        write_stack(path, frames(), dtype="uint16", **PROPERTIES)
    with pytest.raises(ImageError, match="no frame to write"):
        write_stack(path, [], dtype="uint16", **PROPERTIES)
    assert list(tmp_path.iterdir()) == []


def test_writer_refuses_frames_of_another_number_of_channels(tmp_path, stack):
    with (
        pytest.raises(ImageError, match=r"wanted uint16 \(2, 16, 24\)"),
        StackWriter(tmp_path / "a.ome.tif", dtype="uint16", **PROPERTIES) as writer,
    ):
        writer.write(stack[0, :1])


def test_a_tiff_without_an_image_is_named(tmp_path):
    (tmp_path / "empty.tif").write_bytes(b"II*\0\0\0\0\0")
    (tmp_path / "begun.tif").write_bytes(b"II*\0 no image")
    for name in ("empty.tif", "begun.tif"):
        with pytest.raises(ImageError, match=f"{name}: no"):
            read_frames(tmp_path / name)
