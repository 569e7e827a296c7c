"""Reading and writing of image stacks; the only module that touches image files.

In memory a stack is always (T, C, Y, X). On disk it is OME-TIFF with physical pixel size, time
increment and channel names, one plane per page, so that Fiji and napari show a scale bar and so that a
single frame can be read without the rest.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import tifffile

from ..desk.errors import ImageError
from ..desk.files import whole_file

COMPRESSIONS = {"none": None, "zstd": "zstd"}


@dataclass(frozen=True)
class StackInfo:
    """What an image stack holds.

    Attributes
    ----------
    frames, height, width : int
        Number of time points and pixels of a frame.
    channels : tuple of str
        Name of every channel.
    dtype : numpy.dtype
        Type of a pixel.
    pixel_size_um : float or None
        Side of a pixel in the sample plane, None where the file does not say.
    frame_interval_min : float or None
        Time between frames, None where the file does not say.
    """

    frames: int
    channels: tuple[str, ...]
    height: int
    width: int
    dtype: np.dtype
    pixel_size_um: float | None
    frame_interval_min: float | None


class FrameReader:
    """Frames of a stack, read one by one when they are asked for.

    Parameters
    ----------
    path : str or path
        An OME-TIFF, a plain (multi-page) TIFF, or a single PNG.
    channels : int, optional
        Planes per time point of a file that does not say so itself, for example 4 for interferograms.

    Raises
    ------
    ImageError
        If the file is missing, unreadable or truncated, or if its planes do not fill whole time points.
    """

    def __init__(self, path: str | Path, channels: int | None = None):
        self.path = Path(path)
        self.info = stack_info(path, channels)

    def __len__(self) -> int:
        return self.info.frames

    def __getitem__(self, frame: int) -> np.ndarray:
        """Return one frame (C, Y, X)."""
        if not -len(self) <= frame < len(self):
            raise IndexError(f"frame {frame} of {len(self)} in {self.path}")
        first = (frame % len(self)) * len(self.info.channels)
        return _read_planes(self.path, range(first, first + len(self.info.channels)))

    def __iter__(self) -> Iterator[np.ndarray]:
        for frame in range(len(self)):
            yield self[frame]


def read_frames(path: str | Path, channels: int | None = None) -> FrameReader:
    """Open a stack for reading frame by frame; see `FrameReader`."""
    return FrameReader(path, channels)


def read_stack(path: str | Path, channels: int | None = None) -> np.ndarray:
    """Read a whole stack.

    Returns
    -------
    numpy.ndarray
        Shape (T, C, Y, X), dtype as stored.
    """
    return np.stack(list(read_frames(path, channels)))


def stack_info(path: str | Path, channels: int | None = None) -> StackInfo:
    """Say what a stack holds without reading its pixels.

    Parameters
    ----------
    path : str or path
        An OME-TIFF, a plain (multi-page) TIFF, or a single PNG.
    channels : int, optional
        Planes per time point. Without it, OME metadata decide; a plain file counts as one channel.

    Returns
    -------
    StackInfo

    Raises
    ------
    ImageError
        If the file is missing, unreadable or truncated, if its planes differ in shape or dtype, or if
        they do not fill whole time points.
    """
    path = Path(path)
    if path.suffix.lower() == ".png":
        plane = _read_png(path)
        return StackInfo(1, ("grey",), *plane.shape, plane.dtype, None, None)
    with _open_tiff(path) as tiff:
        pages = tiff.pages
        first = pages[0]
        if len(first.shape) != 2:
            raise ImageError(f"{path}: pages of shape {first.shape} (wanted grey images); export one grey channel")
        _refuse_truncated(path, tiff)
        ome = _ome_pixels(tiff)
        names = ome["channels"] or [str(number) for number in range(channels or 1)]
        if channels is not None and len(names) != channels:
            raise ImageError(
                f"{path}: {len(names)} channel(s) per time point (wanted {channels}); check that the file holds "
                f"{channels} images per time point and that the sheet names the right file"
            )
        if len(pages) % len(names):
            raise ImageError(
                f"{path}: {len(pages)} images do not fill whole time points of {len(names)} (wanted a multiple "
                f"of {len(names)}); a frame is missing or the file was cut off"
            )
        return StackInfo(
            len(pages) // len(names),
            tuple(names),
            *first.shape,
            first.dtype,
            ome["pixel_size_um"],
            ome["frame_interval_min"],
        )


def write_stack(
    path: str | Path,
    frames: Iterable[np.ndarray],
    *,
    dtype: str | np.dtype,
    channels: Iterable[str],
    pixel_size_um: float,
    frame_interval_min: float,
    compression: str = "none",
) -> None:
    """Write frames as OME-TIFF, one at a time; the file appears when it is whole.

    Parameters
    ----------
    path : str or path
        File to write.
    frames : iterable of numpy.ndarray
        Arrays (C, Y, X) of one shape. They are never held together in memory.
    dtype : dtype
        Type to store; every frame must already have it.
    channels : iterable of str
        Name of every channel.
    pixel_size_um, frame_interval_min : float
        Written as PhysicalSizeX/Y and TimeIncrement.
    compression : {"none", "zstd"}
        Lossless compression of every plane.

    Raises
    ------
    ImageError
        If there is no frame or a frame has another shape or dtype than the first.
    """
    channels, dtype = list(channels), np.dtype(dtype)
    frames = iter(frames)
    first = next(frames, None)
    if first is None:
        raise ImageError(f"{path}: there is no frame to write (wanted at least one)")
    count = 0

    def planes() -> Iterator[np.ndarray]:
        nonlocal count
        for frame in _chain(first, frames):
            if frame.shape != (len(channels), *first.shape[1:]) or frame.dtype != dtype:
                raise ImageError(
                    f"{path}: frame {count} is {frame.dtype} {frame.shape} (wanted {dtype} "
                    f"{(len(channels), *first.shape[1:])} like the first)"
                )
            count += 1
            yield from frame

    with whole_file(path) as temporary:
        with tifffile.TiffWriter(temporary, bigtiff=True) as tiff:
            for plane in planes():
                tiff.write(
                    plane,
                    compression=COMPRESSIONS[compression],
                    predictor=compression != "none" and dtype.kind in "ui",
                    photometric="minisblack",
                    contiguous=False,
                    metadata=None,
                    description="OME",
                    software=False,
                )
        # Only now is the number of frames known.
        tifffile.tiffcomment(
            temporary,
            _ome_xml(count, channels, first.shape, dtype, pixel_size_um, frame_interval_min).encode(),
        )


_OME = "http://www.openmicroscopy.org/Schemas/OME/2016-06"
_MINUTES = {"min": 1.0, "s": 1 / 60, "ms": 1 / 60000, "h": 60.0}
_MICROMETRES = {"µm": 1.0, "um": 1.0, "nm": 1e-3, "mm": 1e3}


def _chain(first, rest):
    yield first
    yield from rest


def _ome_xml(frames, channels, shape, dtype, pixel_size_um, frame_interval_min) -> str:
    ome = ElementTree.Element("OME", xmlns=_OME)
    image = ElementTree.SubElement(ome, "Image", ID="Image:0", Name="Image0")
    pixels = ElementTree.SubElement(
        image,
        "Pixels",
        ID="Pixels:0",
        DimensionOrder="XYCZT",
        Type={"float32": "float"}.get(dtype.name, dtype.name),
        SizeX=str(shape[-1]),
        SizeY=str(shape[-2]),
        SizeC=str(len(channels)),
        SizeZ="1",
        SizeT=str(frames),
        PhysicalSizeX=repr(float(pixel_size_um)),
        PhysicalSizeXUnit="µm",
        PhysicalSizeY=repr(float(pixel_size_um)),
        PhysicalSizeYUnit="µm",
        TimeIncrement=repr(float(frame_interval_min)),
        TimeIncrementUnit="min",
    )
    for number, name in enumerate(channels):
        ElementTree.SubElement(pixels, "Channel", ID=f"Channel:0:{number}", Name=name, SamplesPerPixel="1")
    ElementTree.SubElement(pixels, "TiffData")
    return ElementTree.tostring(ome, encoding="us-ascii", xml_declaration=True).decode("ascii")


def _ome_pixels(tiff: tifffile.TiffFile) -> dict:
    found = {"channels": None, "pixel_size_um": None, "frame_interval_min": None}
    if not tiff.is_ome:
        return found
    root = ElementTree.fromstring(tiff.pages[0].description)
    pixels = root.find(".//{*}Pixels")
    if pixels is None:
        return found
    size = pixels.get("PhysicalSizeX")
    if size:
        found["pixel_size_um"] = float(size) * _MICROMETRES.get(pixels.get("PhysicalSizeXUnit", "µm"), np.nan)
    step = pixels.get("TimeIncrement")
    if step:
        found["frame_interval_min"] = float(step) * _MINUTES.get(pixels.get("TimeIncrementUnit", "s"), np.nan)
    names = [channel.get("Name", str(n)) for n, channel in enumerate(pixels.findall("{*}Channel"))]
    found["channels"] = names or [str(n) for n in range(int(pixels.get("SizeC", 1)))]
    return found


def _open_tiff(path: Path) -> tifffile.TiffFile:
    if not path.is_file():
        raise ImageError(f"{path}: no such file (wanted an image stack); check the path in the sheet")
    try:
        return tifffile.TiffFile(path)
    except (tifffile.TiffFileError, struct.error, OSError, ValueError) as error:
        raise ImageError(f"{path}: not a readable TIFF ({error}); export the stack again") from error


def _refuse_truncated(path: Path, tiff: tifffile.TiffFile) -> None:
    """Raise where pages differ or where a page's pixels lie beyond the end of the file."""
    size, first = path.stat().st_size, tiff.pages[0]
    try:
        for number, page in enumerate(tiff.pages):
            page = page.aspage() if hasattr(page, "aspage") else page
            if (page.shape, page.dtype) != (first.shape, first.dtype):
                raise ImageError(
                    f"{path}: image {number} is {page.dtype} {page.shape} (wanted {first.dtype} {first.shape} like "
                    "the first); a stack holds images of one shape and type"
                )
            end = max(
                (offset + count for offset, count in zip(page.dataoffsets, page.databytecounts, strict=True)),
                default=0,
            )
            if end > size or end == 0:
                raise ImageError(f"{path}: image {number} is cut off (file ends at byte {size}); copy the file again")
    except (struct.error, IndexError, KeyError, tifffile.TiffFileError, ValueError) as error:
        raise ImageError(f"{path}: broken after image {number} ({error}); copy the file again") from error


def _read_planes(path: Path, numbers: Iterable[int]) -> np.ndarray:
    if path.suffix.lower() == ".png":
        return _read_png(path)[None]
    with _open_tiff(path) as tiff:
        try:
            return np.stack([tiff.pages[number].asarray() for number in numbers])
        except (ValueError, struct.error, IndexError, OSError, tifffile.TiffFileError) as error:
            raise ImageError(f"{path}: an image cannot be read ({error}); copy the file again") from error


def _read_png(path: Path) -> np.ndarray:
    # scikit-image reads PNG through imageio; imported here because only exported images need it.
    from skimage.io import imread

    if not path.is_file():
        raise ImageError(f"{path}: no such file (wanted an image); check the path in the sheet")
    try:
        image = imread(path)
    except (OSError, SyntaxError, ValueError) as error:
        raise ImageError(f"{path}: not a readable PNG ({error}); export the image again") from error
    if image.ndim == 3:
        if not (image[..., :3] == image[..., :1]).all():
            raise ImageError(f"{path}: colour image with unequal channels (wanted grey, or three equal channels)")
        image = image[..., 0]
    return image
