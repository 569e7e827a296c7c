"""Predicted nuclei drawn over the phase, as channels of an image that Fiji and napari show as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from skimage.segmentation import find_boundaries

from ..desk.errors import DataError
from .nuclei import split_nuclei
from .viability import sure_state

#: Channel -> colour (red, green, blue) in which a viewer shows it.
CHANNELS = {
    "phase": (255, 255, 255),
    "live": (0, 255, 0),
    "dead": (255, 0, 255),
    "uncertain": (255, 255, 0),
}
FILL, OUTLINE = 60, 255


def overlay_frames(
    phase: Iterable[np.ndarray],
    semantic: Iterable[np.ndarray],
    nuclei: Iterable[Mapping[str, Any]],
    limits: tuple[float, float],
    *,
    pixel_size_um: float,
    min_area_um2: float,
    split_distance_um: float,
    uncertain_below: float,
) -> Iterator[np.ndarray]:
    """
    Draw the nuclei of a sequence, frame by frame.

    Parameters
    ----------
    phase, semantic : iterable of numpy.ndarray
        Frames (1, Y, X) of the phase and of the predicted map.
    nuclei : iterable of mapping
        Rows of `livedead.cells.tables.NUCLEUS_COLUMNS` of the sequence.
    limits : tuple of float
        Phase shown black and phase shown white, one scale for the whole film.
    pixel_size_um, min_area_um2, split_distance_um : float
        As for `livedead.cells.nuclei.split_nuclei`, the same with which the nuclei were measured.
    uncertain_below : float
        As for `livedead.cells.viability.sure_state`.

    Yields
    ------
    numpy.ndarray
        (4, Y, X) uint8 with the channels of `CHANNELS`: grey phase, and for every state the nuclei with bright
        outlines and a faint fill.

    Raises
    ------
    DataError
        If the map holds other nuclei than the table.
    """
    states: dict[int, dict[int, str]] = {}
    for row in nuclei:
        states.setdefault(row["frame"], {})[row["label"]] = sure_state(row, uncertain_below)
    low, high = limits
    span = high - low if high > low else 1.0
    for number, (image, labels) in enumerate(zip(phase, semantic, strict=True)):
        instances, _ = split_nuclei(
            labels[0], pixel_size_um, min_area_um2=min_area_um2, split_distance_um=split_distance_um
        )
        of_frame = states.get(number, {})
        if set(of_frame) != set(range(1, int(instances.max(initial=0)) + 1)):
            raise DataError(
                f"frame {number}: {int(instances.max(initial=0))} nuclei in the map, {len(of_frame)} in the table "
                "(wanted the same); remove the prediction of that sequence and run again"
            )
        lines = find_boundaries(instances, mode="inner")
        drawn = np.zeros((len(CHANNELS), *instances.shape), dtype=np.uint8)
        drawn[0] = np.round(255 * np.clip((image[0] - low) / span, 0, 1))
        for channel, state in enumerate(list(CHANNELS)[1:], start=1):
            kept = np.array([False, *(of_frame[label] == state for label in sorted(of_frame))])
            inside = kept[instances]
            drawn[channel] = np.where(inside, np.where(lines, OUTLINE, FILL), 0)
        yield drawn


def film_limits(frames: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """
    Choose one grey scale for a film.

    Parameters
    ----------
    frames : sequence of mapping
        p01 and p99 of every frame.

    Returns
    -------
    tuple of float
        Phase shown black and phase shown white.
    """
    return min(frame["p01"] for frame in frames), max(frame["p99"] for frame in frames)
