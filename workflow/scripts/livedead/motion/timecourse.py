"""Mean growth of each arm against time with its standard error, as in Fig. 5."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from statsmodels.stats.weightstats import DescrStatsW

from .growth import ARMS, Growth

TIMECOURSE_COLUMNS = [
    "quantity",
    "condition",
    "time_h",
    "n",
    "wells",
    "mean",
    "standard_error",
    "low",
    "high",
    "wavelength_nm",
    "refraction_increment",
    "halo_correction",
    "note",
]

# Column here -> column of the tables of tracks: what the dry mass was computed with.
MASS_CONDITIONS = {
    "wavelength_nm": "wavelength_nm",
    "refraction_increment": "refraction_increment_um3_per_pg",
    "halo_correction": "halo_correction",
}


def mass_conditions(tracks: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Say how the dry mass of all films was measured.

    Parameters
    ----------
    tracks : iterable of mapping
        Rows of the tables of tracks.

    Returns
    -------
    dict
        wavelength_nm, refraction_increment, halo_correction; several values, where films differ, as text with
        commas.
    """
    found: dict[str, dict[Any, None]] = {name: {} for name in MASS_CONDITIONS}
    for row in tracks:
        for name, column in MASS_CONDITIONS.items():
            found[name].setdefault(row[column])
    several = {name: ", ".join(map(str, values)) for name, values in found.items()}
    return {name: next(iter(values)) if len(values) == 1 else several[name] for name, values in found.items()}


def time_course(growth: Growth, confidence: float, measured: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Average the cells of each arm at every time.

    Parameters
    ----------
    growth : Growth
        Values relative to the start.
    confidence : float
        Coverage of the interval of the mean (Student's t), 0..1.
    measured : mapping
        Result of `mass_conditions`, written beside the dry mass.

    Returns
    -------
    list of dict
        Rows with `TIMECOURSE_COLUMNS`; n cells in wells seen at that time, standard_error with n - 1 degrees
        of freedom, None with fewer than two cells. wells is None where the sheet names none.
    """
    beside = measured if growth.quantity == "dry_mass" else dict.fromkeys(measured)
    rows = []
    for arm in ARMS:
        members = growth.condition == arm
        for column, time in enumerate(growth.times_h):
            seen = members & np.isfinite(growth.values[:, column])
            values, wells = growth.values[seen, column], set(growth.well[seen])
            numbers = dict.fromkeys(("mean", "standard_error", "low", "high"))
            note = None
            if len(values) > 1:
                sample = DescrStatsW(values)
                low, high = sample.tconfint_mean(alpha=1 - confidence)
                numbers = {"mean": sample.mean, "standard_error": sample.std_mean, "low": low, "high": high}
            elif len(values) == 1:
                numbers["mean"], note = values[0], "one cell: no standard error"
            else:
                note = "no cell"
            row = {"quantity": growth.quantity, "condition": arm, "time_h": float(time), "n": len(values)}
            row |= {"wells": None if None in wells else len(wells)} | numbers | dict(beside)
            rows.append(row | {"note": note})
    return rows
