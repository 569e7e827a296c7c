"""From frames to sequences: rows get their sequence, frame and time, frames are streamed through."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..desk.errors import DataError
from .matching import match_nuclei
from .nuclei import measure_nuclei, split_nuclei
from .pixels import pixel_table
from .semantic import BACKGROUND, DEAD, LIVE, REASONS, LabelledFrame
from .tables import TIME_COLUMNS

# fmt: off
LABEL_COLUMNS = [
    *TIME_COLUMNS, "label", "x_um", "y_um", "area_um2", "dead_ratio", "state", "touches_border",
]
COUNT_COLUMNS = [*TIME_COLUMNS, "found", "kept", *(f"dropped_{reason}" for reason in REASONS)]
OBJECT_COLUMNS = [*TIME_COLUMNS, "found", "kept", "dropped_small"]
MATCH_COLUMNS = [
    *TIME_COLUMNS, "label", "true_state", "predicted_state", "dominant_state", "coverage", "component",
    "touches_border", "area_um2", "mean_phase_rad", "p_live", "p_dead", "x_um", "y_um",
]
SPURIOUS_COLUMNS = [
    *TIME_COLUMNS, "component", "predicted_state", "overlap", "touches_border", "area_um2", "x_um", "y_um",
]
# fmt: on


def collect_labels(
    labelled: Iterable[LabelledFrame],
    sequence: str,
    times_h: Sequence[float],
    nuclei: list[dict[str, Any]],
    counts: list[dict[str, Any]],
) -> Iterator[np.ndarray]:
    """
    Pass on the instance maps of a sequence and gather its tables on the way.

    Parameters
    ----------
    labelled : iterable of LabelledFrame
        One per frame.
    sequence : str
        Name of the sequence.
    times_h : sequence of float
        Time of every frame, hours.
    nuclei, counts : list
        Rows of `LABEL_COLUMNS` and `COUNT_COLUMNS` are appended here.

    Yields
    ------
    numpy.ndarray
        (1, Y, X) uint16 instance map.

    Raises
    ------
    DataError
        If a frame cannot be labelled; the message names sequence and frame.
    """
    for frame, (labels, time_h) in enumerate(zip(_naming(labelled, sequence), times_h, strict=True)):
        place = {"sequence": sequence, "frame": frame, "time_h": time_h}
        nuclei += [place | row for row in labels.nuclei]
        counts.append(place | dict.fromkeys(COUNT_COLUMNS[5:], 0) | labels.counts)
        yield labels.instances[np.newaxis]


def require_nuclei(nuclei: Sequence[Mapping[str, Any]], sequence: str, source: str) -> None:
    """
    Refuse a labelled sequence without any nucleus.

    Parameters
    ----------
    nuclei : sequence of mapping
        Rows of all frames.
    sequence, source : str
        Name of the sequence and of the images its labels come from.

    Raises
    ------
    DataError
        If there is no row.
    """
    if not nuclei:
        raise DataError(
            f"{sequence}: no nucleus in any frame of {source} (wanted at least one); check that this is the "
            "right image and the section labels of the configuration (pixel size, min_area_um2, max_area_um2, "
            "threshold_fraction), or leave the sequence's label columns empty in the sheet to predict it only"
        )


def paint_states(instances: Iterable[np.ndarray], nuclei: Iterable[Mapping[str, Any]]) -> Iterator[np.ndarray]:
    """
    Turn instance maps into semantic maps.

    Parameters
    ----------
    instances : iterable of numpy.ndarray
        T frames (1, Y, X), labels 1..n of each frame.
    nuclei : iterable of mapping
        Rows with frame, label and state of the nuclei of all frames.

    Yields
    ------
    numpy.ndarray
        (1, Y, X) uint8, 0 background, 1 live, 2 dead.
    """
    states: dict[int, dict[int, int]] = {}
    for row in nuclei:
        states.setdefault(row["frame"], {})[row["label"]] = LIVE if row["state"] == "live" else DEAD
    for number, frame in enumerate(instances):
        values = np.full(int(frame.max(initial=0)) + 1, BACKGROUND, dtype=np.uint8)
        for label, state in states.get(number, {}).items():
            values[label] = state
        yield values[frame]


def measure_sequence(
    semantic: Sequence[np.ndarray],
    probability: Sequence[np.ndarray],
    phase: Sequence[np.ndarray],
    *,
    channels: Sequence[str],
    sequence: str,
    times_h: Sequence[float],
    pixel_size_um: float,
    min_area_um2: float,
    split_distance_um: float,
    **optics: Any,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """
    Find and measure the predicted nuclei of a sequence.

    Parameters
    ----------
    semantic, probability, phase : sequence of numpy.ndarray
        T frames (1, Y, X) of labels, (C, Y, X) of softmax (uint8: 255 is 1), (1, Y, X) of phase.
    channels : sequence of str
        Names of the channels of `probability`, live and dead among them.
    sequence : str
        Name of the sequence.
    times_h : sequence of float
        Time of every frame, hours.
    pixel_size_um : float
        Side of a pixel in the sample, um.
    min_area_um2, split_distance_um : float
        As for `livedead.cells.nuclei.split_nuclei`.
    **optics
        phase_in_rad, wavelength_nm, refraction_increment_um3_per_pg of `livedead.cells.nuclei.measure_nuclei`.

    Returns
    -------
    nuclei, counts : list of dict
        Rows of `livedead.cells.tables.NUCLEUS_COLUMNS` and, one per frame, of `OBJECT_COLUMNS`.

    Raises
    ------
    DataError
        If the stacks have different numbers of frames.
    """
    _same_frames(sequence, labels=semantic, probability=probability, phase=phase)
    nuclei, counts = [], []
    for frame, time_h in enumerate(times_h):
        place = {"sequence": sequence, "frame": frame, "time_h": time_h}
        labels = semantic[frame][0]
        split = split_nuclei(labels, pixel_size_um, min_area_um2=min_area_um2, split_distance_um=split_distance_um)
        p_live, p_dead = _softmax(probability[frame], channels)
        measured = measure_nuclei(split.instances, labels, p_live, p_dead, phase[frame][0], pixel_size_um, **optics)
        nuclei += [place | row for row in measured]
        counts.append(place | split.counts)
    return nuclei, counts


def match_sequence(
    truth: Sequence[np.ndarray],
    instances: Sequence[np.ndarray],
    semantic: Sequence[np.ndarray],
    probability: Sequence[np.ndarray],
    phase: Sequence[np.ndarray],
    *,
    channels: Sequence[str],
    sequence: str,
    times_h: Sequence[float],
    pixel_size_um: float,
    min_coverage: float,
    phase_in_rad: bool,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], np.ndarray]:
    """
    Match all frames of a sequence.

    Parameters
    ----------
    truth, instances, semantic, probability, phase : sequence of numpy.ndarray
        T frames: true labels, true nuclei, predicted labels, (C, Y, X) softmax (uint8: 255 is 1), phase.
    channels : sequence of str
        Names of the channels of `probability`, live and dead among them.
    sequence : str
        Name of the sequence.
    times_h : sequence of float
        Time of every frame, hours.
    pixel_size_um : float
        Side of a pixel in the sample, um.
    min_coverage : float
        Least part of a nucleus that must be predicted, 0..1.
    phase_in_rad : bool
        False for imported images in grey values.

    Returns
    -------
    matches, spurious : list of dict
        Rows of `MATCH_COLUMNS` and `SPURIOUS_COLUMNS`.
    pixels : numpy.ndarray
        (3, 3) pixel counts, see `livedead.cells.pixels.pixel_table`.

    Raises
    ------
    DataError
        If the stacks have different numbers of frames.
    """
    _same_frames(sequence, labels=truth, instances=instances, prediction=semantic, probability=probability, phase=phase)
    matches, spurious, pixels = [], [], np.zeros((3, 3), dtype=np.int64)
    for frame, time_h in enumerate(times_h):
        place = {"sequence": sequence, "frame": frame, "time_h": time_h}
        maps = truth[frame][0], instances[frame][0], semantic[frame][0]
        matched, beside = match_nuclei(
            *maps,
            *_softmax(probability[frame], channels),
            phase[frame][0],
            pixel_size_um,
            min_coverage,
            phase_in_rad=phase_in_rad,
        )
        matches += [place | row for row in matched]
        spurious += [place | row for row in beside]
        pixels += pixel_table(maps[0], maps[2])
    return matches, spurious, pixels


def _naming(labelled: Iterable[LabelledFrame], sequence: str) -> Iterator[LabelledFrame]:
    """Add sequence and frame to the errors of a frame."""
    frame = 0
    try:
        for labels in labelled:
            yield labels
            frame += 1
    except DataError as error:
        raise DataError(f"{sequence}, frame {frame}: {error}") from error


def _softmax(frame: np.ndarray, channels: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the softmax of live and dead, 0..1, of a stored (C, Y, X) frame."""
    missing = {"live", "dead"} - set(channels)
    if missing:
        raise DataError(f"the probability stack has the channels {list(channels)}: wanted live and dead")
    scale = np.iinfo(frame.dtype).max if frame.dtype.kind == "u" else 1.0
    live, dead = (frame[list(channels).index(name)] / scale for name in ("live", "dead"))
    return live, dead


def _same_frames(sequence: str, **stacks: Sequence[np.ndarray]) -> None:
    """Refuse stacks of different lengths."""
    lengths = {name: len(stack) for name, stack in stacks.items()}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise DataError(f"{sequence}: numbers of frames differ ({found}): wanted the same film in every stack")
