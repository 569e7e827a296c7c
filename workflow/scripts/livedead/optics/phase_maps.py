"""The phase stage: camera counts of one film to phase maps and quality numbers, frame by frame."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from ..desk.errors import DataError, ImageError
from .counts import check_counts, dark_level, saturated_fraction
from .film_calibration import FilmCalibration
from .frame_order import amplitude_spread, fitting_order
from .phase_shifting import fit_fringes
from .retrieval import COARSE, balance_frames, cell_free_mask, illumination, is_quarter_steps, retrieve_phase
from .sampling import downsample_area_mean
from .unwrapping import unwrap_where_needed

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
#: What the words of the column `warnings` mean, for the log.
WARNINGS = {
    "frame_order": "the frames fit cells better in the order of the column fitting_order; check phase.frame_order",
    "closure": "the frames do not fit one another (phase.max_closure_residual); check the shifts and phase.frame_order "
    "or let them be found, phase.shifts_deg: estimate",
    "crowded": "too little of the field is free of cells (phase.min_cell_free_fraction) to trust the zero of the phase "
    "and its scale unless phase.unscattered_adu is given, measured in a field without cells",
    "borrowed_light": "too little of the field is free of cells; the unscattered light is the median of the film's "
    "frames that have enough",
    "amplitude": "cells would take up light unevenly (phase.max_amplitude_spread): the unscattered light or "
    "phase.ring_transmission is wrong, or cells fill the field; give phase.unscattered_adu",
    "no_zero": "no cell-free pixel: the phase is relative to the unscattered light, not to the medium",
    "clipped": "more than half of phase.max_saturated_fraction of the pixels are saturated",
}


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
    dark = dark_level(background, frames=len(settings["frame_order"]), offset_adu=settings["camera_offset_adu"])
    film = FilmCalibration(raw, dark, settings)
    log.info("shifts %s degrees", ", ".join(f"{shift:.1f}" for shift in np.degrees(film.shifts_rad)))
    for frame, (counts, time_h) in enumerate(zip(raw, times_h, strict=True)):
        try:
            phase, row = _retrieved(counts, film, wavelength_nm)
        except (DataError, ImageError) as error:
            raise type(error)(f"frame {frame}: {error}") from None
        quality.append({"frame": frame, "time_h": time_h} | row)
        yield phase[None]
    log.info("%d frames, %d unwrapped", len(quality), sum(row["unwrapped"] for row in quality))
    for line in warning_lines(quality):
        log.warning(line)


def phase_of_frame(counts: np.ndarray, settings: dict, wavelength_nm: float) -> tuple[np.ndarray, dict]:
    """Retrieve the phase of one time point and measure how good it is.

    Parameters
    ----------
    counts : numpy.ndarray
        Camera counts (N, Y, X).
    settings : dict
        Section `phase` of the configuration; of its background frame nothing is known here.
    wavelength_nm : float
        Mean wavelength.

    Returns
    -------
    phase : numpy.ndarray
        float32 (Y / downsample, X / downsample), rad, background median 0.
    quality : dict
        Closure residual and modulation relative to the mean intensity, noise of the background's optical
        path, fractions of saturated and of cell-free pixels, calibration, whether it was unwrapped, shifts,
        fitting order of the frames, warnings.
    """
    dark = dark_level((), frames=len(settings["frame_order"]), offset_adu=settings["camera_offset_adu"])
    return _retrieved(counts, FilmCalibration([counts], dark, settings), wavelength_nm)


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


def _retrieved(counts: np.ndarray, film: FilmCalibration, wavelength_nm: float) -> tuple[np.ndarray, dict]:
    settings = film.settings
    check_counts(counts, film.dark, frames=len(settings["frame_order"]))
    saturated = saturated_fraction(
        counts, saturation_adu=settings["saturation_adu"], most=settings["max_saturated_fraction"]
    )
    frames, shifts = film.ordered(counts), film.shifts_rad
    cell_free = cell_free_mask(frames, shifts)
    order = fitting_order(
        frames, cell_free, ring_transmission=settings["ring_transmission"], shifts_rad=film.nominal_rad
    )
    frames = balance_frames(frames, cell_free, shifts)
    light, warnings = film.unscattered(frames, cell_free)
    unscattered = illumination(light, frames.shape[1:])
    phase = retrieve_phase(
        frames, ring_transmission=settings["ring_transmission"], unscattered=unscattered, shifts_rad=shifts
    )
    wrapped = phase
    phase, unwrapped = unwrap_where_needed(phase, mode=settings["unwrap"], gate_rad=settings["unwrap_gate_rad"])
    phase -= _zero(phase, wrapped, cell_free)
    noise_rad = _background_noise(phase, cell_free)
    fringes = _fringe_quality(frames, shifts)
    spread = amplitude_spread(frames, unscattered, ring_transmission=settings["ring_transmission"], shifts_rad=shifts)
    wrong_order = order is not None and order != tuple(range(len(order)))
    misfit = (fringes["closure_residual"] or 0) > settings["max_closure_residual"]
    clipped = saturated > settings["max_saturated_fraction"] / 2
    flags = {
        "frame_order": wrong_order,
        "closure": misfit,
        "amplitude": (spread or 0) > settings["max_amplitude_spread"],
        "no_zero": not cell_free.any(),
        "clipped": clipped,
    }
    words = [word for word in WARNINGS if flags.get(word) or word in warnings]
    return downsample_area_mean(phase, settings["downsample"]), {
        **fringes,
        "background_opd_noise_nm": noise_rad * wavelength_nm / (2 * np.pi),
        "saturated_fraction": saturated,
        "cell_free_fraction": float(cell_free.mean()),
        "unscattered_adu": float(np.median(unscattered)),
        "unwrapped": unwrapped,
        "halo_correction": settings["halo_correction"],
        "shifts_deg": ";".join(f"{shift:.4g}" for shift in np.degrees(shifts)),
        "fitting_order": order and ";".join(str(settings["frame_order"][place]) for place in order),
        "amplitude_spread": spread,
        "warnings": ";".join(words) or None,
    }


def _fringe_quality(frames: np.ndarray, shifts_rad: Sequence[float]) -> dict:
    """Closure and modulation: what the frames say about the shifts, without any truth."""
    mean = float(frames.mean())
    if is_quarter_steps(shifts_rad):
        closure = (frames[0] + frames[2]) - (frames[1] + frames[3])
        modulation = np.hypot(frames[3] - frames[1], frames[0] - frames[2]) / 2
        return {
            "closure_residual": float(np.sqrt((closure**2).mean())) / mean,
            "modulation": float(modulation.mean()) / mean,
        }
    fringes = fit_fringes(frames, shifts_rad)
    # The same number as above where there are four frames; three leave nothing over.
    free = len(frames) - 3
    left = 2 * float(np.sqrt((fringes.residual**2).sum(0).mean() / free)) / mean if free else None
    return {"closure_residual": left, "modulation": float(fringes.modulation.mean()) / mean}


def _fine(mask: np.ndarray) -> np.ndarray:
    return mask.repeat(COARSE, 0).repeat(COARSE, 1)


def _zero(phase: np.ndarray, wrapped: np.ndarray, cell_free: np.ndarray) -> np.float32:
    """Median over cell-free pixels; where the field has none, the turns that unwrapping added to most pixels."""
    fine = _fine(cell_free)
    if fine.any():
        return np.median(phase[: fine.shape[0], : fine.shape[1]][fine])
    return np.float32(2 * np.pi * np.round(np.median(phase - wrapped) / (2 * np.pi)))


def _background_noise(phase: np.ndarray, cell_free: np.ndarray) -> float:
    """Measure the spread of the background's phase from neighbour differences so that halos do not count."""
    fine = _fine(cell_free)[:, 1:]
    steps = np.diff(phase, axis=1)[: fine.shape[0], : fine.shape[1]][fine]
    return float(steps.std() / np.sqrt(2)) if steps.size else float("nan")
