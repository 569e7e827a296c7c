"""Nuclei of a predicted map: one object each, measured on the phase."""

from typing import Any, NamedTuple

import numpy as np

from ..desk.errors import DataError
from ..optics.drymass import dry_mass_pg
from .geometry import areas_px, centroids_px, keep, means, sums, touches_border
from .semantic import DEAD, LIVE, STATE_NAMES
from .touching import split_touching


class SplitFrame(NamedTuple):
    """Nuclei of a predicted frame.

    Attributes
    ----------
    instances : numpy.ndarray
        (Y, X) uint16, 0 background, 1..n nuclei.
    counts : dict of int
        found (objects), kept, dropped_small.
    """

    instances: np.ndarray
    counts: dict[str, int]


def split_nuclei(
    semantic: np.ndarray, pixel_size_um: float, *, min_area_um2: float, split_distance_um: float
) -> SplitFrame:
    """
    Part a semantic map into nuclei.

    Live and dead pixels are taken together, so a nucleus with pixels of both states stays one; touching
    nuclei are parted at their waists.

    Parameters
    ----------
    semantic : numpy.ndarray
        (Y, X) map, 0 background, 1 live, 2 dead.
    pixel_size_um : float
        Side of a pixel in the sample, um.
    min_area_um2 : float
        Smaller objects are no nuclei, um2.
    split_distance_um : float
        Centres nearer than this belong to one nucleus, um.

    Returns
    -------
    SplitFrame
    """
    objects = split_touching(semantic > 0, split_distance_um / pixel_size_um)
    kept = areas_px(objects) * pixel_size_um**2 >= min_area_um2
    counts = {"found": kept.size, "kept": int(kept.sum()), "dropped_small": int((~kept).sum())}
    return SplitFrame(keep(objects, kept).astype(np.uint16), counts)


def majority_states(counts: np.ndarray, p_live: np.ndarray, p_dead: np.ndarray) -> np.ndarray:
    """
    Name the state that most pixels of a nucleus have.

    A tie goes to the state with the larger mean softmax, and to dead if that ties too.

    Parameters
    ----------
    counts : numpy.ndarray
        (n, 2) numbers of live and dead pixels.
    p_live, p_dead : numpy.ndarray
        (n,) mean softmax of the nucleus.

    Returns
    -------
    numpy.ndarray
        (n,) uint8, 1 live, 2 dead.
    """
    tied = counts[:, 0] == counts[:, 1]
    live = np.where(tied, p_live > p_dead, counts[:, 0] > counts[:, 1])
    return np.where(live, LIVE, DEAD).astype(np.uint8)


def measure_nuclei(
    instances: np.ndarray,
    semantic: np.ndarray,
    p_live: np.ndarray,
    p_dead: np.ndarray,
    phase: np.ndarray,
    pixel_size_um: float,
    *,
    phase_in_rad: bool,
    wavelength_nm: float | None,
    refraction_increment_um3_per_pg: float,
) -> list[dict[str, Any]]:
    """
    Measure the nuclei of one frame.

    Parameters
    ----------
    instances : numpy.ndarray
        (Y, X) integer map, 0 background, 1..n nuclei.
    semantic : numpy.ndarray
        (Y, X) predicted map, 0 background, 1 live, 2 dead.
    p_live, p_dead : numpy.ndarray
        (Y, X) softmax of the two states, 0..1.
    phase : numpy.ndarray
        (Y, X) phase, rad (or grey values, see `phase_in_rad`).
    pixel_size_um : float
        Side of a pixel in the sample, um.
    phase_in_rad : bool
        False for imported images in grey values: they have no dry mass.
    wavelength_nm : float or None
        Mean wavelength of the illumination, nm; without it there is no dry mass.
    refraction_increment_um3_per_pg : float
        Specific refraction increment, um3/pg.

    Returns
    -------
    list of dict
        label, x_um, y_um, area_um2, dry_mass_pg (None without rad or wavelength), p_live, p_dead (mean
        softmax), state (majority of the pixels), touches_border.

    Raises
    ------
    DataError
        If the images differ in shape.
    """
    images = {"semantic": semantic, "p_live": p_live, "p_dead": p_dead, "phase": phase}
    for name, image in images.items():
        if image.shape != instances.shape:
            raise DataError(f"the {name} image is {image.shape}, the nuclei are {instances.shape}: wanted one grid")
    live, dead = means(p_live, instances), means(p_dead, instances)
    pixels = np.stack([sums(semantic == LIVE, instances), sums(semantic == DEAD, instances)], axis=1)
    states = majority_states(pixels, live, dead)
    centre_um = centroids_px(instances) * pixel_size_um
    area_um2 = areas_px(instances) * pixel_size_um**2
    border = touches_border(instances)
    if phase_in_rad and wavelength_nm is not None:
        mass_pg = dry_mass_pg(
            sums(phase, instances),
            pixel_size_um=pixel_size_um,
            wavelength_nm=wavelength_nm,
            refraction_increment_um3_per_pg=refraction_increment_um3_per_pg,
        )
    else:
        mass_pg = [None] * area_um2.size
    return [
        {
            "label": i + 1,
            "x_um": float(centre_um[i, 1]),
            "y_um": float(centre_um[i, 0]),
            "area_um2": float(area_um2[i]),
            "dry_mass_pg": mass_pg[i],
            "p_live": float(live[i]),
            "p_dead": float(dead[i]),
            "state": STATE_NAMES[int(states[i])],
            "touches_border": bool(border[i]),
        }
        for i in range(area_um2.size)
    ]
