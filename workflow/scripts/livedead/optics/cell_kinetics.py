"""What changes in a simulated cell: injury, rupture, loss of mass, division."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Life:
    """Times (h after the start of the film) of what happens to one cell.

    Attributes
    ----------
    birth_h : float
        -inf for a cell that is there from the start.
    rupture_h : float
        The membrane gives way: the cell is dead from here on. inf: never.
    division_h : float
        The cell is replaced by its daughters here. inf: never.
    detachment_h : float
        The dead cell comes off and floats from here on. inf: never.
    """

    birth_h: float = -np.inf
    rupture_h: float = np.inf
    division_h: float = np.inf
    detachment_h: float = np.inf


@dataclass(frozen=True)
class Condition:
    """State of one cell at one time; every number but the last two runs from 0 to 1.

    Attributes
    ----------
    dead : bool
        The membrane is ruptured: the truth that NucGreen reports.
    injury : float
        Swelling and blebbing before rupture; stays 1 afterwards.
    decay : float
        Loss of mass, dissolution of nucleoli and clumping of chromatin after rupture.
    uptake : float
        NucGreen taken up by the nucleus.
    rounding : float
        Rounding before division.
    growth : float
        Size relative to a grown cell after birth by division.
    """

    dead: bool
    injury: float
    decay: float
    uptake: float
    rounding: float
    growth: float


def draw_rupture_h(rng: np.random.Generator, *, median_h: float, shape: float, dead_at_start: float) -> float:
    """Draw the time of death of a cell from a Weibull distribution with a share dead from the start.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    median_h, shape : float
        Median and shape of the Weibull distribution.
    dead_at_start : float
        Probability of having died within the 8 h before the film.

    Returns
    -------
    float
        Time of rupture in h, negative for a cell dead at the start.
    """
    if rng.uniform() < dead_at_start:
        return -rng.uniform(0.5, 8)
    return float(median_h * (-np.log2(rng.uniform())) ** (1 / shape))


def condition_at(life: Life, time_h: float, kinetics: dict) -> Condition:
    """Say how a cell is at a time.

    Parameters
    ----------
    life : Life
        Its events.
    time_h : float
        Time of the frame.
    kinetics : dict
        Section `simulate.kinetics` of the configuration: durations in h.

    Returns
    -------
    Condition
    """
    since_rupture = time_h - life.rupture_h
    dead = since_rupture >= 0
    return Condition(
        dead=dead,
        injury=_smoothstep(1 + since_rupture / kinetics["swelling_h"]),
        decay=1 - np.exp(-since_rupture / kinetics["decay_h"]) if dead else 0.0,
        uptake=1 - np.exp(-since_rupture / kinetics["uptake_h"]) if dead else 0.0,
        rounding=_smoothstep(1 + (time_h - life.division_h) / kinetics["rounding_h"]),
        growth=1 - 0.37 * np.exp(-(time_h - life.birth_h) / kinetics["regrowth_h"]),
    )


def _smoothstep(x: float) -> float:
    x = min(max(x, 0.0), 1.0)
    return x * x * (3 - 2 * x)
