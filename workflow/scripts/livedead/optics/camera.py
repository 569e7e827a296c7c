"""Camera: from expected intensity to counts."""

from __future__ import annotations

import numpy as np

MAX_COUNT = np.iinfo(np.uint16).max


def expose(
    intensity: np.ndarray,
    rng: np.random.Generator,
    *,
    electrons_per_unit: float,
    gain_e_per_adu: float,
    offset_adu: float,
    read_noise_e: float,
    full_well_e: float,
) -> np.ndarray:
    """Record an intensity with shot noise, read noise, gain, offset and saturation.

    Parameters
    ----------
    intensity : numpy.ndarray
        Expected light, any shape, in units in which 1 gives `electrons_per_unit` photoelectrons.
    rng : numpy.random.Generator
        Source of the noise.
    electrons_per_unit, gain_e_per_adu, offset_adu, read_noise_e, full_well_e : float
        Exposure, electrons per count, dark level, standard deviation of the read noise, largest signal.

    Returns
    -------
    numpy.ndarray
        uint16 counts of the same shape.
    """
    electrons = rng.poisson(np.maximum(intensity, 0) * electrons_per_unit).astype(np.float64)
    np.minimum(electrons, full_well_e, out=electrons)
    electrons += rng.normal(0, read_noise_e, electrons.shape)
    counts = np.rint(electrons / gain_e_per_adu + offset_adu)
    return np.clip(counts, 0, MAX_COUNT).astype(np.uint16)


def illumination_profile(shape: tuple[int, int], *, falloff: float, centre: tuple[float, float]) -> np.ndarray:
    """Make a smooth illumination: 1 in the centre, `1 - falloff` at the distance of the corners.

    Parameters
    ----------
    shape : tuple of int
        Image height and width.
    falloff : float
        Loss at the distance of a corner from the middle.
    centre : tuple of float
        Brightest place (y, x) as fractions of the sides.

    Returns
    -------
    numpy.ndarray
        float64, shape `shape`.
    """
    y = np.linspace(0, 1, shape[0])[:, None] - centre[0]
    x = np.linspace(0, 1, shape[1])[None, :] - centre[1]
    return 1 - falloff * (y**2 + x**2) / 0.5
