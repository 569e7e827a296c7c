"""Frames and the hours they were taken at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np


def nearest_frames(times_h: Sequence[float], wanted_h: Sequence[float]) -> list[int]:
    """Find the frames nearest to wanted times.

    Parameters
    ----------
    times_h : sequence of float
        Time of every frame in hours.
    wanted_h : sequence of float
        Wanted times in hours.

    Returns
    -------
    list of int
        Frame numbers in order, each once.

    Examples
    --------
    >>> nearest_frames([0, 1, 2, 3, 4], [1.2, 3.9, 9])
    [1, 4]
    """
    times = np.asarray(times_h, float)
    return sorted({int(np.abs(times - wanted).argmin()) for wanted in wanted_h})


def spread_frames(frames: Mapping[str, int], count: int) -> list[tuple[str, int]]:
    """Choose frames without looking at the result: sequences in turn, times spread from first to last.

    Parameters
    ----------
    frames : mapping of str to int
        Number of frames of every sequence.
    count : int
        Frames wanted.

    Returns
    -------
    list of tuple
        Sequence and frame number; fewer than `count` where there are not so many frames.

    Examples
    --------
    >>> spread_frames({"a": 10, "b": 10}, 4)
    [('a', 0), ('b', 3), ('a', 6), ('b', 9)]
    """
    names = list(frames)
    turns = [(names[turn % len(names)], turn / max(count - 1, 1)) for turn in range(count)]
    return list(dict.fromkeys((name, round(part * (frames[name] - 1))) for name, part in turns))
