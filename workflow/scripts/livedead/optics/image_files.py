"""TIFF and PNG files, with one clear error for every way in which a file can be broken."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import tifffile

from ..desk.errors import ImageError

# Of one plane: 16384 x 16384, far above any camera. More is a damaged header, or a file made to fill the memory.
MOST_PIXELS = 2**28
_FOREIGN = {
    b"\xff\xd8\xff": "a JPEG image",
    b"\x89PNG": "a PNG image",
    b"GIF8": "a GIF image",
    b"BM": "a BMP image",
    b"PK\x03\x04": "a zip archive",
    b"\x89HDF": "an HDF5 file",
}
_PNG_START = b"\x89PNG\r\n\x1a\n"
_WHOLE_BYTES = (8, 16, 32, 64)


@contextmanager
def refusing(path: Path, what: str, to_do: str) -> Iterator[None]:
    """Say in one sentence what a library found wrong with a file.

    Of a damaged file it can be anything: each codec has errors of its own, and a header may ask for more memory than
    there is.

    Parameters
    ----------
    path : pathlib.Path
        File that is read in the block.
    what, to_do : str
        What is wrong with it and what helps; between them stands what the library said.

    Raises
    ------
    ImageError
        In place of every other exception.
    """
    try:
        yield
    except ImageError:
        raise
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ImageError(f"{path}: {what} ({reason[:200]}); {to_do}") from error


def open_tiff(path: Path) -> tifffile.TiffFile:
    """Open a TIFF, or say in one sentence why it cannot be read."""
    if not path.is_file():
        raise ImageError(f"{path}: no such file (wanted an image stack); check the path in the sheet")
    with refusing(path, "not a readable TIFF", "export the stack again"):
        with path.open("rb") as file:
            start = file.read(8)
        if not start:
            raise ImageError(f"{path}: not a readable TIFF (the file is empty); copy the file again")
        found = next((kind for mark, kind in _FOREIGN.items() if start.startswith(mark)), None)
        if found:
            raise ImageError(f"{path}: not a readable TIFF (only its name says so, it is {found}); export a TIFF")
        return tifffile.TiffFile(path)


def check_plane(path: Path, page: tifffile.TiffPage) -> None:
    """Raise where a page is no grey plane of numbers, or claims more pixels than its bytes can hold."""
    # A colour image may turn out to be grey.
    colours = len(page.shape) == 3 and page.photometric == tifffile.PHOTOMETRIC.RGB
    if len(page.shape) != 2 and not colours:
        raise ImageError(f"{path}: pages of shape {page.shape} (wanted grey images); export one grey channel")
    if page.dtype is None or page.dtype.kind not in "uif":
        raise ImageError(f"{path}: pixels of type {page.dtype} (wanted whole or floating point numbers); export these")
    height, width = page.imagelength, page.imagewidth
    if not 0 < height * width <= MOST_PIXELS:
        raise ImageError(
            f"{path}: images of {height} x {width} pixels (wanted 1 to {MOST_PIXELS} pixels); the header is damaged, "
            "or the field must be cut into smaller ones"
        )
    if page.compression == 1 and page.bitspersample in _WHOLE_BYTES and sum(page.databytecounts) < page.nbytes:
        raise ImageError(
            f"{path}: image 0 is cut off or its header damaged ({height} x {width} pixels in "
            f"{sum(page.databytecounts)} bytes); copy the file again"
        )


def refuse_truncated(path: Path, tiff: tifffile.TiffFile) -> None:
    """Raise where pages differ, come in a circle, or have pixels beyond the end of the file."""
    size, first = path.stat().st_size, tiff.pages[0]
    # tifffile skips a tag whose value lies beyond the end; that of OME-TIFF often stands there.
    tiff.filehandle.seek(first.offset)
    declared = struct.unpack(tiff.tiff.tagnoformat, tiff.filehandle.read(tiff.tiff.tagnosize))[0]
    if len(first.tags) < declared:
        raise ImageError(f"{path}: the description of the images is cut off; copy the file again")
    number, seen = 0, set()
    with refusing(path, "broken after one of its images", "copy the file again"):
        for number, page in enumerate(tiff.pages):
            page = page.aspage() if hasattr(page, "aspage") else page
            if page.offset in seen:
                raise ImageError(f"{path}: broken after image {number} (its next one stands before it); copy it again")
            seen.add(page.offset)
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
    with refusing(path, "not a readable PNG", "export the image again"):
        with path.open("rb") as file:
            start = file.read(24)
        if not start.startswith(_PNG_START) or len(start) < 24:
            raise ImageError(f"{path}: not a readable PNG (it does not begin as one); export the image again")
        # The first part of the file begins with the size; asked before any memory is.
        width, height = struct.unpack(">II", start[16:])
        if not 0 < height * width <= MOST_PIXELS:
            raise ImageError(
                f"{path}: an image of {height} x {width} pixels (wanted 1 to {MOST_PIXELS} pixels); export it again"
            )
        return grey_plane(path, imread(path))


def tiff_bytes(plane: np.ndarray, description: str | None = None) -> bytes:
    """Encode one grey plane (Y, X) as a plain TIFF of its dtype; the same plane gives the same bytes."""
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, plane, photometric="minisblack", metadata=None, description=description, software=False)
    return buffer.getvalue()
