"""Whether an image of a plate can be trusted: compared with what the network learned from, and by its nuclei."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..desk.errors import DataError
from ..optics.frame_statistics import FEATURES, frame_statistics, out_of_range
from ..optics.imported_phase import GREY

FLAGS = ("out_of_focus", "empty", "saturated", "unlike_training", "odd_nuclei")
# fmt: off
QUALITY_COLUMNS = [
    "sequence", "frame", "time_h", "height_um", "width_um", "phase_unit", *FEATURES, "saturated_fraction", "nuclei",
    "median_area_um2", *FLAGS, "warnings", "flagged", "note",
]
# fmt: on


def judge_frames(
    phase: Iterable[np.ndarray],
    nuclei: Iterable[Mapping[str, Any]],
    retrieval: Sequence[Mapping[str, Any]],
    card: Mapping[str, Any],
    *,
    sequence: str,
    times_h: Sequence[float],
    pixel_size_um: float,
    channel: str,
    range_margin: float,
    nucleus_area_um2: Sequence[float],
    max_saturated_fraction: float,
) -> list[dict[str, Any]]:
    """
    Describe and flag every image of a sequence.

    Parameters
    ----------
    phase : iterable of numpy.ndarray
        Frames (1, Y, X), rad or grey values 0..1.
    nuclei : iterable of mapping
        Predicted nuclei with frame and area_um2.
    retrieval : sequence of mapping
        Quality of the retrieved phase, one row per frame with saturated_fraction and, where the retrieval warns,
        warnings; empty for phase that was taken over.
    card : mapping
        Model card; input_statistics, phase_unit and nucleus_area_um2 say what the network learned from. A card
        without them (of an older training) leaves nothing to compare with.
    sequence : str
        Name of the sequence.
    times_h : sequence of float
        Time of every frame, hours.
    pixel_size_um : float
        Side of a pixel of the phase, um.
    channel : str
        Name of the phase's channel; it tells rad from grey values.
    range_margin : float
        As margin of `livedead.optics.frame_statistics.out_of_range`.
    nucleus_area_um2 : sequence of float
        Least and largest plausible median area of a frame's nuclei, where the card does not know better.
    max_saturated_fraction : float
        Part of the pixels above which an image counts as saturated.

    Returns
    -------
    list of dict
        Rows of `QUALITY_COLUMNS`. A flag is None where it cannot be judged; unlike_training and warnings are text.

    Raises
    ------
    DataError
        If the tables have another number of frames than the phase, or a frame cannot be described.
    """
    areas: dict[int, list[float]] = {}
    for nucleus in nuclei:
        areas.setdefault(nucleus["frame"], []).append(nucleus["area_um2"])
    if retrieval and len(retrieval) != len(times_h):
        raise DataError(
            f"{sequence}: {len(retrieval)} rows of the retrieval's quality for {len(times_h)} images (wanted one "
            "each); remove the results of that sequence and run again"
        )
    unit = "grey" if channel == GREY else "rad"
    reference = card.get("input_statistics") or {}
    notes = _notes(reference, card.get("phase_unit"), unit)
    smallest, largest = plausible_area(card, nucleus_area_um2)
    rows = []
    for frame, (image, time_h) in enumerate(zip(phase, times_h, strict=True)):
        try:
            statistics = frame_statistics(image[0], pixel_size_um)
        except DataError as error:
            raise DataError(f"{sequence}, frame {frame}: {error}") from error
        outside = out_of_range(statistics, reference, range_margin)
        blurred = "sharpness" in outside and statistics["sharpness"] < reference["sharpness"]["low"]
        unlike = [feature for feature in outside if not (blurred and feature == "sharpness")]
        saturated = retrieval[frame]["saturated_fraction"] if retrieval else _clipped(image[0], unit)
        found = areas.get(frame, [])
        area = float(np.median(found)) if found else None
        flags = {
            "out_of_focus": blurred if "sharpness" in reference else None,
            "empty": not found,
            "saturated": None if saturated is None else saturated > max_saturated_fraction,
            "unlike_training": ", ".join(unlike) or None,
            "odd_nuclei": None if area is None else not smallest <= area <= largest,
        }
        warnings = retrieval[frame].get("warnings") if retrieval else None
        rows.append(
            {
                "sequence": sequence,
                "frame": frame,
                "time_h": time_h,
                "height_um": image.shape[-2] * pixel_size_um,
                "width_um": image.shape[-1] * pixel_size_um,
                "phase_unit": unit,
                **statistics,
                "saturated_fraction": saturated,
                "nuclei": len(found),
                "median_area_um2": area,
                **flags,
                "warnings": warnings,
                "flagged": any(flags.values()) or bool(warnings),
                "note": "; ".join(notes) or None,
            }
        )
    return rows


def plausible_area(card: Mapping[str, Any], fallback: Sequence[float]) -> tuple[float, float]:
    """
    Say between which areas the median nucleus of an image should lie.

    A pixel size that is wrong by a factor of two changes areas by four; frames of one kind of cell differ by less than
    two from those that were learned.

    Parameters
    ----------
    card : mapping
        Model card; nucleus_area_um2 has low and high, of the medians of the frames it learned from.
    fallback : sequence of float
        Least and largest area, um2, for a card without it.

    Returns
    -------
    tuple of float
        Least and largest area, um2.
    """
    learned = card.get("nucleus_area_um2")
    return (learned["low"] / 2, learned["high"] * 2) if learned else tuple(fallback)


def _clipped(image: np.ndarray, unit: str) -> float | None:
    """Part of the pixels at the white end of a grey image; phase in rad does not show what was saturated."""
    return float(np.mean(image >= 1)) if unit == "grey" else None


def _notes(reference: Mapping, learned: str | None, unit: str) -> list[str]:
    """Say what cannot be compared."""
    if not reference:
        return ["the model card has no input statistics: focus and likeness to the training are not judged"]
    if learned and learned != unit:
        return [f"the network learned phase in {learned}, this one is in {unit}"]
    return []
