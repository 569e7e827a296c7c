"""Camera counts of a film to phase maps, one time point at a time: for films that are there, and for live views.

`FilmRetrieval` is set up once and then called with the counts of one time point after the other. What holds for the
whole film (dark level, phase shifts, the unscattered light that crowded frames borrow) it finds once: from the film,
where that is given; else from the time points it is called with, as in a live view:

    retrieve = FilmRetrieval(settings, wavelength_nm, background)
    phase, quality = retrieve(counts)    # (N, Y, X) counts -> float32 (Y / downsample, X / downsample), dict

Nothing of a time point is kept but six numbers of its illumination.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .counts import check_counts, dark_level, saturated_fraction
from .film_calibration import FilmCalibration
from .frame_order import amplitude_spread, fitting_order
from .phase_shifting import fit_fringes
from .retrieval import COARSE, balance_frames, cell_free_mask, illumination, is_quarter_steps, retrieve_phase
from .sampling import downsample_area_mean
from .unwrapping import unwrap_where_needed

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


class FilmRetrieval:
    """Retrieval of the time points of one film.

    Parameters
    ----------
    settings : dict
        Section `phase` of the configuration.
    wavelength_nm : float
        Mean wavelength, for the noise in nm.
    background : sequence of numpy.ndarray
        The stack of the camera's background frame, or nothing.
    film : sequence of numpy.ndarray, optional
        Camera counts of every time point, each (N, Y, X), where all are there; read again where a frame needs the
        others. Without it, shifts that are to be found are found in the first time point with cells enough (those
        before it are refused), and a crowded one borrows its light from those before it.

    Raises
    ------
    ImageError
        If the background frame cannot be used.
    """

    def __init__(
        self,
        settings: dict,
        wavelength_nm: float,
        background: Sequence[np.ndarray] = (),
        *,
        film: Sequence[np.ndarray] | None = None,
    ):
        dark = dark_level(background, frames=len(settings["frame_order"]), offset_adu=settings["camera_offset_adu"])
        self._film = FilmCalibration(film, dark, settings)
        self._wavelength_nm = wavelength_nm

    @property
    def shifts_rad(self) -> np.ndarray:
        """Shift of every frame, float64 (N,), rad; without a film those as set, until they are found."""
        return self._film.shifts_rad

    def __call__(self, counts: np.ndarray) -> tuple[np.ndarray, dict]:
        """Retrieve the phase of one time point and measure how good it is.

        Parameters
        ----------
        counts : numpy.ndarray
            Camera counts (N, Y, X).

        Returns
        -------
        phase : numpy.ndarray
            float32 (Y / downsample, X / downsample), rad, background median 0.
        quality : dict
            Closure residual and modulation relative to the mean intensity, noise of the background's optical
            path, fractions of saturated and of cell-free pixels, calibration, whether it was unwrapped, shifts,
            fitting order of the frames, warnings: `phase_maps.QUALITY_COLUMNS` but for frame and time.

        Raises
        ------
        ImageError
            If the counts are not finite, empty of light or saturated, or the background frame does not fit.
        DataError
            If too few pixels are cell-free to calibrate on, or the shifts cannot be found.
        """
        self._film.see(counts)
        return _retrieved(counts, self._film, self._wavelength_nm)


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
