"""What stays the same in a simulated cell: its build, drawn once at birth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

OUTLINE_HARMONICS = np.arange(2, 7)
# Distance of two neighbouring fragments of a nucleus in units of the sum of their radii.
TOUCHING = 0.72


@dataclass(frozen=True)
class CellTraits:
    """Build of one cell; lengths in um, refractive index relative to the medium.

    Attributes
    ----------
    radius_um, dome_um, lamella_um : float
        Mean radius of the outline, height of the dome, height of the thin rim.
    outline : numpy.ndarray
        Relative amplitude and phase of the outline's harmonics, shape (2, len(OUTLINE_HARMONICS)).
    nucleus_axes_um : tuple of float
        Semi-axes of the nucleus in the plane and along the light.
    nucleus_angle_rad, nucleus_offset_um : float, tuple of float
        Direction of the long axis, centre of the nucleus relative to the cell's.
    cytoplasm_index, nucleus_index, nucleolus_index, granule_index : float
        Difference of refractive index to the medium (nucleolus and granule: to what surrounds them).
    nucleoli : numpy.ndarray
        Position in units of the nucleus' axes and radius in um, shape (n, 3).
    clumps : numpy.ndarray
        Chromatin clumps that appear at death, the same columns as `nucleoli`.
    granules : numpy.ndarray
        Direction (rad), relative distance from the centre (0..1) and radius (um), shape (n, 3).
    blebs : numpy.ndarray
        Direction (rad), full radius (um) and the injury at which each starts, shape (n, 3).
    dna : float
        NucBlue brightness relative to the mean cell.
    mass_kept : float
        Fraction of the cytoplasm's index left after rupture.
    shrinkage : float
        Ratio of the nucleus' radius long after rupture to before.
    fragments : numpy.ndarray
        Pieces of the nucleus after apoptosis: position (y, x) and radius in units of the radius of the
        condensed nucleus, shape (n, 3).
    """

    radius_um: float
    dome_um: float
    lamella_um: float
    outline: np.ndarray
    nucleus_axes_um: tuple[float, float, float]
    nucleus_angle_rad: float
    nucleus_offset_um: tuple[float, float]
    cytoplasm_index: float
    nucleus_index: float
    nucleolus_index: float
    granule_index: float
    nucleoli: np.ndarray
    clumps: np.ndarray
    granules: np.ndarray
    blebs: np.ndarray
    dna: float
    mass_kept: float
    shrinkage: float
    fragments: np.ndarray


def draw_traits(rng: np.random.Generator, build: dict) -> CellTraits:
    """Draw the build of one cell.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance; the same state gives the same cell.
    build : dict
        Section `simulate.cells` of the configuration: means, and `variation`, the relative standard
        deviation common to them.

    Returns
    -------
    CellTraits
    """

    def vary(mean: float, times: float = 1.0) -> float:
        return mean * np.exp(rng.normal(0, build["variation"] * times))

    elongation = rng.uniform(1.0, 1.45)
    nucleus_radius = vary(build["nucleus_radius_um"])
    harmonics = rng.normal(0, build["outline_roughness"], OUTLINE_HARMONICS.size) / (OUTLINE_HARMONICS - 1) ** 0.5
    phases = rng.uniform(0, 2 * np.pi, OUTLINE_HARMONICS.size)
    return CellTraits(
        radius_um=max(vary(build["cell_radius_um"]), 1.25 * nucleus_radius * elongation**0.5),
        dome_um=vary(build["dome_height_um"]),
        lamella_um=vary(build["lamella_height_um"]),
        outline=np.stack([harmonics, phases]),
        nucleus_axes_um=(
            nucleus_radius * elongation**0.5,
            nucleus_radius / elongation**0.5,
            vary(build["nucleus_height_um"]) / 2,
        ),
        nucleus_angle_rad=rng.uniform(0, np.pi),
        nucleus_offset_um=tuple(rng.normal(0, 0.08 * build["cell_radius_um"], 2)),
        cytoplasm_index=vary(build["cytoplasm_index"]),
        nucleus_index=vary(build["nucleus_index"]),
        nucleolus_index=vary(build["nucleolus_index"]),
        granule_index=vary(build["granule_index"]),
        nucleoli=_spheres(rng, int(rng.integers(2, 6)), vary(build["nucleolus_radius_um"]), reach=0.62),
        clumps=_spheres(rng, int(rng.integers(9, 18)), vary(build["clump_radius_um"]), reach=0.88),
        granules=np.column_stack(
            [
                rng.uniform(0, 2 * np.pi, n := int(rng.poisson(build["granules"]))),
                rng.uniform(0.3, 0.95, n) ** 0.7,
                build["granule_radius_um"] * np.exp(rng.normal(0, 0.3, n)),
            ]
        ),
        blebs=np.column_stack(
            [
                rng.uniform(0, 2 * np.pi, m := int(rng.poisson(build["blebs"]))),
                build["bleb_radius_um"] * np.exp(rng.normal(0, 0.35, m)),
                rng.uniform(0.25, 0.95, m),
            ]
        ),
        dna=vary(1.0, 1.2),
        mass_kept=np.clip(rng.normal(build["mass_kept"], 0.1), 0.2, 0.95),
        shrinkage=np.clip(rng.normal(build["nucleus_shrinkage"], 0.06), 0.6, 1.05),
        # A stream of their own: what only apoptosis shows does not change cells that die otherwise.
        fragments=draw_fragments(rng.spawn(1)[0]),
    )


def draw_fragments(rng: np.random.Generator) -> np.ndarray:
    """Break a nucleus of radius 1 into two to five pieces of the same volume in all, each touching another.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    numpy.ndarray
        Centre (y, x) and radius of every piece, shape (n, 3); the centre of mass is at 0.
    """
    volumes = np.sort(rng.dirichlet(np.full(int(rng.integers(2, 6)), 4.0)))[::-1]
    pieces = [(0.0, 0.0, volumes[0] ** (1 / 3))]
    for radius in volumes[1:] ** (1 / 3):
        # Of some places at the rims of the pieces, the nearest to the middle that overlaps no other piece.
        hosts = [pieces[number] for number in rng.integers(len(pieces), size=12)]
        directions = rng.uniform(0, 2 * np.pi, 12)
        reach = TOUCHING * (np.array([host[2] for host in hosts]) + radius)
        places = np.array([host[:2] for host in hosts]) + reach[:, None] * np.column_stack(
            [np.sin(directions), np.cos(directions)]
        )
        others = np.array(pieces)
        gaps = np.hypot(*(places[:, None] - others[:, :2]).transpose(2, 0, 1)) - TOUCHING * (others[:, 2] + radius)
        cost = np.hypot(*places.T) + 10 * np.clip(-gaps, 0, None).sum(1)
        pieces.append((*places[cost.argmin()], radius))
    found = np.array(pieces)
    found[:, :2] -= volumes @ found[:, :2]
    return found


def _spheres(rng: np.random.Generator, number: int, radius_um: float, reach: float) -> np.ndarray:
    distance = reach * np.sqrt(rng.uniform(0, 1, number))
    direction = rng.uniform(0, 2 * np.pi, number)
    radii = radius_um * np.exp(rng.normal(0, 0.25, number))
    return np.column_stack([distance * np.cos(direction), distance * np.sin(direction), radii])
