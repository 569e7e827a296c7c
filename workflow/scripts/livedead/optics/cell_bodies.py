"""From a cell's build and condition to optical path, nucleus and DNA on a pixel grid."""

from __future__ import annotations

from collections.abc import Iterator
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

    nucleus_body = _nucleus(traits, condition)
    axes = nucleus_body.axes_um
    inside = nucleus_body.relative_radius(y_um, x_um)
    nucleus = inside < 1
    nucleus_thickness = 2 * axes[2] * np.sqrt(np.clip(1 - inside, 0, None))
    # The membrane lies over the nucleus: the cell is never thinner than what it holds.
    thickness = np.maximum(thickness, nucleus_thickness + 0.4 * nucleus)
    nucleoli = _sphere_thickness(*nucleus_body.place(traits.nucleoli), y_um, x_um)
    clumps = _sphere_thickness(*nucleus_body.place(traits.clumps), y_um, x_um)

    kept = 1 - (1 - traits.mass_kept) * condition.decay
    swollen = 1 - 0.18 * condition.injury
    condensed = (axes_volume(traits.nucleus_axes_um) * size**3 / axes_volume(axes)) ** 0.5
    path = traits.cytoplasm_index * kept * swollen * (thickness - nucleus_thickness)
    path += traits.nucleus_index * condensed * (1 - 0.25 * condition.decay) * nucleus_thickness
    path += traits.nucleolus_index * (1 - condition.decay) * (1 - condition.rounding) * nucleoli
    path += traits.nucleolus_index * (condition.decay + condition.rounding) * clumps
    path += _granule_path(traits, condition, spread, y_um, x_um)
    path = np.maximum(path, _bleb_path(traits, condition, spread, y_um, x_um))

    # DNA condenses with the nucleus; its texture is that of the clumps.
    texture = 1 + (0.1 + 0.2 * condition.decay) * clumps
    dna = traits.dna * condensed**2 * nucleus_thickness * texture
    return CellImage(path_um=path, nucleus=nucleus, dna=dna)


def axes_volume(axes_um: tuple[float, float, float]) -> float:
    """Volume (um3) of an ellipsoid of the given semi-axes."""
    return 4 / 3 * np.pi * axes_um[0] * axes_um[1] * axes_um[2]


def _outline(traits: CellTraits, y_um, x_um) -> np.ndarray:
    # The sum of harmonics is wanted at every pixel of a window: a table of it is five times faster.
    turn = np.linspace(-np.pi, np.pi, 721)
    amplitude, phase = traits.outline
    radii = traits.radius_um * (1 + (amplitude * np.cos(OUTLINE_HARMONICS * turn[:, None] + phase)).sum(-1))
    return np.interp(np.arctan2(y_um, x_um), turn, radii)


