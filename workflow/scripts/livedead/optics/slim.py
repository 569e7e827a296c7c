"""Forward model of spatial light interference microscopy (SLIM): object field to four interferograms."""

from __future__ import annotations

import numpy as np
from scipy import fft

QUARTER_SHIFTS_RAD = tuple(n * np.pi / 2 for n in range(4))


def coherence_average(field: np.ndarray, sigma_px: float) -> np.ndarray:
    """Average a complex field over the coherence patch: the unscattered light U0.

    The ring in the condenser has a width, so the reference wave is not the mean of the whole field but its
    mean over a patch. This finite patch is the cause of the halo (Nguyen et al., Sci. Rep. 7, 44034, 2017).

    Parameters
    ----------
    field : numpy.ndarray
        Complex, shape (Y, X); taken as periodic, so give a margin of some `sigma_px`.
    sigma_px : float
        Standard deviation of the Gaussian patch.

    Returns
    -------
    numpy.ndarray
        Complex, shape (Y, X).
    """
    return fft.ifft2(fft.fft2(field) * _gaussian_transfer(field.shape, sigma_px))


def blur_by_aperture(field: np.ndarray, sigma_px: float) -> np.ndarray:
    """Low-pass a field as the objective does, with a Gaussian of `sigma_px`; real in, real out."""
    if np.iscomplexobj(field):
        return coherence_average(field, sigma_px)
    transfer = _gaussian_transfer(field.shape, sigma_px)[:, : field.shape[1] // 2 + 1]
    return fft.irfft2(fft.rfft2(field) * transfer, s=field.shape)


def propagate(field: np.ndarray, *, distance_um: float, pixel_size_um: float, wavelength_um: float) -> np.ndarray:
    """Propagate a field through the medium by the angular spectrum: the image of an out-of-focus body.

    Parameters
    ----------
    field : numpy.ndarray
        Complex, shape (Y, X).
    distance_um : float
        Defocus; 0 returns the field.
    pixel_size_um, wavelength_um : float
        Sampling, and wavelength in the medium.

    Returns
    -------
    numpy.ndarray
        Complex, shape (Y, X).
    """
    fy = fft.fftfreq(field.shape[0], pixel_size_um)[:, None]
    fx = fft.fftfreq(field.shape[1], pixel_size_um)[None, :]
    # Evanescent waves are not there: sampling is coarser than half a wavelength.
    axial = np.sqrt(np.maximum(1 / wavelength_um**2 - fy**2 - fx**2, 0)) - 1 / wavelength_um
    return fft.ifft2(fft.fft2(field) * np.exp(2j * np.pi * distance_um * axial))


def interferograms(
    field: np.ndarray,
    *,
    ring_transmission: float,
    coherence_sigma_px: float | None,
    shifts_rad: tuple[float, ...] = QUARTER_SHIFTS_RAD,
) -> np.ndarray:
    """Make the phase-shifted intensity frames that a SLIM camera sees.

    ``I_n = |a U0 exp(-i s_n) + U1|^2`` with ``U0`` the coherence-patch average of the field, ``U1`` the rest
    and ``a`` the amplitude transmission of the phase ring (Wang et al., Opt. Express 19, 1016, 2011).

    Parameters
    ----------
    field : numpy.ndarray
        Complex object field, shape (Y, X), 1 where there is nothing.
    ring_transmission : float
        Amplitude transmission `a` of the ring, 0 < a <= 1.
    coherence_sigma_px : float or None
        Width of the coherence patch; None for an undisturbed plane reference wave, hence no halo.
    shifts_rad : tuple of float
        Phase shift of the ring in each frame.

    Returns
    -------
    numpy.ndarray
        float64, shape (len(shifts_rad), Y, X), in units of the incident intensity.
    """
    plane_wave = coherence_sigma_px is None
    unscattered = np.ones_like(field) if plane_wave else coherence_average(field, coherence_sigma_px)
    scattered = field - unscattered
    attenuated = ring_transmission * unscattered
    return np.stack([np.abs(attenuated * np.exp(-1j * shift) + scattered) ** 2 for shift in shifts_rad])


def _gaussian_transfer(shape: tuple[int, int], sigma_px: float) -> np.ndarray:
    fy, fx = fft.fftfreq(shape[0])[:, None], fft.fftfreq(shape[1])[None, :]
    return np.exp(-2 * (np.pi * sigma_px) ** 2 * (fy**2 + fx**2))
