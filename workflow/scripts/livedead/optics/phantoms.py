"""Bodies of known refractive index: the calibration targets of the simulated microscope."""

from __future__ import annotations

import numpy as np

from ..desk.errors import DataError

# Semi-axes in the plane (um), thickness at the middle (um), index difference, place as fraction of the sides.
ELLIPSOIDS = (
    (12.0, 12.0, 5.0, 0.025, 0.27, 0.27),
    (15.0, 9.0, 6.0, 0.030, 0.27, 0.73),
    (7.0, 7.0, 8.0, 0.020, 0.73, 0.27),
    (11.0, 8.0, 7.0, 0.028, 0.73, 0.73),
)


def phantom_phase(shape: tuple[int, int], *, pixel_size_um: float, wavelength_nm: float) -> np.ndarray:
    """Phase map (rad) of four ellipsoids of known index.

    Parameters
    ----------
    shape : tuple of int
        Pixels of the field.
    pixel_size_um, wavelength_nm : float
        Sampling and wavelength.

    Returns
    -------
    numpy.ndarray
        float64, shape `shape`.

    Raises
    ------
    DataError
        If the field is so small that it cuts a body.
    """
    sides_um = np.array(shape) * pixel_size_um
    for *halves_um, _, _, at_y, at_x in ELLIPSOIDS:
        nearest_um = sides_um * np.minimum([at_y, at_x], np.subtract(1, [at_y, at_x]))
        if (nearest_um < halves_um).any():
            raise DataError(
                f"a field of {sides_um[0]:.0f} x {sides_um[1]:.0f} um cuts the calibration bodies (wanted at least "
                "60 um on each side); raise simulate.optics.frame_px"
            )
    y = (np.arange(shape[0]) + 0.5)[:, None] * pixel_size_um
    x = (np.arange(shape[1]) + 0.5)[None, :] * pixel_size_um
    phase = np.zeros(shape)
    for half_y, half_x, thickness_um, index, at_y, at_x in ELLIPSOIDS:
        centre_y, centre_x = at_y * shape[0] * pixel_size_um, at_x * shape[1] * pixel_size_um
        inside = ((y - centre_y) / half_y) ** 2 + ((x - centre_x) / half_x) ** 2
        path_um = index * thickness_um * np.sqrt(np.clip(1 - inside, 0, None))
        phase += 2 * np.pi / (wavelength_nm / 1000) * path_um
    return phase


def phantom_mass_pg(refraction_increment_um3_per_pg: float) -> float:
    """Dry mass (pg) of all phantoms in closed form: index difference times volume over the increment.

    Parameters
    ----------
    refraction_increment_um3_per_pg : float
        Increment of refractive index with concentration.

    Returns
    -------
    float
        Dry mass in pg.
    """
    volumes = [
        4 / 3 * np.pi * half_y * half_x * thickness / 2 * index for half_y, half_x, thickness, index, *_ in ELLIPSOIDS
    ]
    return sum(volumes) / refraction_increment_um3_per_pg
