"""Reading and writing of image stacks; with the modules it names, the only place that touches image files.

In memory a stack is always (T, C, Y, X). On disk it is OME-TIFF with physical pixel size, time
increment and channel names, one plane per page, so that Fiji and napari show a scale bar and so that a
single frame can be read without the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile

from ..desk.errors import ImageError
from ..desk.files import whole_file
from .film_files import film_of
from .ome import ome_xml
from .planes import read_planes

Files = str | Path | Sequence[str | Path]
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
    """Frames of a film, read one by one when they are asked for; see `read_frames` for the parameters."""

    def __init__(self, path: Files, channels: int | None = None, files_per_time: int | None = None):
        film = film_of(path, channels, files_per_time)
        self.path, self._frames = film.first.path, film.frames
        # The files of a series are read once each, and a microscope may want to move them.
        self._in_one_file = len(film.frames) > 1 and all(
            [path for path, _ in frame] == [film.first.path] for frame in film.frames
        )
        self.info = StackInfo(
            len(film.frames),
            film.channels,
            film.first.height,
            film.first.width,
            film.first.dtype,
            film.first.pixel_size_um,
            film.first.frame_interval_min,
        )

    def __str__(self) -> str:
        """Name the file, and how many more there are."""
        more = len({path for frame in self._frames for path, _ in frame}) - 1
        return f"{self.path} and {more} more files" if more else str(self.path)

    def __len__(self) -> int:
        return self.info.frames

    def __getitem__(self, frame: int) -> np.ndarray:
        """Return one frame (C, Y, X)."""
        if not -len(self) <= frame < len(self):
            raise IndexError(f"frame {frame} of {len(self)} in {self.path}")
        return np.concatenate([read_planes(path, pages, hold=self._in_one_file) for path, pages in self._frames[frame]])

    def __iter__(self) -> Iterator[np.ndarray]:
        for frame in range(len(self)):
            yield self[frame]


def read_frames(path: Files, channels: int | None = None, files_per_time: int | None = None) -> FrameReader:
    """Open a film for reading frame by frame.

    Parameters
    ----------
    path : str, path, or sequence of them
        An OME-TIFF, a hyperstack of ImageJ, a plain (multi-page) TIFF or a PNG; or the files of one film in the
        order of time, each with one time point or with one plane of it.
    channels : int, optional
        Planes per time point, for example 4 for interferograms. Without it the metadata decide; a plain file
        counts as one channel.
    files_per_time : int, optional
        Files that hold one time point of a series. Without it, files of one plane each are taken to fill time
        points.

    Returns
    -------
    FrameReader
        Gives (C, Y, X) for every time point, in the order of time whatever the order in the file; memory does not
        grow with their number.

    Raises
    ------
    ImageError
        If a file is missing, unreadable, truncated, in colour or has slices in z, if planes do not fill whole time
        points, or if the files of a series differ in shape or type.
    """
    return FrameReader(path, channels, files_per_time)


def read_stack(path: Files, channels: int | None = None) -> np.ndarray:
    """Read a whole film; see `read_frames` for the parameters.

    Returns
    -------
    numpy.ndarray
        Shape (T, C, Y, X), dtype as stored.
    """
    return np.stack(list(read_frames(path, channels)))


def stack_info(path: Files, channels: int | None = None) -> StackInfo:
    """Say what a film holds without reading its pixels; see `read_frames` for the parameters and the errors.

    Returns
    -------
    StackInfo
    """
    return read_frames(path, channels).info


class StackWriter:
    """Writes frames one by one as OME-TIFF; as a context manager, the file appears when it is whole.

    Parameters
    ----------
    path : str or path
        File to write.
    dtype : dtype
        Type to store; every frame must already have it.
    channels : iterable of str
        Name of every channel.
    pixel_size_um, frame_interval_min : float
        Written as PhysicalSizeX/Y and TimeIncrement.
    compression : {"none", "zstd"}
        Lossless compression of every plane.
    colours : iterable of tuple of int, optional
        Red, green and blue (0..255) in which viewers show each channel.

    Raises
    ------
    ImageError
        If no frame was written, or a frame has another shape or dtype than the first.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        dtype: str | np.dtype,
        channels: Iterable[str],
        pixel_size_um: float,
        frame_interval_min: float,
        compression: str = "none",
        colours: Iterable[tuple[int, int, int]] | None = None,
    ):
        self.path, self.dtype, self.channels = path, np.dtype(dtype), list(channels)
        self.pixel_size_um, self.frame_interval_min = pixel_size_um, frame_interval_min
        self.colours = None if colours is None else list(colours)
        self.packing = {
            "compression": COMPRESSIONS[compression],
            "predictor": compression != "none" and self.dtype.kind in "ui",
        }
        self.frames, self.shape = 0, None

    def __enter__(self) -> StackWriter:
        with ExitStack() as context:
            self._temporary = context.enter_context(whole_file(self.path))
            self._tiff = tifffile.TiffWriter(self._temporary, bigtiff=True)
            self._context = context.pop_all()
        return self

    def write(self, frame: np.ndarray) -> None:
        """Append one frame (C, Y, X)."""
        wanted = self.shape or (len(self.channels), *frame.shape[-2:])
        if frame.shape != wanted or frame.dtype != self.dtype:
            raise ImageError(
                f"{self.path}: frame {self.frames} is {frame.dtype} {frame.shape} (wanted {self.dtype} {wanted})"
            )
        self.shape = wanted
        self.frames += 1
        for plane in frame:
            self._tiff.write(
                plane,
                photometric="minisblack",
                contiguous=False,
                metadata=None,
                description="OME",
                software=False,
                **self.packing,
            )

    def __exit__(self, *error) -> bool | None:
        try:
            self._tiff.close()
            if error[0] is None:
                self._describe()
        except BaseException as failure:
            # A full disk may be noticed only here; the temporary file must go then, too.
            self._context.__exit__(type(failure), failure, failure.__traceback__)
            raise
        return self._context.__exit__(*error)

    def _describe(self) -> None:
        """Write the OME header: only at the end the number of frames is known."""
        if not self.frames:
            raise ImageError(f"{self.path}: there is no frame to write (wanted at least one)")
        tifffile.tiffcomment(
            self._temporary,
            ome_xml(
                frames=self.frames,
                channels=self.channels,
                shape=self.shape[1:],
                dtype=self.dtype,
                pixel_size_um=self.pixel_size_um,
                frame_interval_min=self.frame_interval_min,
                colours=self.colours,
            ),
        )


def write_stack(path: str | Path, frames: Iterable[np.ndarray], **properties) -> None:
    """Write frames (C, Y, X) as OME-TIFF, one at a time; see `StackWriter` for the properties."""
    with StackWriter(path, **properties) as writer:
        for frame in frames:
            writer.write(frame)


def write_stacks(targets: dict[str, dict], items: Iterable) -> Iterator:
    """Write several stacks side by side from one stream, and pass the stream on.

    Parameters
    ----------
    targets : dict of dict
        For each attribute of the items that holds frames (C, Y, X): the arguments of `StackWriter`.
    items : iterable
        Objects with these attributes, one per time point.

    Yields
    ------
    object
        The items, after their frames were written. The files appear when the stream has ended.
    """
    with ExitStack() as context:
        writers = {name: context.enter_context(StackWriter(**target)) for name, target in targets.items()}
        for item in items:
            for name, writer in writers.items():
                writer.write(getattr(item, name))
            yield item
