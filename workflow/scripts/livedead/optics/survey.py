"""What the images of a run are in fact: frames, pixels, field, times, read from the files themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from .stacks import StackInfo

SURVEY_COLUMNS = (
    "sequence", "cohort", "cell_line", "replicate", "well", "condition", "confluence", "data",
    "interferograms", "shifts", "camera_height_px", "camera_pixel_um",
    "frames", "height_px", "width_px", "pixel_um", "field_um", "frame_interval_min", "duration_h",
)  # fmt: skip


def films_of(files: Sequence[str], counts: Sequence[int]) -> list[str | list[str]]:
    """Divide the files of many films into those of each.

    Parameters
    ----------
    files : sequence of str
        Files of all films, one film after the other.
    counts : sequence of int
        Number of files of every film.

    Returns
    -------
    list of str or list of str
        The file of a film, a list where it has several.
    """
    rest = iter(files)
    films = [list(islice(rest, count)) for count in counts]
    return [film[0] if len(film) == 1 else film for film in films]


def survey_images(
    sequences: Sequence[Mapping[str, Any]], phases: Sequence[StackInfo], raws: Mapping[str, StackInfo]
) -> list[dict[str, Any]]:
    """List the facts of every film.

    Parameters
    ----------
    sequences : sequence of mapping
        What the sheet says of every film: sequence, cohort, cell_line, replicate, well, condition, confluence,
        data (simulated or real).
    phases : sequence of StackInfo
        Stack of the phase of every film, in the same order.
    raws : mapping of str to StackInfo
        Stack of the interferograms by name of the film; films whose phase was taken over have none.

    Returns
    -------
    list of dict
        One row per film with `SURVEY_COLUMNS`: interferograms per time point and their shifts as the file names
        them, side of a camera pixel and of a phase pixel in the sample (um), the longer side of the field (um),
        time from the first to the last frame (h). None where a file does not say.
    """
    return [
        {**film, **_camera(raws.get(film["sequence"])), **_phase(info)}
        for film, info in zip(sequences, phases, strict=True)
    ]


def _camera(raw: StackInfo | None) -> dict[str, Any]:
    if raw is None:
        return dict.fromkeys(("interferograms", "shifts", "camera_height_px", "camera_pixel_um"))
    return {
        "interferograms": len(raw.channels),
        "shifts": ", ".join(raw.channels),
        "camera_height_px": raw.height,
        "camera_pixel_um": raw.pixel_size_um,
    }


def _phase(info: StackInfo) -> dict[str, Any]:
    pixel, step = info.pixel_size_um, info.frame_interval_min
    return {
        "frames": info.frames,
        "height_px": info.height,
        "width_px": info.width,
        "pixel_um": pixel,
        "field_um": None if pixel is None else pixel * max(info.height, info.width),
        "frame_interval_min": step,
        "duration_h": None if step is None else step * (info.frames - 1) / 60,
    }
