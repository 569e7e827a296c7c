"""One film from one file or from many: which planes of which file make up a time point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..desk.errors import ImageError
from .image_source import ImageSource, image_source

Planes = list[tuple[Path, list[int]]]


@dataclass(frozen=True)
class Film:
    """Planes of a film.

    Attributes
    ----------
    first : ImageSource
        What the film's only or first file holds: shape, type and scale of all of them.
    channels : tuple of str
        Names of the planes of a time point.
    frames : list
        For every time point the files and the numbers of the pages in them, in the order of the channels.
    """

    first: ImageSource
    channels: tuple[str, ...]
    frames: list[Planes]


def film_of(
    path: str | Path | Sequence[str | Path], channels: int | None = None, files_per_time: int | None = None
) -> Film:
    """Find the planes of every time point, without keeping a pixel.

    Parameters
    ----------
    path : str, path, or sequence of them
        One file, or the files of a series in the order of time.
    channels : int, optional
        Planes per time point. Without it the file decides; a file that does not say has one channel.
    files_per_time : int, optional
        Files that hold one time point of a series. Without it, files of one plane each fill time points.

    Returns
    -------
    Film

    Raises
    ------
    ImageError
        If a file cannot be read, if files of a series differ in shape or type, or if planes do not fill whole time
        points.
    """
    if isinstance(path, str | Path):
        source = image_source(Path(path))
        pages = _time_points(source, channels)
        return Film(source, _names(source, pages.shape[1]), [[(source.path, page.tolist())] for page in pages])
    if not path:
        raise ImageError("a series of no files (wanted at least one); check the pattern in the sheet")
    sources = list(_alike(image_source(Path(file), one_of_many=True) for file in path))
    if files_per_time is None:
        single = all(source.pages.size == 1 for source in sources)
        files_per_time = channels if single and channels else 1
    if files_per_time > 1:
        return _planes_per_file(sources, channels or files_per_time, files_per_time)
    return _time_point_per_file(sources, channels)


def _time_point_per_file(sources: list[ImageSource], channels: int | None) -> Film:
    first = _time_points(sources[0], channels)
    frames = []
    for source in sources:
        pages = _time_points(source, channels)
        if pages.shape != (1, first.shape[1]):
            raise ImageError(
                f"{source.path}: {source.pages.size} images (wanted {first.shape[1]}: one time point per file of a "
                "series); name a file of several time points without a pattern"
            )
        frames.append([(source.path, pages[0].tolist())])
    return Film(sources[0], _names(sources[0], first.shape[1]), frames)


def _planes_per_file(sources: list[ImageSource], channels: int, files_per_time: int) -> Film:
    for source in sources:
        if source.pages.size != 1:
            raise ImageError(
                f"{source.path}: {source.pages.size} images (wanted one, as {files_per_time} files hold a time point)"
            )
    if files_per_time != channels or len(sources) % channels:
        count = files_per_time if files_per_time != channels else len(sources)
        raise ImageError(
            f"{sources[0].path} and the others of its series: {count} files (wanted {channels} per time point); a "
            "frame is missing, or the settings want another number of frames"
        )
    files = [(source.path, source.pages.ravel().tolist()) for source in sources]
    frames = [files[start : start + channels] for start in range(0, len(files), channels)]
    return Film(sources[0], tuple(map(str, range(channels))), frames)


def _alike(sources: Iterator[ImageSource]) -> Iterator[ImageSource]:
    first = None
    for source in sources:
        first = first or source
        kind, wanted = ((s.dtype, (s.height, s.width)) for s in (source, first))
        if kind != wanted:
            raise ImageError(
                f"{source.path}: images of {kind[0]} {kind[1]} (wanted {wanted[0]} {wanted[1]} as in "
                f"{first.path.name}, the first of the series); a series holds images of one shape and type"
            )
        yield source


def _time_points(source: ImageSource, channels: int | None) -> np.ndarray:
    """Pages of a file as (T, C)."""
    pages = source.pages
    if pages.ndim == 2:
        if channels not in (None, pages.shape[1]):
            raise ImageError(
                f"{source.path}: {pages.shape[1]} channel(s) per time point (wanted {channels}); check that the file "
                f"holds {channels} images per time point and that the sheet names the right file"
            )
        return pages
    wanted = channels or 1
    if len(pages) % wanted:
        raise ImageError(
            f"{source.path}: {len(pages)} images do not fill whole time points of {wanted} (wanted a multiple "
            f"of {wanted}); a frame is missing or the file was cut off"
        )
    return pages.reshape(-1, wanted)


def _names(source: ImageSource, count: int) -> tuple[str, ...]:
    return source.channels if source.channels and len(source.channels) == count else tuple(map(str, range(count)))
