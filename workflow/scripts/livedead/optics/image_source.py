"""What one image file holds: which of its pages is which channel at which time, and the size of its pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile

from ..desk.errors import ImageError
from .image_files import check_plane, open_tiff, read_png, refuse_truncated, refusing
from .imagej import imagej_properties
from .ome import ome_planes, ome_properties

SIMULATED_MARK = "simulated cells"
"""In the description of a file whose cells are no real ones."""

_MOST_PLANES = 10**7
_NOT_IN_Z = "if these are times, say so in Fiji (Image > Properties: slices 1, frames "


@dataclass(frozen=True)
class ImageSource:
    """Planes of one file.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    pages : numpy.ndarray
        Numbers of its pages: (T, C) where the file says which is which, else (plane,).
    height, width : int
        Pixels of a plane.
    dtype : numpy.dtype
        Type of a pixel.
    channels : tuple of str or None
        Names of the channels, None where the file does not say how many it has.
    pixel_size_um, frame_interval_min : float or None
        None where the file does not say.
    simulated : bool
        Whether the file says that its cells are simulated.
    """

    path: Path
    pages: np.ndarray
    height: int
    width: int
    dtype: np.dtype
    channels: tuple[str, ...] | None = None
    pixel_size_um: float | None = None
    frame_interval_min: float | None = None
    simulated: bool = False


def image_source(path: Path, *, one_of_many: bool = False) -> ImageSource:
    """Say what a file holds without keeping its pixels.

    Parameters
    ----------
    path : pathlib.Path
        TIFF or PNG.
    one_of_many : bool
        The file belongs to a series: an OME description of the whole series then says nothing about its planes.

    Returns
    -------
    ImageSource

    Raises
    ------
    ImageError
        If the file is missing, unreadable, truncated or in colour, if its planes differ in shape or type, are slices
        in z, lie in other files or along an axis that is neither time nor channel.
    """
    if path.suffix.lower() == ".png":
        plane = read_png(path)
        return ImageSource(path, np.zeros((1, 1), int), *plane.shape, plane.dtype, ("grey",))
    with open_tiff(path) as tiff:
        with refusing(path, "no image in it", "copy the file again"):
            page = tiff.pages[0]
            check_plane(path, page)
            refuse_truncated(path, tiff)
        with refusing(path, "its description cannot be read", "export the stack again"):
            _refuse_endless(path, tiff)
            pages = _page_numbers(path, tiff, one_of_many)
            simulated = SIMULATED_MARK in page.description
            found = ome_properties(tiff) if tiff.is_ome else imagej_properties(tiff)
    size = {"height": page.imagelength, "width": page.imagewidth, "dtype": page.dtype}
    names = None
    if pages.ndim == 2:
        named = found["channels"] or []
        names = tuple(named if len(named) == pages.shape[1] else map(str, range(pages.shape[1])))
    # A size in a unit that is no length, or of 0, says nothing.
    scale = {key: found[key] if (found[key] or 0) > 0 else None for key in ("pixel_size_um", "frame_interval_min")}
    return ImageSource(path, pages, **size, channels=names, simulated=simulated, **scale)


def _refuse_endless(path: Path, tiff: tifffile.TiffFile) -> None:
    """Raise where the description names more images than could be; tifffile would make a list of them."""
    declared = 1
    if tiff.is_ome:
        declared = ome_planes(tiff)
    elif tiff.is_imagej:
        declared = (tiff.imagej_metadata or {}).get("images", 1)
    if declared > _MOST_PLANES:
        raise ImageError(
            f"{path}: its description names {declared} images (wanted at most {_MOST_PLANES}); export it again"
        )


def _page_numbers(path: Path, tiff: tifffile.TiffFile, one_of_many: bool) -> np.ndarray:
    """Numbers of the pages, as (T, C) where the file's axes are known, else in the order of the file."""
    plain, series = np.arange(len(tiff.pages)), tiff.series
    if not series or series[0].kind in ("generic", "uniform") or (len(series) > 1 and series[0].kind != "ome"):
        declared = (tiff.imagej_metadata or {}).get("images", 1) if tiff.is_imagej else 1
        if len(plain) == 1 and declared > 1:
            raise ImageError(f"{path}: image 1 of {declared} is cut off; copy the file again")
        return plain
    if len(series) > 1:
        raise ImageError(
            f"{path}: {len(series)} images of different places in one file (wanted one film); export each position "
            "to a file of its own"
        )
    axes, shape = series[0].get_axes(squeeze=False), series[0].get_shape(squeeze=False)
    outer = [(axis, n) for axis, n in zip(axes, shape, strict=True) if axis not in "YXS"]
    # An array that Python wrote without names for its axes has several that are called the same.
    sizes, count = dict(outer), math.prod(n for _, n in outer)
    numbers = _series_pages(path, tiff, series[0], count)
    if numbers is None and one_of_many:
        return plain
    if sizes.get("Z", 1) > 1:
        raise ImageError(
            f"{path}: {sizes['Z']} slices in z (wanted one plane per time point and channel); {_NOT_IN_Z}{sizes['Z']}"
            "); else choose one slice, or project them (Image > Stacks > Z Project)"
        )
    if numbers is None:
        raise ImageError(
            f"{path}: its description names {count} images, but {len(plain)} are in this file "
            "(wanted all); a frame is missing, or they lie in several files: name these in the sheet by a pattern"
        )
    others = "".join(axis for axis, n in sizes.items() if n > 1 and axis not in "TC")
    if others and any(sizes.get(axis, 1) > 1 for axis in "TC"):
        raise ImageError(f"{path}: axes {axes} of sizes {shape} (wanted time, channel, y and x); export these only")
    if others or "C" not in sizes:
        return numbers
    # The file may hold the times of each channel one after the other, as XYTCZ does.
    kept = [axis for axis in sizes if axis in "TC"]
    grid = numbers.reshape([sizes[axis] for axis in kept])
    return grid.reshape(1, -1) if kept == ["C"] else grid.transpose([kept.index(axis) for axis in "TC"])


def _series_pages(
    path: Path, tiff: tifffile.TiffFile, series: tifffile.TiffPageSeries, count: int
) -> np.ndarray | None:
    """Numbers of the pages in the order of the axes; None where they are not all in this file."""
    pages = list(series.pages)
    if len(pages) == 1 and count > 1 and series.dataoffset is not None:
        # All planes lie behind one page; their number stands for their place, see `livedead.optics.planes`.
        if series.dataoffset + count * tiff.pages[0].nbytes > path.stat().st_size:
            raise ImageError(f"{path}: the last of its {count} images is cut off; copy the file again")
        return np.arange(count)
    if len(pages) != count or any(page is None or page.parent is not tiff for page in pages):
        return None
    return np.array([page.index for page in pages])
