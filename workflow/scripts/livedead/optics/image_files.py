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
            return np.stack([tiff.pages[number].asarray() for number in numbers])
        except (ValueError, struct.error, IndexError, OSError, tifffile.TiffFileError) as error:
            raise ImageError(f"{path}: an image cannot be read ({error}); copy the file again") from error


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
    if image.ndim == 3:
        if not (image[..., :3] == image[..., :1]).all():
            raise ImageError(f"{path}: colour image with unequal channels (wanted grey, or three equal channels)")
        image = image[..., 0]
    return image


def tiff_bytes(plane: np.ndarray) -> bytes:
    """Encode one grey plane (Y, X) as a plain TIFF of its dtype; the same plane gives the same bytes."""
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, plane, photometric="minisblack", metadata=None, software=False)
    return buffer.getvalue()
