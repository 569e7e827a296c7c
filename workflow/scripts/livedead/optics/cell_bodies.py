"""From a cell's build and condition to optical path, nucleus and DNA on a pixel grid."""

from __future__ import annotations

import numpy as np

from .apoptotic_bodies import render_apoptotic
from .cell_kinetics import Condition
from .cell_shapes import CellImage, Ellipsoid, axes_volume, granule_path, on_rays, outline_um, patches, sphere_thickness
from .cell_traits import CellTraits


def window_radius_um(traits: CellTraits, condition: Condition) -> float:
    """Half side of a window that holds the cell, however far its injury has gone."""
    radius = 1.35 * traits.radius_um + 2.2 * traits.blebs[:, 1].max(initial=0) + 1
    return radius * condition.area_factor**0.5


def render_cell(traits: CellTraits, condition: Condition, y_um: np.ndarray, x_um: np.ndarray) -> CellImage:
    """Draw a cell as bodies of thickness and refractive index.

    The optical path is the sum over bodies of index difference times thickness. A cell whose areas are `A`
    times and whose nuclear dry mass is `M` times the usual (`Condition.area_factor`, `mass_factor`) is the
    usual cell on coordinates stretched by ``sqrt(A)``, the path over its nucleus multiplied by ``M / A``: the
    areas of cell and nucleus grow by `A`, the integral of the path over the nucleus by `M`; the DNA stays.

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
    render = render_apoptotic if condition.apoptotic else _render_necrotic
    area, mass = condition.area_factor, condition.mass_factor
    if area == mass == 1:
        return render(traits, condition, y_um, x_um)
    usual = render(traits, condition, y_um / area**0.5, x_um / area**0.5)
    path = np.where(usual.nucleus, usual.path_um * (mass / area), usual.path_um)
    return CellImage(path_um=path, nucleus=usual.nucleus, dna=usual.dna / area)


def _render_necrotic(traits: CellTraits, condition: Condition, y_um: np.ndarray, x_um: np.ndarray) -> CellImage:
    """Draw a dome with a thin lamella, an ellipsoidal nucleus in it, nucleoli, clumps, granules and blebs."""
    size = condition.growth**0.5
    # Injured cells pull in their rim and swell; cells before division round up.
    spread = size * (1 - 0.22 * condition.injury) * (1 - 0.42 * condition.rounding)
    height = (1 + 0.35 * condition.injury - 0.35 * condition.decay) * (1 + 0.9 * condition.rounding)
    relative = np.hypot(y_um, x_um) / (spread * outline_um(traits, y_um, x_um))
    thickness = traits.lamella_um * np.sqrt(np.clip(1 - relative**6, 0, None))
    thickness += height * traits.dome_um * np.clip(1 - (relative / 0.9) ** 2, 0, None) ** 1.5

    nucleus_body = _nucleus(traits, condition)
    axes = nucleus_body.axes_um
    inside = nucleus_body.relative_radius(y_um, x_um)
    nucleus = inside < 1
    nucleus_thickness = 2 * axes[2] * np.sqrt(np.clip(1 - inside, 0, None))
    # The membrane lies over the nucleus: the cell is never thinner than what it holds.
    thickness = np.maximum(thickness, nucleus_thickness + 0.4 * nucleus)
    nucleoli = sphere_thickness(*nucleus_body.place(traits.nucleoli), y_um, x_um)
    clumps = sphere_thickness(*nucleus_body.place(traits.clumps), y_um, x_um)

    kept = 1 - (1 - traits.mass_kept) * condition.decay
    swollen = 1 - 0.18 * condition.injury
    condensed = (axes_volume(traits.nucleus_axes_um) * size**3 / axes_volume(axes)) ** 0.5
    path = traits.cytoplasm_index * kept * swollen * (thickness - nucleus_thickness)
    path += traits.nucleus_index * condensed * (1 - 0.25 * condition.decay) * nucleus_thickness
    path += traits.nucleolus_index * (1 - condition.decay) * (1 - condition.rounding) * nucleoli
    path += traits.nucleolus_index * (condition.decay + condition.rounding) * clumps
    path += granule_path(traits, condition.decay, spread, y_um, x_um)
    path = np.maximum(path, _bleb_path(traits, condition, spread, y_um, x_um))

    # DNA condenses with the nucleus; its texture is that of the clumps.
    texture = 1 + (0.1 + 0.2 * condition.decay) * clumps
    dna = traits.dna * condensed**2 * nucleus_thickness * texture
    return CellImage(path_um=path, nucleus=nucleus, dna=dna)


def _nucleus(traits: CellTraits, condition: Condition) -> Ellipsoid:
    """Place the nucleus: swollen by injury, shrunken by decay, a plate of chromatin before division."""
    swelling = 1 + 0.12 * condition.injury
    shrinking = 1 - (1 - traits.shrinkage) * condition.decay
    scale = condition.growth ** (1 / 3) * swelling * shrinking
    axes = (
        traits.nucleus_axes_um[0] * scale * (1 - 0.15 * condition.rounding),
        traits.nucleus_axes_um[1] * scale * (1 - 0.5 * condition.rounding),
        traits.nucleus_axes_um[2] * scale * (1 + 0.3 * condition.rounding),
    )
    return Ellipsoid(axes, traits.nucleus_angle_rad, traits.nucleus_offset_um)


def _bleb_path(traits: CellTraits, condition: Condition, spread: float, y_um, x_um) -> np.ndarray:
    """Path of watery spheres on the outline; each starts at its own degree of injury."""
    directions, full_radii, starts = traits.blebs.T
    radii = full_radii * np.clip((condition.injury - starts) / (1 - starts), 0, 1)
    centres = on_rays(traits, directions, np.full(directions.shape, spread))
    path = np.zeros((y_um.size, x_um.size))
    for radius, (place, squared) in zip(radii, patches(centres, radii, y_um, x_um), strict=True):
        thickness = 2 * np.sqrt(np.clip(radius**2 - squared, 0, None))
        path[place] = np.maximum(path[place], 0.4 * traits.cytoplasm_index * thickness)
    return path
