"""A cell in apoptosis: shrunken and dense, its nucleus condensed, then in pieces; pale after rupture."""

from __future__ import annotations

import numpy as np

from .cell_kinetics import Condition
from .cell_shapes import CellImage, Ellipsoid, axes_volume, granule_path, on_rays, outline_um, sphere_thickness
from .cell_traits import CellTraits


def render_apoptotic(traits: CellTraits, condition: Condition, y_um: np.ndarray, x_um: np.ndarray) -> CellImage:
    """Draw a cell in apoptosis or, after its membrane has given way, in secondary necrosis.

    With no injury at all it is the live cell of `livedead.optics.cell_bodies`. Injury pulls the cell in and
    makes it dense (it loses water); the nucleus condenses, then breaks into fragments that touch one
    another; blebs bud off. Rupture lets cytoplasm and some chromatin out.

    Parameters
    ----------
    traits, condition : CellTraits, Condition
        Build and state.
    y_um, x_um : numpy.ndarray
        Coordinates of the window's pixels relative to the cell's centre, shapes (h, 1) and (1, w).

    Returns
    -------
    CellImage
        All fragments together are the nucleus.
    """
    injury, decay = condition.injury, condition.decay
    size = condition.growth**0.5
    spread = size * (1 - 0.34 * injury + 0.08 * decay)
    height = 1 + 0.3 * injury - 0.3 * decay
    rim_um = outline_um(traits, y_um, x_um)
    rim_um += 0.6 * injury * (traits.radius_um - rim_um)
    relative = np.hypot(y_um, x_um) / (spread * rim_um)
    thickness = traits.lamella_um * np.sqrt(np.clip(1 - relative**6, 0, None))
    thickness += height * traits.dome_um * np.clip(1 - (relative / 0.9) ** 2, 0, None) ** 1.5

    whole = _condensed_nucleus(traits, condition, spread)
    nucleus_thickness = _nucleus_thickness(traits, whole, condition.fragmentation, y_um, x_um)
    nucleus = nucleus_thickness > 0
    thickness = np.maximum(thickness, nucleus_thickness + 0.4 * nucleus)
    nucleoli = sphere_thickness(*whole.place(traits.nucleoli), y_um, x_um)
    clumps = sphere_thickness(*whole.place(traits.clumps), y_um, x_um)

    kept = 1 - (1 - traits.mass_kept) * decay
    # Water is lost and mass is not: what has shrunk is denser.
    cytoplasm_index = traits.cytoplasm_index * (1 + 0.35 * injury) * kept
    density = axes_volume(traits.nucleus_axes_um) * size**3 / axes_volume(whole.axes_um)
    path = cytoplasm_index * (thickness - nucleus_thickness)
    path += traits.nucleus_index * density * (1 - 0.2 * decay) * nucleus_thickness
    path += traits.nucleolus_index * (1 - condition.condensation) * nucleoli
    path += granule_path(traits, decay, spread, y_um, x_um)
    path = np.maximum(path, cytoplasm_index * _bleb_thickness(traits, condition, spread, y_um, x_um))

    texture = 1 + 0.1 * (1 - condition.condensation) * clumps
    dna = traits.dna * density * (1 - 0.2 * decay) * nucleus_thickness * texture
    return CellImage(path_um=path, nucleus=nucleus, dna=dna)


def _condensed_nucleus(traits: CellTraits, condition: Condition, spread: float) -> Ellipsoid:
    """Place the nucleus before it breaks: smaller and rounder the further it has condensed."""
    scale = condition.growth ** (1 / 3) * (1 + 0.06 * condition.decay)
    radius_um = (traits.nucleus_axes_um[0] * traits.nucleus_axes_um[1]) ** 0.5
    axes = [
        scale * (1 - 0.27 * condition.condensation) * (axis + 0.7 * condition.condensation * (radius_um - axis))
        for axis in traits.nucleus_axes_um[:2]
    ]
    height = scale * (1 - 0.05 * condition.condensation) * traits.nucleus_axes_um[2]
    offset = tuple(spread * along for along in traits.nucleus_offset_um)
    return Ellipsoid((*axes, height), traits.nucleus_angle_rad, offset)


def _nucleus_thickness(
    traits: CellTraits, whole: Ellipsoid, fragmentation: float, y_um: np.ndarray, x_um: np.ndarray
) -> np.ndarray:
    """Thickness (um) of a nucleus on its way from one body to several; together they keep its volume."""
    inside = whole.relative_radius(y_um, x_um) / max(1 - fragmentation, 1e-9) ** (2 / 3)
    rest = 2 * whole.axes_um[2] * (1 - fragmentation) ** (1 / 3) * np.sqrt(np.clip(1 - inside, 0, None))
    radius_um = (whole.axes_um[0] * whole.axes_um[1]) ** 0.5
    centres = traits.fragments[:, :2] * radius_um + whole.centre_um
    radii = traits.fragments[:, 2] * radius_um * fragmentation ** (1 / 3)
    # Flat as the nucleus was.
    flatness = whole.axes_um[2] / radius_um
    return np.maximum(rest, flatness * sphere_thickness(centres, radii, y_um, x_um, join=np.maximum))


def _bleb_thickness(traits: CellTraits, condition: Condition, spread: float, y_um, x_um) -> np.ndarray:
    """Thickness (um) of blebs on the outline, which bud off as apoptotic bodies while the nucleus breaks."""
    directions, full_radii, starts = traits.blebs.T
    radii = full_radii * np.clip((condition.injury - starts) / (1 - starts), 0, 1) * (1 + 0.15 * condition.decay)
    centres = on_rays(traits, directions, np.full(directions.shape, spread * (0.86 + 0.14 * condition.fragmentation)))
    return sphere_thickness(centres, radii, y_um, x_um, join=np.maximum)
