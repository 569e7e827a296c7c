"""Swelling of living cells under the microscope: a closed form of area and dry mass against time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

# Slow changes of area of a single cell come and go within hours.
WANDER_PERIOD_H = (3.0, 9.0)


@dataclass(frozen=True)
class Pace:
    """What is a cell's own in its swelling.

    Attributes
    ----------
    lateness : float
        From -1 to 1: when the swelling ends, in units of `spread_h` after the common time.
    wander_period_h, wander_phase_rad : float
        Slow natural change of the area.
    """

    lateness: float = 0.0
    wander_period_h: float = 6.0
    wander_phase_rad: float = 0.0


def draw_pace(rng: np.random.Generator) -> Pace:
    """Draw one cell's pace."""
    return Pace(rng.uniform(-1, 1), rng.uniform(*WANDER_PERIOD_H), rng.uniform(0, 2 * np.pi))


def smoothstep(x: float) -> float:
    """Rise from 0 at x = 0 to 1 at x = 1 without a corner; 0 before and 1 after."""
    x = min(max(x, 0.0), 1.0)
    return x * x * (3 - 2 * x)


def swelling_window(time_h: float, *, onset_h: float, until_h: float, ramp_h: float) -> float:
    """Say how far a cell is swollen: ``s(t / onset) (1 - s((t - until) / ramp + 1/2))``, s the smoothstep.

    Parameters
    ----------
    time_h : float
        Time since the begin of the experiment.
    onset_h, until_h, ramp_h : float
        Time in which the swelling comes after 0, time at which half of it is gone again, time that takes.

    Returns
    -------
    float
        0 to 1.
    """
    return smoothstep(time_h / onset_h) * (1 - smoothstep((time_h - until_h) / ramp_h + 0.5))


def swelling_factors(time_h: float, swelling: Mapping[str, float], pace: Pace) -> tuple[float, float]:
    """Give area and dry mass of a cell relative to what they were.

    ``1 + gain * swelling_window`` for either, each with its own end. The mass also has a share that comes
    and goes with the area, ``+ mass_with_area * (window of the area)``; the area is also multiplied by a slow
    sine of relative standard deviation `area_wander`.

    Parameters
    ----------
    time_h : float
        Time since the begin of the experiment.
    swelling : mapping
        Section `simulate.kinetics.swelling` of the configuration.
    pace : Pace
        The cell's own.

    Returns
    -------
    area, mass : float
        Factors; both exactly 1 where gains and wander are 0.
    """
    area, mass = (
        swelling_window(
            time_h,
            onset_h=swelling["onset_h"],
            until_h=swelling[f"{quantity}_until_h"] + swelling["spread_h"] * pace.lateness,
            ramp_h=swelling["ramp_h"],
        )
        for quantity in ("area", "mass")
    )
    turn = 2 * np.pi * time_h / pace.wander_period_h + pace.wander_phase_rad
    wandering = 1 + swelling["area_wander"] * 2**0.5 * np.sin(turn)
    return (
        float((1 + swelling["area_gain"] * area) * wandering),
        float(1 + swelling["mass_gain"] * mass + swelling["mass_with_area"] * area),
    )


def difference_window(
    first: Mapping[str, float], second: Mapping[str, float], times_h: Sequence[float]
) -> dict[str, tuple[float, float] | None]:
    """Say from which to which frame two arms of an experiment differ by their settings.

    Parameters
    ----------
    first, second : mapping
        Section `simulate.kinetics.swelling` as it holds for either arm.
    times_h : sequence of float
        Times of the frames.

    Returns
    -------
    dict
        For area and mass the first and the last frame (h) at which the mean cells of the arms differ by more
        than half of their largest difference; None where they never differ.
    """
    common = Pace()
    factors = np.array(
        [[swelling_factors(time_h, arm | {"area_wander": 0}, common) for time_h in times_h] for arm in (first, second)]
    )
    windows: dict[str, tuple[float, float] | None] = {}
    for quantity, apart in zip(("area", "mass"), np.abs(factors[0] - factors[1]).T, strict=True):
        frames = np.flatnonzero((apart > apart.max() / 2) & (apart > 1e-9))
        windows[quantity] = (float(times_h[frames[0]]), float(times_h[frames[-1]])) if frames.size else None
    return windows
