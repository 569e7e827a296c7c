"""The phase stage: camera counts of one film to phase maps and quality numbers, frame by frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from ..desk.errors import DataError, ImageError
from .retrieval import COARSE, balance_frames, cell_free_mask, retrieve_phase, unscattered_intensity
from .sampling import downsample_area_mean
from .unwrapping import unwrap_where_needed

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
]


def phase_maps(
    raw: Iterable[np.ndarray],
    quality: list[dict],
    *,
    settings: dict,
    wavelength_nm: float,
    times_h: Iterable[float],
) -> Iterator[np.ndarray]:
    """Retrieve the phase of a film, frame by frame.

    Parameters
    ----------
    raw : iterable of numpy.ndarray
        Camera counts, each (4, Y, X).
    quality : list
        Gets one row per frame as the frames go by; see `QUALITY_COLUMNS`.
    settings : dict
        Section `phase` of the configuration.
    wavelength_nm : float
        Mean wavelength, for the noise in nm.
    times_h : iterable of float
        Time of every frame.

    Yields
    ------
    numpy.ndarray
        float32 (1, Y / downsample, X / downsample), rad, background median 0.

    Raises
    ------
    ImageError
        If a frame is not finite, empty of light or saturated.
    DataError
        If a frame has too few cell-free pixels to calibrate on.
    """
    for frame, (counts, time_h) in enumerate(zip(raw, times_h, strict=True)):
        try:
            phase, row = phase_of_frame(counts, settings, wavelength_nm)
        except (DataError, ImageError) as error:
            raise type(error)(f"frame {frame}: {error}") from None
        quality.append({"frame": frame, "time_h": time_h} | row)
        yield phase[None]


def phase_of_frame(counts: np.ndarray, settings: dict, wavelength_nm: float) -> tuple[np.ndarray, dict]:
    """Retrieve the phase of one time point and measure how good it is.

    Parameters
    ----------
    counts : numpy.ndarray
        Camera counts (4, Y, X).
    settings : dict
        Section `phase` of the configuration.
    wavelength_nm : float
        Mean wavelength.

    Returns
    -------
    phase : numpy.ndarray
        float32 (Y / downsample, X / downsample), rad, background median 0.
    quality : dict
        Closure residual and modulation relative to the mean intensity, noise of the background's optical
        path, fractions of saturated and of cell-free pixels, calibration, whether it was unwrapped.
    """
    saturated = _check_counts(counts, settings)
    frames = counts[settings["frame_order"]].astype(np.float32) - np.float32(settings["camera_offset_adu"])
    cell_free = cell_free_mask(frames)
    frames = balance_frames(frames, cell_free)
    unscattered = settings["unscattered_adu"]
    if unscattered == "auto":
        unscattered = unscattered_intensity(frames, cell_free, model=settings["illumination"])
    phase = retrieve_phase(frames, ring_transmission=settings["ring_transmission"], unscattered=unscattered)
    phase, unwrapped = unwrap_where_needed(phase, mode=settings["unwrap"], gate_rad=settings["unwrap_gate_rad"])
    phase -= _background_median(phase, cell_free)
    noise_rad = _background_noise(phase, cell_free)
    return downsample_area_mean(phase, settings["downsample"]), {
        **_fringe_quality(frames),
        "background_opd_noise_nm": noise_rad * wavelength_nm / (2 * np.pi),
        "saturated_fraction": saturated,
        "cell_free_fraction": float(cell_free.mean()),
        "unscattered_adu": float(np.median(unscattered)),
        "unwrapped": unwrapped,
        "halo_correction": settings["halo_correction"],
    }


def _check_counts(counts: np.ndarray, settings: dict) -> float:
    if counts.shape[0] != 4:
        raise ImageError(f"{counts.shape[0]} interferograms (wanted 4); check that the stack holds four per time point")
    if not np.isfinite(counts).all():
        raise ImageError(f"{int((~np.isfinite(counts)).sum())} pixels are not finite (wanted numbers); export it again")
    if counts.max() <= settings["camera_offset_adu"]:
        raise ImageError(
            f"no light: the brightest pixel is {counts.max()} (wanted more than phase.camera_offset_adu = "
            f"{settings['camera_offset_adu']}); check the shutter, or the offset in the configuration"
        )
    saturated = float((counts >= settings["saturation_adu"]).mean())
    if saturated > settings["max_saturated_fraction"]:
        raise ImageError(
            f"{saturated:.1%} of the pixels are saturated, at {settings['saturation_adu']} counts or above (wanted at "
            f"most {settings['max_saturated_fraction']:.1%}, phase.max_saturated_fraction); expose for less time"
        )
    return saturated


def _fringe_quality(frames: np.ndarray) -> dict:
    """Closure and modulation: what the four frames say about the shifts, without any truth."""
    mean = float(frames.mean())
    closure = (frames[0] + frames[2]) - (frames[1] + frames[3])
    modulation = np.hypot(frames[3] - frames[1], frames[0] - frames[2]) / 2
    return {
        "closure_residual": float(np.sqrt((closure**2).mean())) / mean,
        "modulation": float(modulation.mean()) / mean,
    }


def _fine(mask: np.ndarray) -> np.ndarray:
    return mask.repeat(COARSE, 0).repeat(COARSE, 1)


def _background_median(phase: np.ndarray, cell_free: np.ndarray) -> np.float32:
    """Median over cell-free pixels; over all pixels where the field has none."""
    fine = _fine(cell_free)
    return np.median(phase[: fine.shape[0], : fine.shape[1]][fine] if fine.any() else phase)


def _background_noise(phase: np.ndarray, cell_free: np.ndarray) -> float:
    """Measure the spread of the background's phase from neighbour differences so that halos do not count."""
    fine = _fine(cell_free)[:, 1:]
    steps = np.diff(phase, axis=1)[: fine.shape[0], : fine.shape[1]][fine]
    return float(steps.std() / np.sqrt(2)) if steps.size else float("nan")
