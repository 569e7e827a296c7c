"""Planes of image files; the file of a whole film stays open from one image to the next."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from threading import Lock

import numpy as np
import tifffile

from .image_files import grey_plane, open_tiff, read_png, refusing

# A TIFF is a chain of images: one that was just opened is searched from its start for every image, so that the time for
# a film would grow with the square of its length.
MOST_OPEN = 64
_held: OrderedDict[tuple, tifffile.TiffFile] = OrderedDict()
_reading = Lock()


def read_planes(path: Path, numbers: Iterable[int], *, hold: bool = False) -> np.ndarray:
    """Read pages of a TIFF, or a PNG.

    Parameters
    ----------
    path : pathlib.Path
        File to read.
    numbers : iterable of int
        Its pages; where all planes lie behind the only page, as in large files of ImageJ, the planes there.
    hold : bool
        Leave the file open for further planes. Of such files `MOST_OPEN` are open at a time, those read last; one that
        was replaced meanwhile is opened anew.

    Returns
    -------
    numpy.ndarray
        (plane, Y, X).

    Raises
    ------
    ImageError
        If the file is missing, or a page cannot be read.
    """
    if path.suffix.lower() == ".png":
        return read_png(path)[None]
    if not hold:
        with open_tiff(path) as tiff:
            return _planes(path, tiff, numbers)
    with _reading:
        return _planes(path, _opened(path), numbers)


def _opened(path: Path) -> tifffile.TiffFile:
    """Give a film's file, opened now or left open; close the one that was not read for longest."""
    known = path.stat() if path.is_file() else None
    key = known and (path, known.st_ino, known.st_mtime_ns, known.st_size)
    tiff = _held.pop(key, None) or open_tiff(path)
    _held[key] = tiff
    while len(_held) > MOST_OPEN:
        _held.popitem(last=False)[1].close()
    return tiff


def _planes(path: Path, tiff: tifffile.TiffFile, numbers: Iterable[int]) -> np.ndarray:
    with refusing(path, "an image cannot be read", "copy the file again"):
        return np.stack([_plane(path, tiff, number) for number in numbers])


def _plane(path: Path, tiff: tifffile.TiffFile, number: int) -> np.ndarray:
    page = tiff.pages[0]
    if number < len(tiff.pages):
        return grey_plane(path, tiff.pages[number].asarray())
    dtype = np.dtype(page.dtype).newbyteorder(tiff.byteorder)
    tiff.filehandle.seek(page.dataoffsets[0] + number * page.nbytes)
    plane = np.frombuffer(tiff.filehandle.read(page.nbytes), dtype).reshape(page.shape)
    return grey_plane(path, plane.astype(page.dtype))
