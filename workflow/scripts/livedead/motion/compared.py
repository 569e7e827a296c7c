"""All tables of the comparison of stained and unstained cells of a cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .arms import ARM_COLUMNS, count_arms
from .comparison import COMPARISON_COLUMNS, compare_times
from .growth import collect_growth, filmed_wells
from .headline import HEADLINE_COLUMNS, headline_rows
from .intervals import INTERVAL_COLUMNS, cluster_rows, longest_runs
from .survival import SURVIVAL_COLUMNS, collect_survival, compare_survival, survival_curves
from .timecourse import TIMECOURSE_COLUMNS, mass_conditions, time_course
from .wells import MODEL_COLUMNS, compare_wells

#: Name of each table -> its columns.
TABLES = {
    "timecourse": TIMECOURSE_COLUMNS,
    "comparison": COMPARISON_COLUMNS,
    "intervals": INTERVAL_COLUMNS,
    "models": MODEL_COLUMNS,
    "survival": SURVIVAL_COLUMNS,
    "arms": ARM_COLUMNS,
    "headline": HEADLINE_COLUMNS,
}


def compare_arms(
    films: Sequence[Mapping[str, Any]],
    tracks: Sequence[Mapping[str, Any]],
    lives: Sequence[Mapping[str, Any]],
    settings: Mapping[str, Any],
    *,
    data: str,
    seed: int,
) -> dict[str, list[dict[str, Any]]]:
    """Compare the stained and the unstained cells of a cohort.

    Parameters
    ----------
    films : sequence of mapping
        sequence, condition, replicate, well of every film.
    tracks, lives : sequence of mapping
        Rows of `livedead.motion.tracks.TRACK_COLUMNS` and of `livedead.motion.lives.LIFE_COLUMNS` of all films.
    settings : mapping
        Section `compare` of the configuration.
    data : {"simulated", "real", "mixed"}
        What the films are.
    seed : int
        Root of the rearrangements.

    Returns
    -------
    dict
        Rows of every table of `TABLES`.

    Raises
    ------
    DataError
        If tables do not belong together or films have different times.
    """
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    confidence, resamples = settings["confidence"], settings["resamples"]
    test = {name: settings[name] for name in ("scale", "significance")}
    wells, measured = filmed_wells(films), mass_conditions(tracks)
    growths = collect_growth(films, tracks, lives)
    tables["comparison"] = compare_times(growths.values(), confidence=confidence, **test)
    clusters = cluster_rows(growths.values(), resamples=resamples, seed=seed, **test)
    for quantity, growth in growths.items():
        tables["timecourse"] += time_course(growth, confidence, measured)
        rows = [row for row in tables["comparison"] if row["quantity"] == quantity]
        tables["intervals"] += longest_runs(quantity, rows, settings["significance"])
        tables["intervals"] += [row for row in clusters if row["quantity"] == quantity]
        window = settings["summary_window_h"][quantity]
        tables["models"] += compare_wells(
            growth, wells, window_h=window, confidence=confidence, resamples=resamples, seed=seed
        )
    cells = collect_survival(films, lives)
    tables["models"] += compare_survival(cells, confidence)
    tables["survival"] = survival_curves(cells, confidence)
    tables["arms"] = count_arms(films, tracks, lives)
    tables["headline"] = headline_rows(tables["arms"], tables["intervals"], data)
    return tables
