"""A simulated field of cells through time: who is where, alive, dead, dividing or floating."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .cell_kinetics import Condition, Life, condition_at, draw_rupture_h
from .cell_traits import CellTraits, draw_traits
from .swelling import draw_pace


@dataclass(frozen=True)
class PlacedCell:
    """One cell in one frame.

    Attributes
    ----------
    nucleus_id, parent_id : int
        Identity through time, and that of the mother (0: none).
    traits, condition : CellTraits, Condition
        Build and state.
    y_um, x_um : float
        Centre, in the coordinates of the simulated area.
    defocus_um : float
        Height above the focus; 0 for a cell on the glass.
    """

    nucleus_id: int
    parent_id: int
    traits: CellTraits
    condition: Condition
    y_um: float
    x_um: float
    defocus_um: float


@dataclass
class _Member:
    nucleus_id: int
    parent_id: int
    traits: CellTraits
    life: Life
    position_um: np.ndarray
    defocus_um: float


def film_population(
    rng: np.random.Generator, *, times_h: np.ndarray, side_um: tuple[float, float], settings: dict
) -> list[list[PlacedCell]]:
    """Let a population of cells live and die on an area of glass.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    times_h : numpy.ndarray
        Times of the frames, increasing.
    side_um : tuple of float
        Height and width of the area.
    settings : dict
        Section `simulate` of the configuration; `cells`, `kinetics` and `population` are used.

    Returns
    -------
    list of list of PlacedCell
        The cells of every frame; an identity keeps its number for as long as the cell is there.
    """
    members = _seed_cells(rng, side_um, settings)
    next_id = len(members) + 1
    frames = []
    previous_h = times_h[0]
    for time_h in times_h:
        for mother in [member for member in members if member.life.division_h <= time_h]:
            members.remove(mother)
            members += (daughters := _divide(rng, mother, next_id, settings))
            next_id += len(daughters)
        _move(rng, members, time_h, time_h - previous_h, settings["population"])
        previous_h = time_h
        frames.append(
            [
                PlacedCell(
                    member.nucleus_id,
                    member.parent_id,
                    member.traits,
                    condition_at(member.life, time_h, settings["kinetics"]),
                    *map(float, member.position_um),
                    member.defocus_um if time_h >= member.life.detachment_h else 0.0,
                )
                for member in members
            ]
        )
    return frames


def _seed_cells(rng: np.random.Generator, side_um: tuple[float, float], settings: dict) -> list[_Member]:
    population = settings["population"]
    low, high = population["cells_per_mm2"]
    mean = rng.uniform(low, high) * side_um[0] * side_um[1] / 1e6
    wanted = round(mean) if population["seeding"] == "even" else int(rng.poisson(mean))
    # Every field has its own pace of dying, so that films run from mostly live to mostly dead.
    median_h = float(np.exp(rng.uniform(*np.log(settings["kinetics"]["median_death_h"]))))
    positions: list[np.ndarray] = []
    for _ in range(60 * wanted):
        if len(positions) == wanted:
            break
        candidate = rng.uniform(0, 1, 2) * side_um
        if all(np.hypot(*(candidate - other)) > population["least_distance_um"] for other in positions):
            positions.append(candidate)
    return [
        _Member(
            number,
            0,
            draw_traits(rng, settings["cells"]),
            _draw_life(rng, median_h, settings["kinetics"]),
            position,
            rng.uniform(*population["floating_defocus_um"]),
        )
        for number, position in enumerate(positions, start=1)
    ]


def _draw_life(rng: np.random.Generator, median_h: float, kinetics: dict) -> Life:
    rupture_h = draw_rupture_h(
        rng, median_h=median_h, shape=kinetics["death_shape"], dead_at_start=kinetics["dead_at_start"]
    )
    division_h = rng.exponential(1 / kinetics["division_rate_per_h"])
    detaches = rng.uniform() < kinetics["detaching"]
    delay_h = rng.exponential(kinetics["detachment_h"])
    # A stream of their own: another way of dying or of swelling does not change who dies when.
    own = rng.spawn(1)[0]
    apoptosis_h = own.uniform(*kinetics["apoptosis"]["to_rupture_h"])
    life = Life(
        rupture_h=rupture_h,
        division_h=division_h,
        detachment_h=rupture_h + delay_h if detaches else np.inf,
        apoptosis_h=apoptosis_h if kinetics["death"] == "apoptosis" else None,
        pace=draw_pace(own),
    )
    # A cell that has begun to die does not divide any more.
    divides = division_h < life.onset_h(kinetics) - 1
    return life if divides else replace(life, division_h=np.inf)


def _divide(rng: np.random.Generator, mother: _Member, first_id: int, settings: dict) -> list[_Member]:
    axis = mother.traits.nucleus_angle_rad + np.pi / 2
    apart_um = 0.55 * settings["population"]["least_distance_um"] * np.array([np.sin(axis), np.cos(axis)])
    return [
        _Member(
            first_id + number,
            mother.nucleus_id,
            draw_traits(rng, settings["cells"]),
            replace(
                mother.life,
                birth_h=mother.life.division_h,
                rupture_h=mother.life.rupture_h + rng.normal(0, 0.5),
                division_h=np.inf,
            ),
            mother.position_um + sign * apart_um,
            mother.defocus_um,
        )
        for number, sign in enumerate((-1, 1))
    ]


def _move(rng: np.random.Generator, members: list[_Member], time_h: float, step_h: float, population: dict) -> None:
    """Move live cells at random, let floating ones drift, and push apart whoever came too near."""
    for member in members:
        if time_h >= member.life.detachment_h:
            spread_um = population["drift_um_per_sqrt_h"]
        elif time_h >= member.life.rupture_h:
            spread_um = 0.1 * population["motion_um_per_sqrt_h"]
        else:
            spread_um = population["motion_um_per_sqrt_h"]
        member.position_um = member.position_um + rng.normal(0, 1, 2) * spread_um * np.sqrt(step_h)
    attached = [member for member in members if time_h < member.life.detachment_h]
    if len(attached) < 2:
        return
    positions = np.array([member.position_um for member in attached])
    for _ in range(12):
        apart = positions[:, None] - positions[None]
        distance = np.hypot(*np.moveaxis(apart, -1, 0))
        np.fill_diagonal(distance, np.inf)
        overlap = np.clip(population["least_distance_um"] - distance, 0, None)
        if not overlap.any():
            break
        positions += (apart / distance[..., None] * (0.5 * overlap)[..., None]).sum(1)
    for member, position in zip(attached, positions, strict=True):
        member.position_um = position
