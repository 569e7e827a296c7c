"""Truth of a simulated frame: which nucleus lies where, and how it is."""

from __future__ import annotations

import numpy as np

from .drymass import dry_mass_pg
from .sampling import downsample_area_mean
from .scene import Scene

TRUTH_COLUMNS = [
    "frame",
    "time_h",
    "nucleus",
    "parent",
    "state",
    "condensed",
    "x_um",
    "y_um",
    "area_um2",
    "dry_mass_pg",
    "floating",
    "touches_border",
]


def truth_of_frame(
    drawn: list,
    scene: Scene,
    *,
    downsample: int,
    frame: int,
    time_h: float,
    wavelength_nm: float,
    refraction_increment_um3_per_pg: float,
) -> tuple[np.ndarray, list[dict]]:
    """Map the nuclei of a frame on the downsampled grid and describe each.

    Parameters
    ----------
    drawn : list of (PlacedCell, place, CellImage)
        The cells of the frame with their windows.
    scene : Scene
        The area they lie on.
    downsample, frame, time_h : int, int, float
        Camera pixels per pixel of the map; number and time of the frame.
    wavelength_nm, refraction_increment_um3_per_pg : float
        For the dry mass over the nucleus.

    Returns
    -------
    nuclei : numpy.ndarray
        uint16 (Y / downsample, X / downsample), identities; 0 elsewhere.
    rows : list of dict
        One per nucleus that shows, with `TRUTH_COLUMNS`.
    """
    nuclei = np.zeros(scene.shape, np.uint16)
    mass = np.zeros(scene.shape)
    # Floating cells last: they lie above the others.
    for cell, place, image in sorted(drawn, key=lambda one: one[0].defocus_um):
        nuclei[place][image.nucleus] = cell.nucleus_id
        mass[place] += image.path_um * 2 * np.pi / scene.wavelength_um
    # A pixel of the coarse grid belongs to the nucleus in the corner nearest to its middle.
    coarse = scene.crop(nuclei)[downsample // 2 :: downsample, downsample // 2 :: downsample]
    mass = downsample_area_mean(scene.crop(mass), downsample)
    pixel_um = scene.pixel_size_um * downsample
    rows = []
    for cell, _, _ in drawn:
        mask = coarse == cell.nucleus_id
        if not mask.any():
            continue
        y, x = np.nonzero(mask)
        rows.append(
            {
                "frame": frame,
                "time_h": float(time_h),
                "nucleus": cell.nucleus_id,
                "parent": cell.parent_id,
                "state": "dead" if cell.condition.dead else "live",
                "condensed": cell.condition.condensed,
                "x_um": x.mean() * pixel_um,
                "y_um": y.mean() * pixel_um,
                "area_um2": mask.sum() * pixel_um**2,
                "dry_mass_pg": dry_mass_pg(
                    mass[mask].sum(),
                    pixel_size_um=pixel_um,
                    wavelength_nm=wavelength_nm,
                    refraction_increment_um3_per_pg=refraction_increment_um3_per_pg,
                ),
                "floating": cell.defocus_um != 0,
                "touches_border": bool(
                    y.min() == 0 or x.min() == 0 or y.max() == mask.shape[0] - 1 or x.max() == mask.shape[1] - 1
                ),
            }
        )
    return coarse, rows
