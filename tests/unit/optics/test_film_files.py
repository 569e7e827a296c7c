"""Films as others write them: one file or many, any order of the axes, grey or refused."""

import tracemalloc

import numpy as np
import pytest
import tifffile
from livedead.desk.errors import ImageError
from livedead.optics.film_files import film_of
from livedead.optics.stacks import read_frames, read_stack, stack_info
from skimage.io import imsave


@pytest.fixture
def film(rng):
    """Three time points of four channels."""
    return rng.integers(0, 4000, (3, 4, 6, 8)).astype(np.uint16)


@pytest.mark.parametrize("axes", ["TCYX", "CTYX", "TCZYX", "TZCYX", "ZCTYX", "CZTYX"])
def test_order_of_the_axes_of_ome_files(tmp_path, film, axes):
    whole = film[:, :, None]
    order = ["TCZYX".index(axis) for axis in (axes if "Z" in axes else "Z" + axes)]
    data = whole.transpose(order)
    tifffile.imwrite(
        tmp_path / "a.ome.tif", data if "Z" in axes else data[0], metadata={"axes": axes}, photometric="minisblack"
    )
    np.testing.assert_array_equal(read_stack(tmp_path / "a.ome.tif"), film)
    np.testing.assert_array_equal(read_frames(tmp_path / "a.ome.tif", channels=4)[1], film[1])


def test_pages_of_an_ome_file_in_an_order_of_their_own(tmp_path, film):
    """TiffData elements say which page is which; the order of the pages says nothing."""
    planes, order = film.reshape(-1, 6, 8), np.random.default_rng(3).permutation(12)
    data = "".join(f'<TiffData IFD="{n}" FirstT="{p // 4}" FirstC="{p % 4}" FirstZ="0"/>' for n, p in enumerate(order))
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">'
        '<Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYZTC" Type="uint16" SizeX="8" SizeY="6" SizeC="4" '
        f'SizeZ="1" SizeT="3" PhysicalSizeX="325" PhysicalSizeXUnit="nm">{data}</Pixels></Image></OME>'
    )
    with tifffile.TiffWriter(tmp_path / "a.ome.tif", ome=False) as tiff:
        for number, plane in enumerate(order):
            tiff.write(planes[plane], description=xml if not number else None, metadata=None, contiguous=False)
    np.testing.assert_array_equal(read_stack(tmp_path / "a.ome.tif"), film)
    assert stack_info(tmp_path / "a.ome.tif").pixel_size_um == pytest.approx(0.325)


@pytest.mark.parametrize("one_page", [False, True])
def test_hyperstack_of_imagej(tmp_path, film, one_page):
    said = {"axes": "TCYX", "unit": "micron", "finterval": 90.0}
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, film, imagej=True, metadata=said, resolution=(4.0, 4.0), truncate=one_page)
    np.testing.assert_array_equal(read_stack(path), film)
    info = stack_info(path, channels=4)
    assert (info.frames, info.pixel_size_um, info.frame_interval_min) == (3, 0.25, 1.5)


def test_scale_that_means_nothing_is_none(tmp_path, film):
    tifffile.imwrite(tmp_path / "a.tif", film[0], imagej=True, metadata={"axes": "CYX", "unit": "pixel"})
    tifffile.imwrite(tmp_path / "b.tif", film[0], photometric="minisblack", resolution=(72, 72), resolutionunit="INCH")
    odd = {"axes": "CYX", "PhysicalSizeX": 1.0, "PhysicalSizeXUnit": "pixel", "TimeIncrement": 0.0}
    tifffile.imwrite(tmp_path / "c.ome.tif", film[0], photometric="minisblack", metadata=odd)
    for name in ("a.tif", "b.tif", "c.ome.tif"):
        info = stack_info(tmp_path / name, channels=4)
        assert (info.pixel_size_um, info.frame_interval_min) == (None, None)


