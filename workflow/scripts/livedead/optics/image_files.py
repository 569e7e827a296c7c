"""Planes of TIFF and PNG files, with one clear error for every way in which a file can be broken."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import tifffile

from ..desk.errors import ImageError


def open_tiff(path: Path) -> tifffile.TiffFile:
    """Open a TIFF, or say in one sentence why it cannot be read."""
    if not path.is_file():
        raise ImageError(f"{path}: no such file (wanted an image stack); check the path in the sheet")
    try:
        return tifffile.TiffFile(path)
    except (tifffile.TiffFileError, struct.error, OSError, ValueError) as error:
        raise ImageError(f"{path}: not a readable TIFF ({error}); export the stack again") from error


def refuse_truncated(path: Path, tiff: tifffile.TiffFile) -> None:
    """Raise where pages differ or where a page's pixels lie beyond the end of the file."""
    size, first = path.stat().st_size, tiff.pages[0]
    # tifffile skips a tag whose value lies beyond the end; that of OME-TIFF often stands there.
    tiff.filehandle.seek(first.offset)
    declared = struct.unpack(tiff.tiff.tagnoformat, tiff.filehandle.read(tiff.tiff.tagnosize))[0]
    if len(first.tags) < declared:
        raise ImageError(f"{path}: the description of the images is cut off; copy the file again")
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


def read_planes(path: Path, numbers: Iterable[int]) -> np.ndarray:
    """Read pages of a TIFF, or a PNG, as (plane, Y, X)."""
    if path.suffix.lower() == ".png":
        return read_png(path)[None]
    with open_tiff(path) as tiff:
        try:
            return np.stack([_plane(path, tiff, number) for number in numbers])
        except (ValueError, struct.error, IndexError, OSError, tifffile.TiffFileError) as error:
            raise ImageError(f"{path}: an image cannot be read ({error}); copy the file again") from error


def _plane(path: Path, tiff: tifffile.TiffFile, number: int) -> np.ndarray:
    """Read one page; where all planes lie behind the only page, as in large files of ImageJ, the plane there."""
    page = tiff.pages[0]
    if number < len(tiff.pages):
        return grey_plane(path, tiff.pages[number].asarray())
    dtype = np.dtype(page.dtype).newbyteorder(tiff.byteorder)
    tiff.filehandle.seek(page.dataoffsets[0] + number * page.nbytes)
    plane = np.frombuffer(tiff.filehandle.read(page.nbytes), dtype).reshape(page.shape)
    return grey_plane(path, plane.astype(page.dtype))


def grey_plane(path: Path, image: np.ndarray) -> np.ndarray:
    """Turn a colour image of three equal channels into one grey plane (Y, X); a grey one stays as it is.

    Parameters
    ----------
    path : pathlib.Path
        Named in the error.
    image : numpy.ndarray
        (Y, X), (Y, X, channel) or (channel, Y, X); a fourth channel is the opacity.

    Returns
    -------
    numpy.ndarray
        (Y, X).

    Raises
    ------
    ImageError
        If the colours differ.
    """
    if image.ndim == 2:
        return image
    colours = (image if image.shape[-1] <= 4 else np.moveaxis(image, 0, -1))[..., :3]
    if colours.shape[-1] == 3 and not (colours == colours[..., :1]).all():
        raise ImageError(f"{path}: colour image with unequal channels (wanted grey, or three equal channels)")
    return np.ascontiguousarray(colours[..., 0])


def read_png(path: Path) -> np.ndarray:
    """Read a PNG as one grey plane (Y, X); three equal channels count as grey."""
    # scikit-image reads PNG through imageio; imported here because only exported images need it.
    from skimage.io import imread

    if not path.is_file():
        raise ImageError(f"{path}: no such file (wanted an image); check the path in the sheet")
    try:
        image = imread(path)
    except (OSError, SyntaxError, ValueError) as error:
        raise ImageError(f"{path}: not a readable PNG ({error}); export the image again") from error
    return grey_plane(path, image)


def tiff_bytes(plane: np.ndarray, description: str | None = None) -> bytes:
    """Encode one grey plane (Y, X) as a plain TIFF of its dtype; the same plane gives the same bytes."""
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, plane, photometric="minisblack", metadata=None, description=description, software=False)
    return buffer.getvalue()
