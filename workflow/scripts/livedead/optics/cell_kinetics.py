"""What changes in a simulated cell: injury, condensation, rupture, loss of mass, division, swelling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .swelling import Pace, smoothstep, swelling_factors


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
    apoptosis_h : float or None
        Time from the first shrinking to the rupture of a cell that dies by apoptosis; None: by necrosis.
    pace : Pace
        The cell's own course of swelling.
    """

    birth_h: float = -np.inf
    rupture_h: float = np.inf
    division_h: float = np.inf
    detachment_h: float = np.inf
    apoptosis_h: float | None = None
    pace: Pace = Pace()

    def onset_h(self, kinetics: dict) -> float:
        """Time at which the cell begins to die: to swell, or to shrink."""
        return self.rupture_h - (kinetics["swelling_h"] if self.apoptosis_h is None else self.apoptosis_h)


@dataclass(frozen=True)
class Condition:
    """State of one cell at one time; numbers run from 0 to 1 unless they are factors.

    Attributes
    ----------
    dead : bool
        The membrane is ruptured: the truth that NucGreen reports.
    injury : float
        Before rupture: swelling and blebbing (necrosis), or shrinking and blebbing (apoptosis); then 1.
    decay : float
        Loss of mass, dissolution of nucleoli and clumping of chromatin after rupture.
    uptake : float
        NucGreen taken up by the nucleus.
    rounding : float
        Rounding before division.
    growth : float
        Factor of size relative to a grown cell after birth by division.
    apoptotic : bool
        The cell has begun to die by apoptosis.
    condensation, fragmentation : float
        How far the nucleus of an apoptotic cell has shrunk, and then broken.
    area_factor, mass_factor : float
        Areas, and dry mass over the nucleus, relative to those of the cell when it is not swollen.
    """

    dead: bool
    injury: float
    decay: float
    uptake: float
    rounding: float
    growth: float
    apoptotic: bool = False
    condensation: float = 0.0
    fragmentation: float = 0.0
    area_factor: float = 1.0
    mass_factor: float = 1.0

    @property
    def condensed(self) -> bool:
        """Whether the eye sees a condensed or broken nucleus: dead by its shape, whatever the membrane says."""
        return self.condensation > 0.5


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
    since_rupture, since_onset = time_h - life.rupture_h, time_h - life.onset_h(kinetics)
    dead = since_rupture >= 0
    decay = 1 - np.exp(-since_rupture / kinetics["decay_h"]) if dead else 0.0
    # A ruptured membrane holds no more water back.
    area, mass = (
        1 + (factor - 1) * (1 - decay) for factor in swelling_factors(time_h, kinetics["swelling"], life.pace)
    )
    course = _apoptosis(since_onset, kinetics["apoptosis"]) if life.apoptosis_h is not None else {}
    return Condition(
        **{"injury": smoothstep(1 + since_rupture / kinetics["swelling_h"])} | course,
        dead=dead,
        decay=decay,
        uptake=1 - np.exp(-since_rupture / kinetics["uptake_h"]) if dead else 0.0,
        rounding=smoothstep(1 + (time_h - life.division_h) / kinetics["rounding_h"]),
        growth=1 - 0.37 * np.exp(-(time_h - life.birth_h) / kinetics["regrowth_h"]),
        area_factor=area,
        mass_factor=mass,
    )


def _apoptosis(since_onset_h: float, durations: dict) -> dict:
    """Stages of apoptosis, one after the other; the nucleus begins to condense while the cell still shrinks."""
    condensing_h = since_onset_h - durations["retraction_h"] / 2
    return {
        "apoptotic": since_onset_h > 0,
        "injury": smoothstep(since_onset_h / durations["retraction_h"]),
        "condensation": smoothstep(condensing_h / durations["condensation_h"]),
        "fragmentation": smoothstep((condensing_h - durations["condensation_h"]) / durations["fragmentation_h"]),
    }