@pytest.mark.parametrize("kind", ["a.ome.tif", "a.tif"])
def test_slices_in_z_are_refused_with_what_to_do(tmp_path, film, kind):
    tifffile.imwrite(tmp_path / kind, film, photometric="minisblack", metadata={"axes": "TZYX"}, imagej=kind == "a.tif")
    with pytest.raises(ImageError, match=r"4 slices in z .*slices 1, frames 4.*Z Project"):
        stack_info(tmp_path / kind)


def test_several_places_in_one_file_are_refused(tmp_path, film):
    with tifffile.TiffWriter(tmp_path / "a.ome.tif") as tiff:
        for _ in range(2):
            tiff.write(film, metadata={"axes": "TCYX"}, photometric="minisblack")
    with pytest.raises(ImageError, match="2 images of different places"):
        stack_info(tmp_path / "a.ome.tif")


def test_axes_that_are_no_film_are_refused(tmp_path, film):
    tifffile.imwrite(tmp_path / "a.tif", film, photometric="minisblack", metadata={"axes": "PTYX"})
    with pytest.raises(ImageError, match="axes PTYX of sizes"):
        stack_info(tmp_path / "a.tif")


def test_cut_off_hyperstack_of_one_page(tmp_path, film):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, film, imagej=True, metadata={"axes": "TCYX"}, truncate=True)
    path.write_bytes(path.read_bytes()[: -film[0].nbytes])
    with pytest.raises(ImageError, match="cut off"):
        stack_info(path)


def test_one_file_per_plane(tmp_path, film):
    for t, frame in enumerate(film):
        for m, plane in enumerate(frame):
            tifffile.imwrite(tmp_path / f"t{t}_m{m}.tif", plane)
    paths = [tmp_path / f"t{t}_m{m}.tif" for t in range(3) for m in range(4)]
    np.testing.assert_array_equal(read_stack(paths, channels=4), film)
    assert stack_info(paths, channels=4).channels == ("0", "1", "2", "3")
    assert str(read_frames(paths, channels=4)) == f"{paths[0]} and 11 more files"
    assert str(read_frames(paths[0])) == str(paths[0])
    np.testing.assert_array_equal(read_frames(paths, channels=4, files_per_time=4)[-1], film[-1])
    with pytest.raises(ImageError, match=r"t0_m0.tif and the others .*: 3 files \(wanted 4 per time point\)"):
        read_frames(paths[:9], channels=4, files_per_time=3)
    with pytest.raises(ImageError, match=r"11 files \(wanted 4 per time point\)"):
        read_frames(paths[:11], channels=4)
    # Four times one plane are no four shifts.
    with pytest.raises(ImageError, match="t0_m0.tif: 1 images do not fill whole time points of 4"):
        read_frames(paths[:4], channels=4, files_per_time=1)


@pytest.mark.parametrize("form", ["plain", "ome", "imagej"])
def test_one_file_per_time_point(tmp_path, film, form):
    names = [f"t{t}{'.ome' if form == 'ome' else ''}.tif" for t in range(3)]
    for name, frame in zip(names, film, strict=True):
        axes = {"metadata": {"axes": "CYX"}} if form != "plain" else {}
        tifffile.imwrite(tmp_path / name, frame, photometric="minisblack", imagej=form == "imagej", **axes)
    paths = [str(tmp_path / name) for name in names]
    np.testing.assert_array_equal(read_stack(paths, channels=4), film)
    assert len(film_of(paths, 4, files_per_time=1).frames) == 3


def test_a_file_of_a_series_holds_one_time_point(tmp_path, film):
    for t in range(2):
        tifffile.imwrite(tmp_path / f"t{t}.tif", film.reshape(-1, 6, 8)[:8], photometric="minisblack")
    with pytest.raises(ImageError, match=r"t0.tif: 8 images \(wanted 4: one time point per file"):
        read_frames([tmp_path / "t0.tif", tmp_path / "t1.tif"], channels=4)
    with pytest.raises(ImageError, match=r"t0.tif: 8 images \(wanted one, as 4 files hold a time point\)"):
        read_frames([tmp_path / "t0.tif", tmp_path / "t1.tif"], channels=4, files_per_time=4)


def test_a_series_of_no_files():
    with pytest.raises(ImageError, match="no files"):
        read_frames([])


