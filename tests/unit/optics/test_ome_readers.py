"""What we write, read by programs of others: the OME schema, ome-types, and bioio where it is installed."""

import itertools

import numpy as np
import pytest
import tifffile
from livedead.optics.stacks import write_stack
from ome_types import from_tiff, validate_xml
from ome_types.model import PixelType, UnitsLength, UnitsTime

# The kinds of images of the pipeline: interferograms, phase, probability, labels.
KINDS = [
    ("uint16", ["0", "pi/2", "pi", "3pi/2"], PixelType.UINT16),
    ("float32", ["phase [rad]"], PixelType.FLOAT),
    ("uint8", ["live", "dead", "background"], PixelType.UINT8),
    ("uint8", ["0 background, 1 live, 2 dead"], PixelType.UINT8),
]
WHICH = pytest.mark.parametrize("dtype, channels, kind", KINDS, ids=["raw", "phase", "probability", "labels"])
FRAMES = 3


@pytest.fixture
def written(tmp_path):
    def write(dtype, channels, compression="none"):
        stack = np.random.default_rng(3).integers(0, 200, (FRAMES, len(channels), 20, 30)).astype(dtype)
        path = tmp_path / "film.ome.tif"
        form = {"pixel_size_um": 0.325, "frame_interval_min": 30, "compression": compression}
        write_stack(path, stack, dtype=dtype, channels=channels, **form)
        return path, stack

    return write


@WHICH
def test_ome_types_reads_size_time_and_names(written, dtype, channels, kind):
    path, _ = written(dtype, channels)
    with tifffile.TiffFile(path) as tiff:
        validate_xml(tiff.ome_metadata)  # against the schema of the Open Microscopy Environment
    pixels = from_tiff(path).images[0].pixels
    assert (pixels.size_t, pixels.size_c, pixels.size_z, pixels.size_y, pixels.size_x) == (3, len(channels), 1, 20, 30)
    assert pixels.type == kind
    assert (pixels.physical_size_x, pixels.physical_size_y) == (0.325, 0.325)
    assert pixels.physical_size_x_unit == pixels.physical_size_y_unit == UnitsLength.MICROMETER
    assert (pixels.time_increment, pixels.time_increment_unit) == (1800, UnitsTime.SECOND)
    assert [channel.name for channel in pixels.channels] == channels
    times = {(plane.the_t, plane.the_c): (plane.delta_t, plane.delta_t_unit) for plane in pixels.planes}
    places = itertools.product(range(FRAMES), range(len(channels)))
    assert times == {(t, c): (1800 * t, UnitsTime.SECOND) for t, c in places}


@WHICH
def test_bioio_reads_pixels_size_time_and_names(written, dtype, channels, kind):
    bioio = pytest.importorskip("bioio", reason="bioio is not installed (pip install bioio bioio-ome-tiff)")
    reader = pytest.importorskip("bioio_ome_tiff", reason="bioio-ome-tiff is not installed")
    path, stack = written(dtype, channels, "zstd")
    image = bioio.BioImage(path, reader=reader.Reader)
    np.testing.assert_array_equal(image.get_image_data("TCYX"), stack)
    assert list(image.channel_names) == channels
    assert (image.physical_pixel_sizes.Y, image.physical_pixel_sizes.X) == (0.325, 0.325)
    assert image.standard_metadata.timelapse_interval.total_seconds() == 30 * 60
    assert image.standard_metadata.total_time_duration.total_seconds() == (FRAMES - 1) * 30 * 60
