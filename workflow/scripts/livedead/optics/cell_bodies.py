"""From a cell's build and condition to optical path, nucleus and DNA on a pixel grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .cell_kinetics import Condition
from .cell_traits import OUTLINE_HARMONICS, CellTraits


@dataclass(frozen=True)
class CellImage:
    """One cell on the pixels of a window.

    Attributes
    ----------
    path_um : numpy.ndarray
        Optical path difference to the medium (um), float64, shape (h, w).
    nucleus : numpy.ndarray
        bool, footprint of the nucleus.
    dna : numpy.ndarray
        Stained DNA seen along the light, about 1 per um of nucleus; denser where the nucleus has shrunk.
    """

    path_um: np.ndarray
    nucleus: np.ndarray
    dna: np.ndarray


def window_radius_um(traits: CellTraits) -> float:
    """Half side of a window that holds the cell in every condition."""
    return 1.35 * traits.radius_um + 2.2 * traits.blebs[:, 1].max(initial=0) + 1


def render_cell(traits: CellTraits, condition: Condition, y_um: np.ndarray, x_um: np.ndarray) -> CellImage:
    """Draw a cell as bodies of thickness and refractive index.

    The optical path is the sum over bodies of index difference times thickness: a dome with a thin
    lamella, an ellipsoidal nucleus in it, nucleoli, chromatin clumps, granules and blebs.

    Parameters
    ----------
    traits, condition : CellTraits, Condition
        Build and state.
    y_um, x_um : numpy.ndarray
        Coordinates of the window's pixels relative to the cell's centre, shapes (h, 1) and (1, w).

    Returns
    -------
    CellImage
    """
    size = condition.growth**0.5
    # Injured cells pull in their rim and swell; cells before division round up.
    spread = size * (1 - 0.22 * condition.injury) * (1 - 0.42 * condition.rounding)
    height = (1 + 0.35 * condition.injury - 0.35 * condition.decay) * (1 + 0.9 * condition.rounding)
    relative = np.hypot(y_um, x_um) / (spread * _outline(traits, y_um, x_um))
    thickness = traits.lamella_um * np.sqrt(np.clip(1 - relative**6, 0, None))
    thickness += height * traits.dome_um * np.clip(1 - (relative / 0.9) ** 2, 0, None) ** 1.5

    axes, along, across = _nucleus_coordinates(traits, condition, y_um, x_um)
    inside = along**2 + across**2
    nucleus = inside < 1
    nucleus_thickness = 2 * axes[2] * np.sqrt(np.clip(1 - inside, 0, None))
    # The membrane lies over the nucleus: the cell is never thinner than what it holds.
    thickness = np.maximum(thickness, nucleus_thickness + 0.4 * nucleus)

    kept = 1 - (1 - traits.mass_kept) * condition.decay
    swollen = 1 - 0.18 * condition.injury
    condensed = (axes_volume(traits.nucleus_axes_um) * size**3 / axes_volume(axes)) ** 0.5
    path = traits.cytoplasm_index * kept * swollen * (thickness - nucleus_thickness)
    path += traits.nucleus_index * condensed * (1 - 0.25 * condition.decay) * nucleus_thickness
    path += (
        traits.nucleolus_index
        * (1 - condition.decay)
        * (1 - condition.rounding)
        * _sphere_thickness(traits.nucleoli, axes, along, across)
    )
    clumps = traits.nucleolus_index * (condition.decay + condition.rounding)
    path += clumps * _sphere_thickness(traits.clumps, axes, along, across)
    path += _granule_path(traits, condition, spread, y_um, x_um)
    path = np.maximum(path, _bleb_path(traits, condition, spread, y_um, x_um))

    # DNA condenses with the nucleus; its texture is that of the clumps.
    texture = 1 + (0.1 + 0.2 * condition.decay) * _sphere_thickness(traits.clumps, axes, along, across)
    dna = traits.dna * condensed**2 * nucleus_thickness * texture
    return CellImage(path_um=path, nucleus=nucleus, dna=dna)


def axes_volume(axes_um: tuple[float, float, float]) -> float:
    """Volume (um3) of an ellipsoid of the given semi-axes."""
    return 4 / 3 * np.pi * axes_um[0] * axes_um[1] * axes_um[2]


def _outline(traits: CellTraits, y_um, x_um) -> np.ndarray:
    angle = np.arctan2(y_um, x_um)[..., None]
    amplitude, phase = traits.outline
    return traits.radius_um * (1 + (amplitude * np.cos(OUTLINE_HARMONICS * angle + phase)).sum(-1))


def _nucleus_coordinates(traits: CellTraits, condition: Condition, y_um, x_um):
    """Axes of the nucleus (um) and coordinates in units of them, turned to its long axis."""
    swelling = 1 + 0.12 * condition.injury
    shrinking = 1 - (1 - traits.shrinkage) * condition.decay
    scale = condition.growth ** (1 / 3) * swelling * shrinking
    # Before division chromatin gathers in a plate.
    axes = (
        traits.nucleus_axes_um[0] * scale * (1 - 0.15 * condition.rounding),
        traits.nucleus_axes_um[1] * scale * (1 - 0.5 * condition.rounding),
        traits.nucleus_axes_um[2] * scale * (1 + 0.3 * condition.rounding),
    )
    cosine, sine = np.cos(traits.nucleus_angle_rad), np.sin(traits.nucleus_angle_rad)
    y, x = y_um - traits.nucleus_offset_um[0], x_um - traits.nucleus_offset_um[1]
    return axes, (cosine * x + sine * y) / axes[0], (cosine * y - sine * x) / axes[1]


def _sphere_thickness(spheres, axes, along, across) -> np.ndarray:
    """Sum the thickness (um) of spheres placed in nucleus coordinates."""
    total = np.zeros_like(along)
    for at_along, at_across, radius in spheres:
        squared = ((along - at_along) * axes[0]) ** 2 + ((across - at_across) * axes[1]) ** 2
        total += 2 * np.sqrt(np.clip(radius**2 - squared, 0, None))
    return total


def _granule_path(traits: CellTraits, condition: Condition, spread: float, y_um, x_um) -> np.ndarray:
    """Path of the granules; each a Gaussian whose integral is that of a sphere (they are below the resolution)."""
    path = np.zeros(np.broadcast_shapes(y_um.shape, x_um.shape))
    step_y = y_um[1, 0] - y_um[0, 0]
    # After rupture some granules are lost and the rest clump to larger ones.
    kept = traits.granules[: round(len(traits.granules) * (1 - 0.55 * condition.decay))]
    for direction, distance, radius in kept:
        reach = distance * spread * _outline(traits, np.sin(direction), np.cos(direction)).item()
        radius *= 1 + 0.35 * condition.decay
        row = int(round((reach * np.sin(direction) - y_um[0, 0]) / step_y))
        column = int(round((reach * np.cos(direction) - x_um[0, 0]) / step_y))
        half = int(np.ceil(2.5 * radius / step_y))
        rows, columns = (
            slice(max(row - half, 0), row + half + 1),
            slice(max(column - half, 0), column + half + 1),
        )
        squared = (y_um[rows] - reach * np.sin(direction)) ** 2 + (x_um[:, columns] - reach * np.cos(direction)) ** 2
        width = 0.6 * radius
        path[rows, columns] += (
            traits.granule_index * (4 / 3 * radius**3) / (2 * width**2) * np.exp(-squared / (2 * width**2))
        )
    return path


def _bleb_path(traits: CellTraits, condition: Condition, spread: float, y_um, x_um) -> np.ndarray:
    """Path of watery spheres on the outline; each starts at its own degree of injury."""
    path = np.zeros(np.broadcast_shapes(y_um.shape, x_um.shape))
    for direction, full_radius, start in traits.blebs:
        grown = np.clip((condition.injury - start) / (1 - start), 0, 1)
        if grown == 0:
            continue
        reach = spread * _outline(traits, np.sin(direction), np.cos(direction)).item()
        squared = (y_um - reach * np.sin(direction)) ** 2 + (x_um - reach * np.cos(direction)) ** 2
        thickness = 2 * np.sqrt(np.clip((grown * full_radius) ** 2 - squared, 0, None))
        path = np.maximum(path, 0.4 * traits.cytoplasm_index * thickness)
    return path