@pytest.mark.parametrize("odd", [np.zeros((6, 9), np.uint16), np.zeros((6, 8), np.uint8)])
def test_the_odd_file_of_a_series_is_named(tmp_path, film, odd):
    for t, plane in enumerate([film[0, 0], film[1, 0], odd]):
        tifffile.imwrite(tmp_path / f"t{t}.tif", plane)
    with pytest.raises(ImageError, match=r"t2.tif: images of .* \(wanted uint16 \(6, 8\) as in t0.tif"):
        read_frames([tmp_path / f"t{t}.tif" for t in range(3)])


def ome_set(folder, film):
    """One OME description for three files, as Micro-Manager writes it."""
    names = [f"t{t}.ome.tif" for t in range(3)]
    data = "".join(
        f'<TiffData IFD="{c}" FirstT="{t}" FirstC="{c}" FirstZ="0" PlaneCount="1"><UUID FileName="{name}">urn:uuid:{t}'
        "</UUID></TiffData>"
        for t, name in enumerate(names)
        for c in range(4)
    )
    for t, name in enumerate(names):
        xml = (
            '<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" '
            f'UUID="urn:uuid:{t}"><Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYCZT" Type="uint16" '
            f'SizeX="8" SizeY="6" SizeC="4" SizeZ="1" SizeT="3" PhysicalSizeX="0.5">{data}</Pixels></Image></OME>'
        )
        with tifffile.TiffWriter(folder / name, ome=False) as tiff:
            for c, plane in enumerate(film[t]):
                tiff.write(plane, description=xml if not c else None, metadata=None, contiguous=False)
    return [folder / name for name in names]


def test_ome_description_of_several_files(tmp_path, film):
    paths = ome_set(tmp_path, film)
    np.testing.assert_array_equal(read_stack(paths, channels=4), film)
    assert stack_info(paths, channels=4).pixel_size_um == 0.5
    with pytest.raises(ImageError, match="names 12 images, but 4 are in this file .*pattern"):
        stack_info(paths[0])


def test_colour_tiff_with_equal_channels_is_grey(tmp_path, rng):
    grey = rng.integers(0, 255, (2, 12, 10)).astype(np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", np.stack([grey] * 3, -1), photometric="rgb")
    tifffile.imwrite(tmp_path / "b.tif", np.stack([grey[0]] * 3), photometric="rgb", planarconfig="separate")
    np.testing.assert_array_equal(read_stack(tmp_path / "a.tif"), grey[:, None])
    np.testing.assert_array_equal(read_stack(tmp_path / "b.tif"), grey[None, :1])
    info = stack_info(tmp_path / "a.tif")
    assert (info.frames, info.height, info.width, info.channels) == (2, 12, 10, ("0",))


def test_colour_tiff_is_refused(tmp_path, rng):
    tifffile.imwrite(tmp_path / "a.tif", rng.integers(0, 255, (12, 10, 3)).astype(np.uint8), photometric="rgb")
    with pytest.raises(ImageError, match="unequal channels"):
        read_stack(tmp_path / "a.tif")


def test_png_series_with_and_without_opacity(tmp_path, rng):
    grey = rng.integers(0, 255, (2, 12, 10)).astype(np.uint8)
    imsave(tmp_path / "t0.png", np.stack([grey[0]] * 3, -1), check_contrast=False)
    opaque = np.dstack([grey[1]] * 3 + [np.full((12, 10), 255, np.uint8)])
    imsave(tmp_path / "t1.png", opaque, check_contrast=False)
    paths = [tmp_path / "t0.png", tmp_path / "t1.png"]
    np.testing.assert_array_equal(read_stack(paths, channels=1), grey[:, None])


def test_memory_does_not_grow_with_the_frames(tmp_path):
    paths = [tmp_path / f"t{t}.tif" for t in range(40)]
    for path in paths:
        tifffile.imwrite(path, np.zeros((256, 256), np.uint16))
    tracemalloc.start()
    total = sum(float(frame.sum()) for frame in read_frames(paths, channels=1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total == 0
    # All forty together are 5 MB.
    assert peak < 2e6
