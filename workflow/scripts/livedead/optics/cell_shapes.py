"""Shapes that simulated cells are made of: outline, ellipsoidal nucleus, small spheres on a pixel grid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

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


@dataclass(frozen=True)
class Ellipsoid:
    """An ellipsoid somewhere in the cell: semi-axes and centre in um."""

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


def axes_volume(axes_um: tuple[float, float, float]) -> float:
    """Volume (um3) of an ellipsoid of the given semi-axes."""
    return 4 / 3 * np.pi * axes_um[0] * axes_um[1] * axes_um[2]


def outline_um(traits: CellTraits, y_um: np.ndarray, x_um: np.ndarray) -> np.ndarray:
    """Radius (um) of a cell's outline in the direction of every pixel."""
    # The sum of harmonics is wanted at every pixel of a window: a table of it is five times faster.
    turn = np.linspace(-np.pi, np.pi, 721)
    amplitude, phase = traits.outline
    radii = traits.radius_um * (1 + (amplitude * np.cos(OUTLINE_HARMONICS * turn[:, None] + phase)).sum(-1))
    return np.interp(np.arctan2(y_um, x_um), turn, radii)


def on_rays(traits: CellTraits, directions_rad: np.ndarray, distances: np.ndarray) -> np.ndarray:
    """Centres (n, 2) in um at distances relative to the outline."""
    y, x = np.sin(directions_rad), np.cos(directions_rad)
    return (distances * outline_um(traits, y, x))[:, None] * np.column_stack([y, x])


def patches(centres_um: np.ndarray, reaches_um: np.ndarray, y_um: np.ndarray, x_um: np.ndarray) -> Iterator:
    """Yield for each small body the pixels it reaches and their squared distance (um2) from its centre."""
    for centre, reach in zip(centres_um, reaches_um, strict=True):
        rows, columns = (
            slice(*np.searchsorted(axis.ravel(), (middle - reach, middle + reach)))
            for axis, middle in zip((y_um, x_um), centre, strict=True)
        )
        yield (rows, columns), (y_um[rows] - centre[0]) ** 2 + (x_um[:, columns] - centre[1]) ** 2


def sphere_thickness(centres_um: np.ndarray, radii_um: np.ndarray, y_um, x_um, *, join=np.add) -> np.ndarray:
    """Thickness (um) of spheres, summed where they overlap, or joined by another ufunc such as np.maximum."""
    total = np.zeros((y_um.size, x_um.size))
    for radius, (place, squared) in zip(radii_um, patches(centres_um, radii_um, y_um, x_um), strict=True):
        total[place] = join(total[place], 2 * np.sqrt(np.clip(radius**2 - squared, 0, None)))
    return total


def granule_path(traits: CellTraits, decay: float, spread: float, y_um: np.ndarray, x_um: np.ndarray) -> np.ndarray:
    """Path of the granules; each a Gaussian whose integral is that of a sphere (they are below the resolution)."""
    # After rupture some granules are lost and the rest clump to larger ones.
    kept = traits.granules[: round(len(traits.granules) * (1 - 0.55 * decay))]
    radii = kept[:, 2] * (1 + 0.35 * decay)
    centres = on_rays(traits, kept[:, 0], kept[:, 1] * spread)
    path = np.zeros((y_um.size, x_um.size))
    for radius, (place, squared) in zip(radii, patches(centres, 2.5 * radii, y_um, x_um), strict=True):
        width = 0.6 * radius
        path[place] += traits.granule_index * (4 / 3 * radius**3) / (2 * width**2) * np.exp(-squared / (2 * width**2))
    return path
