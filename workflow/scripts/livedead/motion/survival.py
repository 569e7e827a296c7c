"""Time to death of the cells that begin alive: Kaplan-Meier curves, log-rank test and Cox regression."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from ..desk.errors import DataError
from .growth import ARMS, well_names
from .wells import MODEL_COLUMNS

SURVIVAL_COLUMNS = ["condition", "time_h", "at_risk", "deaths", "censored", "lost", "survival", "low", "high", "note"]
QUANTITY = "time_to_death"
CAUTION = "every cell taken as independent, wells ignored"


@dataclass(frozen=True)
class Survival:
    """Times to death of the cells of a cohort that begin alive.

    Attributes
    ----------
    duration_h : numpy.ndarray
        (N,) time from the start to death or to the last sight of the cell.
    died : numpy.ndarray
        (N,) bool, death was seen; else the cell is censored at `duration_h`.
    lost : numpy.ndarray
        (N,) bool, censored before the film ended.
    condition, well : numpy.ndarray
        (N,) text.
    start_h : float
        Time of the first frame.
    dead_at_start : int
        Further cells that begin dead, so that nothing is left to see.
    """

    duration_h: np.ndarray
    died: np.ndarray
    lost: np.ndarray
    condition: np.ndarray
    well: np.ndarray
    start_h: float
    dead_at_start: int


def collect_survival(films: Sequence[Mapping[str, Any]], lives: Sequence[Mapping[str, Any]]) -> Survival:
    """Find the time to death of every track that begins in the first frame and alive, kept or not.

    Parameters
    ----------
    films : sequence of mapping
        sequence, condition, replicate, well of every film.
    lives : sequence of mapping
        Rows sequence, track, start_h, end_h, begins_at_start, ends_with_film, death_h, death_observed.

    Returns
    -------
    Survival
        Without any such track, with no cells.

    Raises
    ------
    DataError
        If a death has no time, or lies outside of its track.
    """
    arm = {film["sequence"]: film["condition"] for film in films if film["condition"] in ARMS}
    wells = well_names(films)
    tracks = [row for row in lives if row["sequence"] in arm and row["begins_at_start"]]
    rows = []
    for row in tracks:
        if row["death_observed"]:
            death = row["death_h"]
            if death is None or not row["start_h"] - 1e-6 <= death <= row["end_h"] + 1e-6:
                raise DataError(
                    f"{row['sequence']}: track {row['track']} dies at {death} h (wanted a time between its start "
                    f"{row['start_h']} h and its end {row['end_h']} h)"
                )
            if death <= row["start_h"]:
                continue
        rows.append(row)
    died = np.array([bool(row["death_observed"]) for row in rows], bool)
    last = [row["death_h"] if row["death_observed"] else row["end_h"] for row in rows]
    return Survival(
        duration_h=np.array([end - row["start_h"] for end, row in zip(last, rows, strict=True)], float),
        died=died,
        lost=~died & ~np.array([bool(row["ends_with_film"]) for row in rows], bool),
        condition=np.array([arm[row["sequence"]] for row in rows], object),
        well=np.array([wells[row["sequence"]] for row in rows], object),
        start_h=min((row["start_h"] for row in tracks), default=0.0),
        dead_at_start=len(tracks) - len(rows),
    )


def survival_curves(cells: Survival, confidence: float) -> list[dict[str, Any]]:
    """Estimate the part of the cells alive against time (Kaplan & Meier 1958).

    Parameters
    ----------
    cells : Survival
        Times to death.
    confidence : float
        Coverage of the interval (of log(-log S), which stays between 0 and 1).

    Returns
    -------
    list of dict
        Rows with `SURVIVAL_COLUMNS`: the start, and every time at which a cell of the arm died or was last seen.
        An arm without cells has one row that says so.
    """
    z = norm.isf((1 - confidence) / 2)
    rows = []
    for arm in ARMS:
        members = cells.condition == arm
        duration, died, lost = cells.duration_h[members], cells.died[members], cells.lost[members]
        blank = dict.fromkeys(SURVIVAL_COLUMNS) | {"condition": arm, "time_h": float(cells.start_h)}
        if not len(duration):
            rows.append(
                blank | {"at_risk": 0, "deaths": 0, "censored": 0, "lost": 0, "note": "no cell alive at the start"}
            )
            continue
        curve = SurvfuncRight(duration, died.astype(float))
        for time in np.union1d(0.0, duration):
            place = np.searchsorted(curve.surv_times, time, side="right") - 1
            row = blank | {"time_h": float(cells.start_h + time), "at_risk": int((duration >= time).sum())}
            row |= {"deaths": int((died & (duration == time)).sum())}
            row |= {"censored": int((~died & (duration == time)).sum()), "lost": int((lost & (duration == time)).sum())}
            alive = float(curve.surv_prob[place]) if place >= 0 else 1.0
            row["survival"] = alive
            if 0 < alive < 1:
                # Kalbfleisch & Prentice, The Statistical Analysis of Failure Time Data, 2002, eq. 1.13.
                spread = z * float(curve.surv_prob_se[place]) / (alive * np.log(alive))
                row |= {"low": float(alive ** np.exp(-spread)), "high": float(alive ** np.exp(spread))}
            else:
                row["note"] = "no interval where all or none are alive"
            rows.append(row)
    return rows


def compare_survival(cells: Survival, confidence: float) -> list[dict[str, Any]]:
    """Compare the times to death of both arms: log-rank test and Cox regression.

    The cells lost before the end are censored there; as their loss may have been death, the same tests are made
    with every loss counted as a death.

    Parameters
    ----------
    cells : Survival
        Times to death.
    confidence : float
        Coverage of the interval of the hazard ratio.

    Returns
    -------
    list of dict
        Rows with `livedead.motion.wells.MODEL_COLUMNS`. The estimate of the Cox rows is the hazard ratio,
        stained over unstained (Efron's method for ties, as deaths are seen at frames only).
    """
    rows = []
    wells = None if None in cells.well else len(set(zip(cells.condition, cells.well, strict=True)))
    blank = dict.fromkeys(MODEL_COLUMNS) | {"quantity": QUANTITY, "n_cells": len(cells.died), "n_wells": wells}
    stained = cells.condition == ARMS[0]
    for suffix, died in (("", cells.died), ("_loss_as_death", cells.died | cells.lost)):
        names = [f"log_rank{suffix}", f"cox{suffix}"]
        deaths = [int(died[stained].sum()), int(died[~stained].sum())]
        sizes = [int(stained.sum()), int((~stained).sum())]
        counts = f"{deaths[0]} of {sizes[0]} stained and {deaths[1]} of {sizes[1]} unstained cells died"
        if cells.dead_at_start:
            counts += f", {cells.dead_at_start} more were dead at the start"
        note = f"{counts}; {CAUTION}"
        if min(sizes) < 2 or sum(deaths) == 0:
            rows += [blank | {"analysis": name, "note": f"{counts}: no test"} for name in names]
            continue
        rows.append(blank | _log_rank(cells.duration_h, died, stained, note) | {"analysis": names[0]})
        rows.append(blank | _cox(cells.duration_h, died, stained, confidence, note) | {"analysis": names[1]})
    return rows


def _log_rank(duration: np.ndarray, died: np.ndarray, stained: np.ndarray, note: str) -> dict[str, Any]:
    """Test whether the arms die alike."""
    try:
        statistic, p = survdiff(duration, died.astype(float), stained.astype(int))
    except np.linalg.LinAlgError:
        # No variance: at every death only one arm was watched, or nobody outlived it.
        return {"note": f"no death with cells of both arms at risk and a survivor, so no test; {note}"}
    return {"statistic": float(statistic), "df": 1, "p": float(p), "note": note}


def _cox(duration: np.ndarray, died: np.ndarray, stained: np.ndarray, confidence: float, note: str) -> dict[str, Any]:
    """Fit the hazard ratio of the stained to the unstained cells."""
    if not (died & stained).any() or not (died & ~stained).any():
        return {"converged": False, "note": f"no death in one arm, so no hazard ratio; {note}"}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", FutureWarning)
        model = PHReg(duration, stained.astype(float)[:, np.newaxis], status=died.astype(float), ties="efron")
        fit = model.fit()
    low, high = np.exp(fit.conf_int(alpha=1 - confidence)[0])
    numbers = [np.exp(fit.params[0]), low, high, fit.tvalues[0], fit.pvalues[0]]
    if caught or not np.isfinite(numbers).all():
        why = str(caught[-1].message).split("\n")[0].rstrip(".") if caught else "an estimate is not finite"
        return {"converged": False, "note": f"Cox regression failed: {why}; {note}"}
    names = ("estimate", "low", "high", "statistic", "p")
    return dict(zip(names, map(float, numbers), strict=True)) | {"converged": True, "note": note}
