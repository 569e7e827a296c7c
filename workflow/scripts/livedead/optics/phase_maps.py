"""The phase stage: camera counts of one film to phase maps and quality numbers, frame by frame."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from ..desk.errors import DataError, ImageError
from .film_retrieval import WARNINGS, FilmRetrieval

log = logging.getLogger(__name__)

QUALITY_COLUMNS = [
    "frame",
    "time_h",
    "closure_residual",
    "modulation",
    "background_opd_noise_nm",
    "saturated_fraction",
    "cell_free_fraction",
    "unscattered_adu",
    "unwrapped",
    "halo_correction",
    "shifts_deg",
    "fitting_order",
    "amplitude_spread",
    "warnings",
]


def phase_maps(
    raw: Sequence[np.ndarray],
    quality: list[dict],
    settings: dict,
    wavelength_nm: float,
    times_h: Iterable[float],
    background: Sequence[np.ndarray] = (),
) -> Iterator[np.ndarray]:
    """Retrieve the phase of a film, frame by frame.

    Frames with too few cell-free pixels, and shifts that are to be found, need other frames of the film: those
    are read twice, and never all held at once. What is not as it should be is said in the table and in the log.

    Parameters
    ----------
    raw : sequence of numpy.ndarray
        Camera counts, each (N, Y, X).
    quality : list
        Gets one row per frame as the frames go by; see `QUALITY_COLUMNS`.
    settings : dict
        Section `phase` of the configuration.
    wavelength_nm : float
        Mean wavelength, for the noise in nm.
    times_h : iterable of float
        Time of every frame.
    background : sequence of numpy.ndarray
        The stack of the camera's background frame, or nothing.

    Yields
    ------
    numpy.ndarray
        float32 (1, Y / downsample, X / downsample), rad, background median 0.

    Raises
    ------
    ImageError
        If a frame is not finite, empty of light or saturated, or the background frame does not fit.
    DataError
        If a frame has too few cell-free pixels to calibrate on, or the shifts cannot be found.
    """
    film = FilmRetrieval(settings, wavelength_nm, background, film=raw)
    log.info("shifts %s degrees", ", ".join(f"{shift:.1f}" for shift in np.degrees(film.shifts_rad)))
    for frame, (counts, time_h) in enumerate(zip(raw, times_h, strict=True)):
        try:
            phase, row = film(counts)
        except (DataError, ImageError) as error:
            raise type(error)(f"frame {frame}: {error}") from None
        quality.append({"frame": frame, "time_h": time_h} | row)
        yield phase[None]
    log.info("%d frames, %d unwrapped", len(quality), sum(row["unwrapped"] for row in quality))
    for line in warning_lines(quality):
        log.warning(line)


def warning_lines(quality: Sequence[dict]) -> list[str]:
    """Say every kind of warning of a film once, with its frames.

    Parameters
    ----------
    quality : sequence of dict
        Rows of `phase_maps`.

    Returns
    -------
    list of str
        Nothing where all is well.
    """
    lines = []
    for word, meaning in WARNINGS.items():
        frames = [str(row["frame"]) for row in quality if word in (row["warnings"] or "").split(";")]
        if frames:
            lines.append(f"{word} (frame {', '.join(frames)}): {meaning}")
    return lines
