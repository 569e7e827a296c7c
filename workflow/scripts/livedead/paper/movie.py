"""Movies as MP4 files that every browser plays, written frame by frame."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from html import escape
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from matplotlib.image import imsave

from ..desk.errors import DataError
from ..desk.files import whole_file
from .htmlpage import html_page

# Constant quality: outlines and letters stay sharp. Equal frames give equal files only with one thread and without
# frames that lean on later ones: with those, two runs of x264 now and then differ.
_ENCODER = {"crf": "26", "preset": "slow", "threads": "1", "bf": "0"}
# The index first, so that a browser starts before it has the whole file; no name of a program, no date.
_CONTAINER = {"movflags": "+faststart", "fflags": "+bitexact"}


def save_movie(
    mp4: str | Path, poster: str | Path, frames: Iterable[np.ndarray], *, frames_per_second: float, poster_frame: int
) -> int:
    """Write frames as H.264 movie and one of them as still picture; both files appear when they are whole.

    Only one frame is in memory at a time. Equal frames give equal files on one machine.

    Parameters
    ----------
    mp4, poster : str or path
        Movie and PNG to write.
    frames : iterable of numpy.ndarray
        (Y, X, 3) uint8 RGB, all of one shape with even sides.
    frames_per_second : float
        Speed of the movie.
    poster_frame : int
        Number of the frame shown before the movie starts, from 0.

    Returns
    -------
    int
        Number of frames written.

    Raises
    ------
    DataError
        If there is no frame or no such poster frame, or one is not of the first one's shape, not RGB bytes or odd.
    """
    count = 0
    with whole_file(mp4) as movie, whole_file(poster) as still:
        with _encoder(movie, frames_per_second) as encode:
            for count, frame in enumerate(frames, start=1):
                encode(frame)
                if count == poster_frame + 1:
                    imsave(still, frame, metadata={"Software": None})
        if not count:
            raise DataError("there is no frame to film (wanted at least one); check the film")
        if not 0 <= poster_frame < count:
            raise DataError(f"poster frame {poster_frame} of a movie of {count} frames (wanted 0 to {count - 1})")
    return count


def movie_page(title: str, mp4: str | Path, note: str) -> str:
    """Put a movie on a self-contained page that plays it.

    Parameters
    ----------
    title : str
        Head of the page.
    mp4 : str or path
        Movie of `save_movie`.
    note : str
        What a viewer must know; stands above the movie.

    Returns
    -------
    str
        A whole HTML document with the movie inside.
    """
    film = base64.b64encode(Path(mp4).read_bytes()).decode()
    # Browsers start a movie by themselves only if it is silent.
    look = 'controls autoplay loop muted playsinline width="100%"'
    player = f'<video {look} src="data:video/mp4;base64,{film}">{escape(Path(mp4).name)}</video>'
    return html_page(title, [("", player)], note)


@contextmanager
def _encoder(path: Path, frames_per_second: float) -> Iterator:
    """Give a function that appends a frame to a movie."""
    shape = None
    with av.open(str(path), "w", format="mp4", options=_CONTAINER) as container:
        stream = container.add_stream("libx264", rate=Fraction(frames_per_second).limit_denominator(1000))
        stream.options = _ENCODER
        stream.pix_fmt = "yuv420p"
        # Said in the file, since players guess the colours of a movie by its size.
        context = stream.codec_context
        context.colorspace, context.color_range = Colorspace.ITU709, ColorRange.MPEG
        context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709

        def encode(frame: np.ndarray) -> None:
            nonlocal shape
            if shape is None:
                stream.height, stream.width = frame.shape[:2]
            shape = shape or frame.shape
            if frame.shape != shape or shape[2:] != (3,) or shape[0] % 2 or shape[1] % 2 or frame.dtype != np.uint8:
                raise DataError(
                    f"a movie frame is {frame.dtype} {frame.shape} (wanted uint8, (even height, even width, 3), "
                    f"and as the first one, {shape})"
                )
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
            picture = picture.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range="MPEG")
            container.mux(stream.encode(picture))

        yield encode
        if shape is not None:
            container.mux(stream.encode())
