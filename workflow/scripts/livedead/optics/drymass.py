"""Dry mass from phase."""

from __future__ import annotations

import numpy as np


def dry_mass_pg(
    phase_sum_rad: float | np.ndarray,
    *,
    pixel_size_um: float,
    wavelength_nm: float,
    refraction_increment_um3_per_pg: float,
) -> float | np.ndarray:
    """Turn the sum of phase over pixels into dry mass.

    ``m = lambda / (2 pi gamma) * A_px * sum(phi)`` (Barer 1952; the paper uses its relative form, Fig. 5).
    At 550 nm and 0.2 um3/pg, 1 rad is 0.4377 pg/um2.

    Parameters
    ----------
    phase_sum_rad : float or numpy.ndarray
        Sum of the phase (rad) over the pixels of each object.
    pixel_size_um : float
        Side of a pixel in the sample plane.
    wavelength_nm : float
        Mean wavelength of the light.
    refraction_increment_um3_per_pg : float
        Increment of refractive index with protein concentration, equal to ml/g; 0.18 to 0.21 for cells.

    Returns
    -------
    float or numpy.ndarray
        Dry mass (pg) relative to the medium.
    """
    mass_per_radian_pg_per_um2 = wavelength_nm / 1000 / (2 * np.pi * refraction_increment_um3_per_pg)
    return phase_sum_rad * mass_per_radian_pg_per_um2 * pixel_size_um**2