@dataclass(frozen=True)
class _Nucleus:
    """An ellipsoid somewhere in the cell."""

    axes_um: tuple[float, float, float]
    angle_rad: float
    centre_um: tuple[float, float]

    def relative_radius(self, y_um: np.ndarray, x_um: np.ndarray) -> np.ndarray:
        """Squared distance from the centre in units of the outline: below 1 is inside."""
        cosine, sine = np.cos(self.angle_rad), np.sin(self.angle_rad)
        y, x = y_um - self.centre_um[0], x_um - self.centre_um[1]
        return ((cosine * x + sine * y) / self.axes_um[0]) ** 2 + ((cosine * y - sine * x) / self.axes_um[1]) ** 2

    def place(self, spheres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Centres (n, 2) and radii (n,), um, of spheres given in units of the axes."""
        cosine, sine = np.cos(self.angle_rad), np.sin(self.angle_rad)
        along, across = spheres[:, 0] * self.axes_um[0], spheres[:, 1] * self.axes_um[1]
        centres = np.column_stack([sine * along + cosine * across, cosine * along - sine * across])
        return centres + self.centre_um, spheres[:, 2]


def _nucleus(traits: CellTraits, condition: Condition) -> _Nucleus:
    """Place the nucleus: swollen by injury, shrunken by decay, a plate of chromatin before division."""
    swelling = 1 + 0.12 * condition.injury
    shrinking = 1 - (1 - traits.shrinkage) * condition.decay
    scale = condition.growth ** (1 / 3) * swelling * shrinking
    axes = (
        traits.nucleus_axes_um[0] * scale * (1 - 0.15 * condition.rounding),
        traits.nucleus_axes_um[1] * scale * (1 - 0.5 * condition.rounding),
        traits.nucleus_axes_um[2] * scale * (1 + 0.3 * condition.rounding),
    )
    return _Nucleus(axes, traits.nucleus_angle_rad, traits.nucleus_offset_um)


def _patches(centres_um: np.ndarray, reaches_um: np.ndarray, y_um: np.ndarray, x_um: np.ndarray) -> Iterator:
    """Yield for each small body the pixels it reaches and their squared distance (um2) from its centre."""
    for centre, reach in zip(centres_um, reaches_um, strict=True):
        rows, columns = (
            slice(*np.searchsorted(axis.ravel(), (middle - reach, middle + reach)))
            for axis, middle in zip((y_um, x_um), centre, strict=True)
        )
        yield (rows, columns), (y_um[rows] - centre[0]) ** 2 + (x_um[:, columns] - centre[1]) ** 2


def _sphere_thickness(centres_um: np.ndarray, radii_um: np.ndarray, y_um, x_um) -> np.ndarray:
    """Sum the thickness (um) of spheres."""
    total = np.zeros((y_um.size, x_um.size))
    for radius, (place, squared) in zip(radii_um, _patches(centres_um, radii_um, y_um, x_um), strict=True):
        total[place] += 2 * np.sqrt(np.clip(radius**2 - squared, 0, None))
    return total


def _on_rays(traits: CellTraits, directions_rad: np.ndarray, distances: np.ndarray) -> np.ndarray:
    """Centres (n, 2) in um at distances relative to the outline."""
    y, x = np.sin(directions_rad), np.cos(directions_rad)
    return (distances * _outline(traits, y, x))[:, None] * np.column_stack([y, x])


def _granule_path(traits: CellTraits, condition: Condition, spread: float, y_um, x_um) -> np.ndarray:
    """Path of the granules; each a Gaussian whose integral is that of a sphere (they are below the resolution)."""
    # After rupture some granules are lost and the rest clump to larger ones.
    kept = traits.granules[: round(len(traits.granules) * (1 - 0.55 * condition.decay))]
    radii = kept[:, 2] * (1 + 0.35 * condition.decay)
    centres = _on_rays(traits, kept[:, 0], kept[:, 1] * spread)
    path = np.zeros((y_um.size, x_um.size))
    for radius, (place, squared) in zip(radii, _patches(centres, 2.5 * radii, y_um, x_um), strict=True):
        width = 0.6 * radius
        path[place] += traits.granule_index * (4 / 3 * radius**3) / (2 * width**2) * np.exp(-squared / (2 * width**2))
    return path


def _bleb_path(traits: CellTraits, condition: Condition, spread: float, y_um, x_um) -> np.ndarray:
    """Path of watery spheres on the outline; each starts at its own degree of injury."""
    directions, full_radii, starts = traits.blebs.T
    radii = full_radii * np.clip((condition.injury - starts) / (1 - starts), 0, 1)
    centres = _on_rays(traits, directions, np.full(directions.shape, spread))
    path = np.zeros((y_um.size, x_um.size))
    for radius, (place, squared) in zip(radii, _patches(centres, radii, y_um, x_um), strict=True):
        thickness = 2 * np.sqrt(np.clip(radius**2 - squared, 0, None))
        path[place] = np.maximum(path[place], 0.4 * traits.cytoplasm_index * thickness)
    return path
