"""One time point of a running experiment: its nuclei found, counted and judged as those of a plate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .overlay import overlay_frames
from .plate_quality import FLAGS, judge_frames
from .records import measure_sequence
from .viability import count_nuclei, viability_table

# fmt: off
LIVE_COLUMNS = [
    "t", "time_h", "n_live", "n_dead", "live_fraction", "low", "high", "n_uncertain", "n_border", "warnings",
    "reading_ms", "retrieval_ms", "prediction_ms", "counting_ms", "reason", "origin",
]
# fmt: on
_COUNTS = ("n_live", "n_dead", "live_fraction", "low", "high", "n_uncertain", "n_border")


def count_time_point(
    phase: np.ndarray,
    labels: np.ndarray,
    probability: np.ndarray,
    retrieval: Mapping[str, Any],
    card: Mapping[str, Any],
    *,
    channels: tuple[str, ...],
    pixel_size_um: float,
    nuclei: Mapping[str, float],
    quality: Mapping[str, Any],
    uncertain_below: float,
    confidence: float,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """
    Count live and dead nuclei of one image with the functions that count those of a plate.

    Parameters
    ----------
    phase : numpy.ndarray
        (1, Y, X), rad.
    labels : numpy.ndarray
        (1, Y, X), 0 background, 1 live, 2 dead.
    probability : numpy.ndarray
        (C, Y, X) softmax, uint8: 255 is 1.
    retrieval : mapping
        Quality of the retrieved phase, as `livedead.optics.phase_maps` gives it.
    card : mapping
        Model card.
    channels : tuple of str
        Names of the channels of `probability`.
    pixel_size_um : float
        Side of a pixel of the phase, um.
    nuclei : mapping
        min_area_um2 and split_distance_um of `livedead.cells.nuclei.split_nuclei`.
    quality : mapping
        range_margin, nucleus_area_um2 and max_saturated_fraction of `livedead.cells.plate_quality.judge_frames`.
    uncertain_below, confidence : float
        As for `livedead.cells.viability`.

    Returns
    -------
    row : dict
        n_live, n_dead, live_fraction, low, high (Wilson's interval), n_uncertain, n_border and warnings of
        `LIVE_COLUMNS`.
    measured : list of dict
        The nuclei, for `draw_time_point`.
    """
    measured, _ = measure_sequence(
        [labels],
        [probability],
        [phase],
        channels=channels,
        sequence="live",
        times_h=[0.0],
        pixel_size_um=pixel_size_um,
        phase_in_rad=True,
        # Dry mass is not shown.
        wavelength_nm=None,
        refraction_increment_um3_per_pg=1.0,
        **nuclei,
    )
    frames = judge_frames(
        [phase],
        measured,
        [retrieval],
        card,
        sequence="live",
        times_h=[0.0],
        pixel_size_um=pixel_size_um,
        channel="phase [rad]",
        **quality,
    )
    field = {"sequence": "live", "replicate": None, "well": "live", "condition": "live", "tile": None}
    counted = count_nuclei(
        measured, [field], frames, uncertain_below=uncertain_below, tile_overlap=0, exclude_flagged=False
    )
    [viability] = viability_table(counted, [field], frames, confidence)
    return {name: viability[name] for name in _COUNTS} | {"warnings": warning_words(frames[0])}, measured


def warning_words(frame: Mapping[str, Any]) -> str | None:
    """
    Put what is wrong with an image into one cell.

    Parameters
    ----------
    frame : mapping
        Row of `livedead.cells.plate_quality.QUALITY_COLUMNS`.

    Returns
    -------
    str or None
        Words of the retrieval, then the flags that are set, separated by ``;``; None where all is well.
    """
    words = (frame["warnings"] or "").split(";") + [flag for flag in FLAGS if frame[flag]]
    return ";".join(filter(None, words)) or None


def draw_time_point(
    phase: np.ndarray, labels: np.ndarray, measured: list[dict[str, Any]], *, uncertain_below: float, **nuclei: float
) -> np.ndarray:
    """
    Draw the nuclei of one image over its phase, which goes from its 1st to its 99.5th percentile.

    Parameters
    ----------
    phase, labels, measured
        As for, and from, `count_time_point`.
    uncertain_below : float
        As there.
    **nuclei
        pixel_size_um, min_area_um2 and split_distance_um, as there.

    Returns
    -------
    numpy.ndarray
        (4, Y, X) uint8, see `livedead.cells.overlay.overlay_frames`.
    """
    low, high = (float(value) for value in np.percentile(phase, [1, 99.5]))
    [drawn] = overlay_frames([phase], [labels], measured, (low, high), uncertain_below=uncertain_below, **nuclei)
    return drawn
