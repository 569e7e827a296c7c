"""Camera counts of a film to phase maps, one time point at a time: for films that are there, and for live views.

`FilmRetrieval` is set up once and then called with the counts of one time point after the other. What holds for the
whole film (dark level, phase shifts, the unscattered light that crowded frames borrow) it finds once: from the film,
where that is given; else from the time points it is called with, as in a live view:

    retrieve = FilmRetrieval(settings, wavelength_nm, background)
    phase, quality = retrieve(counts)    # (N, Y, X) counts -> float32 (Y / downsample, X / downsample), dict

Nothing of a time point is kept but six numbers of its illumination, and those only of the last 200; two fields to work
in are kept for the next one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .coarse_kernels import step_sums
from .counts import dark_level, saturated_fraction
from .film_calibration import FilmCalibration
from .frame_order import amplitude_spread, fitting_order
from .kernels import fringe_sums, means_above, wrapped_phase
from .medians import median_where
from .phase_shifting import fit_fringes
from .retrieval import (
    cell_free_mask,
    coarse_means,
    frame_gains,
    illumination,
    illumination_rows,
    is_quarter_steps,
    retrieve_phase,
)
from .sampling import reduced_shape
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
    settings, ring, shifts = film.settings, film.settings["ring_transmission"], film.shifts_rad
    tops = film.check(counts)
    saturated = saturated_fraction(
        counts, saturation_adu=settings["saturation_adu"], most=settings["max_saturated_fraction"], tops=tops
    )
    coarse = film.coarse(counts)
    cell_free = cell_free_mask(coarse, shifts)
    order = fitting_order(coarse, cell_free, ring_transmission=ring, shifts_rad=film.nominal_rad)
    gains = frame_gains(coarse, cell_free, shifts)
    coarse *= gains[:, None, None]
    light, warnings = film.unscattered(coarse, cell_free)
    of_shifts = _quarter_steps if is_quarter_steps(shifts) else _any_shifts
    wrapped, fringes = of_shifts(counts, film, gains, light)
    phase, unwrapped = unwrap_where_needed(wrapped, mode=settings["unwrap"], gate_rad=settings["unwrap_gate_rad"])
    noise_rad = _background_noise(phase, cell_free)
    unscattered, area = illumination(light, phase.shape, film.room(phase.shape)[1]), np.ones(cell_free.shape, bool)
    even = np.ndim(unscattered) == 0
    spread = amplitude_spread(
        coarse, unscattered if even else coarse_means([unscattered])[0], ring_transmission=ring, shifts_rad=shifts
    )
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
    small = np.empty(reduced_shape(phase.shape, settings["downsample"]), np.float32)
    means_above(phase, _zero(phase, wrapped, cell_free), small)
    return small, {
        **fringes,
        "background_opd_noise_nm": noise_rad * wavelength_nm / (2 * np.pi),
        "saturated_fraction": saturated,
        "cell_free_fraction": float(cell_free.mean()),
        "unscattered_adu": float(unscattered if even else median_where(unscattered, area)),
        "unwrapped": unwrapped,
        "halo_correction": settings["halo_correction"],
        "shifts_deg": ";".join(f"{shift:.4g}" for shift in np.degrees(shifts)),
        "fitting_order": order and ";".join(str(settings["frame_order"][place]) for place in order),
        "amplitude_spread": spread,
        "warnings": ";".join(words) or None,
    }


def _quarter_steps(
    counts: np.ndarray, film: FilmCalibration, gains: np.ndarray, light: np.ndarray
) -> tuple[np.ndarray, dict]:
    """Retrieve wrapped phase, closure and modulation of four quarter steps, straight from the counts."""
    planes, phase = film.planes(counts), film.room(counts.shape[1:])[0]
    rows = illumination_rows(light * (4 / film.settings["ring_transmission"]), phase.shape)
    wrapped_phase(planes, film.dark_planes, gains, rows, phase)
    total, closure, modulation = fringe_sums(planes, film.dark_planes, gains)
    mean = total / 4 / phase.size
    return phase, {
        "closure_residual": float(np.sqrt(closure / phase.size)) / mean,
        "modulation": modulation / 2 / phase.size / mean,
    }


def _any_shifts(
    counts: np.ndarray, film: FilmCalibration, gains: np.ndarray, light: np.ndarray
) -> tuple[np.ndarray, dict]:
    """Retrieve wrapped phase, closure and modulation by least squares."""
    frames = film.ordered(counts) * gains[:, None, None]
    phase = retrieve_phase(
        frames,
        ring_transmission=film.settings["ring_transmission"],
        unscattered=illumination(light, frames.shape[1:]),
        shifts_rad=film.shifts_rad,
    )
    fringes, mean = fit_fringes(frames, film.shifts_rad), float(frames.mean())
    # The same number as of quarter steps where there are four frames; three leave nothing over.
    free = len(frames) - 3
    left = 2 * float(np.sqrt((fringes.residual**2).sum(0).mean() / free)) / mean if free else None
    return phase, {"closure_residual": left, "modulation": float(fringes.modulation.mean()) / mean}


def _zero(phase: np.ndarray, wrapped: np.ndarray, cell_free: np.ndarray) -> np.float32:
    """Median over cell-free pixels; where the field has none, the turns that unwrapping added to most pixels."""
    if cell_free.any():
        return median_where(phase, cell_free)
    return np.float32(2 * np.pi * np.round(np.median(phase - wrapped) / (2 * np.pi)))


def _background_noise(phase: np.ndarray, cell_free: np.ndarray) -> float:
    """Measure the spread of the background's phase from neighbour differences so that halos do not count."""
    number, total, square = step_sums(phase, cell_free)
    return float(np.sqrt((square / number - (total / number) ** 2) / 2)) if number else float("nan")
