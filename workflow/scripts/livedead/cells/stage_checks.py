"""Every stage judged by its numbers against the simulator's truth."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..desk.errors import CheckError
from ..optics.drymass import dry_mass_pg
from ..optics.phantoms import phantom_mass_pg

CHECK_COLUMNS = ["check", "value", "unit", "threshold", "direction", "passed"]
# What a simulated film is for: cells as in an experiment, cells without halo, bodies of known index.
KINDS = ("cells", "no_halo", "bodies")
NO_HALO, BODIES = KINDS[1:]


def judge_stages(
    frames: Sequence[Mapping[str, Any]],
    quality: Sequence[Mapping[str, Any]],
    sides: Sequence[Mapping[str, Any]],
    scores: Mapping[str, Sequence[Mapping[str, Any]]],
    baselines: Mapping[str, Sequence[Mapping[str, Any]]],
    limits: Mapping[str, float],
    cohort_limits: Mapping[str, Mapping[str, float]],
) -> list[dict[str, Any]]:
    """Judge simulation, phase, labels, split, and the network's scores.

    Parameters
    ----------
    frames : sequence of mapping
        Rows of `livedead.cells.truth_comparison.check_frames` of all simulated films, with cohort, kind (one
        of `KINDS`), pixel_size_um and wavelength_nm.
    quality : sequence of mapping
        Quality numbers of the phase stage of these films.
    sides : sequence of mapping
        Rows sequence, side of the split of all cohorts.
    scores, baselines : mapping
        For every simulated cohort that a network was tested on, rows score, subset, value; for those that
        trained their own, rows score, value.
    limits, cohort_limits : mapping
        Section `checks` of the configuration, for the whole run and as it holds for every cohort.

    Returns
    -------
    list of dict
        Rows with `CHECK_COLUMNS`.
    """
    of_kind = {kind: [row for row in frames if row["kind"] == kind] for kind in KINDS}
    rows = [
        *_phase_rows(of_kind, quality, limits),
        check_row("split: sequences on two sides", _on_two_sides(sides), "sequences", 0, "at most"),
    ]
    for cohort in dict.fromkeys(row["cohort"] for row in frames):
        own, labelled = cohort_limits[cohort], [row for row in frames if row["cohort"] == cohort]
        if cohort in baselines:
            rows += _simulation_rows(cohort, labelled, own)
        rows += _label_rows(cohort, [row for row in labelled if row["nuclei"] is not None], own)
    for cohort, cohort_scores in scores.items():
        rows += _network_rows(cohort, cohort_scores, baselines.get(cohort), cohort_limits[cohort])
    return rows


def _simulation_rows(
    cohort: str, frames: Sequence[Mapping[str, Any]], limits: Mapping[str, float]
) -> list[dict[str, Any]]:
    dead = [row["true_dead_fraction"] for row in frames if row["true_dead_fraction"] is not None]
    if not dead:
        return []
    name = f"simulate: dead nuclei in the {{}} frame, {cohort}"
    return [
        check_row(name.format("most viable"), min(dead), "1", limits["dead_fraction_low"], "at most"),
        check_row(name.format("least viable"), max(dead), "1", limits["dead_fraction_high"], "at least"),
    ]


def _phase_rows(
    of_kind: Mapping[str, Sequence[Mapping[str, Any]]],
    quality: Sequence[Mapping[str, Any]],
    limits: Mapping[str, float],
) -> list[dict[str, Any]]:
    rows = []
    if of_kind[NO_HALO]:
        error = phase_rms_rad(of_kind[NO_HALO])
        rows.append(check_row("phase: rms error in cells, halo off", error, "rad", limits["phase_rms_rad"], "at most"))
    if of_kind[BODIES]:
        error = body_mass_error(of_kind[BODIES])
        rows.append(
            check_row("phase: dry mass of known bodies, error", error, "1", limits["dry_mass_error"], "at most")
        )
    if of_kind["cells"]:
        cells = of_kind["cells"]
        kept = sum(row["phase_sum_rad"] for row in cells) / sum(row["truth_sum_rad"] for row in cells)
        rows += [
            check_row("phase: rms error in cells, halo on", phase_rms_rad(cells), "rad", None, "reported"),
            check_row("phase: dry mass kept, halo on", kept, "1", None, "reported"),
        ]
    noise = [row["background_opd_noise_nm"] for row in quality if row["background_opd_noise_nm"] is not None]
    if noise:
        worst = max(noise)
        rows.append(check_row("phase: background noise, worst frame", worst, "nm", limits["opd_noise_nm"], "at most"))
    return rows


def _label_rows(cohort: str, frames: Sequence[Mapping[str, Any]], limits: Mapping[str, float]) -> list[dict[str, Any]]:
    nuclei, found, right, invented = (
        sum(row[name] for row in frames) for name in ("nuclei", "found", "right_state", "invented")
    )
    if not nuclei:
        return []
    state = "labels: found nuclei with the right state"
    return [
        check_row(f"labels: true nuclei found, {cohort}", found / nuclei, "1", limits["nuclei_found"], "at least"),
        check_row(f"{state}, {cohort}", right / found if found else math.nan, "1", limits["right_state"], "at least"),
        check_row(
            f"labels: labelled nuclei that are none, {cohort}", invented / nuclei, "1", limits["invented"], "at most"
        ),
    ]


def _on_two_sides(sides: Sequence[Mapping[str, Any]]) -> int:
    seen: dict[str, set[str]] = {}
    for row in sides:
        seen.setdefault(row["sequence"], set()).add(row["side"])
    return sum(len(found) > 1 for found in seen.values())


def _network_rows(
    cohort: str,
    scores: Sequence[Mapping[str, Any]],
    baseline: Sequence[Mapping[str, Any]] | None,
    limits: Mapping[str, float],
) -> list[dict[str, Any]]:
    ours = {row["score"]: row for row in scores if row["subset"] == "all"}
    f1 = _mean_of_both({name: row["value"] for name, row in ours.items()})
    interval, missed = ours["macro_f1_matched"], ours["missed_fraction"]["value"]
    name = f"evaluate: mean object F1, {cohort}"
    rows = [
        check_row(name, f1, "1", limits["macro_f1"], "at least"),
        check_row(f"{name}, low end of the interval", interval["low"], "1", None, "reported"),
        check_row(f"{name}, high end of the interval", interval["high"], "1", None, "reported"),
        check_row(f"evaluate: true nuclei missed, {cohort}", missed, "1", limits["missed"], "at most"),
    ]
    if baseline is None:
        return rows
    simple = _mean_of_both({row["score"]: row["value"] for row in baseline})
    return [
        *rows,
        check_row(f"evaluate: mean F1 of phase and area alone, {cohort}", simple, "1", None, "reported"),
        check_row(f"evaluate: lead of the network over it, {cohort}", f1 - simple, "1", limits["lead"], "at least"),
    ]


def _mean_of_both(scores: Mapping[str, float | None]) -> float:
    """Average the F1 of both states; NaN where one was not scored.

    A mean over the states that occur would let a network pass that never sees a dead nucleus.
    """
    live, dead = scores["f1_live_matched"], scores["f1_dead_matched"]
    return float("nan") if live is None or dead is None else (live + dead) / 2


def body_mass_error(rows: Sequence[Mapping[str, Any]]) -> float:
    """Find the worst relative error of the dry mass of the calibration bodies.

    Parameters
    ----------
    rows : sequence of mapping
        Frames of films of calibration bodies, with pixel_size_um and wavelength_nm.

    Returns
    -------
    float
    """
    increment = 0.2  # cancels in the ratio
    known = phantom_mass_pg(increment)
    masses = [
        dry_mass_pg(
            row["phase_sum_rad"],
            pixel_size_um=row["pixel_size_um"],
            wavelength_nm=row["wavelength_nm"],
            refraction_increment_um3_per_pg=increment,
        )
        for row in rows
    ]
    return max(abs(mass / known - 1) for mass in masses)


def phase_rms_rad(rows: Sequence[Mapping[str, Any]]) -> float:
    """Give the root mean square error (rad) of the phase in cells over frames."""
    return float(np.sqrt(sum(row["squared_error_rad2"] for row in rows) / sum(row["cell_pixels"] for row in rows)))


def check_row(check: str, value: float, unit: str, threshold: float | None, direction: str) -> dict[str, Any]:
    """Judge one number.

    Parameters
    ----------
    check, unit : str
        What is checked, as stage and quantity, and its unit.
    value : float
        Our number.
    threshold : float or None
        Limit; None where the number is reported only.
    direction : {"at most", "at least", "reported"}
        Which side of the threshold is right.

    Returns
    -------
    dict
        A row of the table of stage checks; `passed` is None where the number is reported only. A value that
        is not finite never passes.
    """
    if threshold is None:
        direction = "reported"
    passed = None
    if direction != "reported":
        right = value <= threshold if direction == "at most" else value >= threshold
        passed = bool(np.isfinite(value) and right)
    row = (check, None if value is None else float(value), unit, threshold, direction, passed)
    return dict(zip(CHECK_COLUMNS, row, strict=True))


def refuse_failures(rows: Sequence[Mapping[str, Any]]) -> None:
    """Raise if a stage missed its threshold.

    Raises
    ------
    CheckError
        Naming every failed check with its value and what was wanted.
    """
    failed = [row for row in rows if row["passed"] is False]
    if failed:
        raise CheckError(
            f"{len(failed)} of {len(rows)} stage checks failed: "
            + "; ".join(
                f"{row['check']} = {_value(row)} (wanted {row['direction']} {row['threshold']:g})" for row in failed
            )
            + ". See results/checks/stage_checks.tsv; raise train.epochs or look at the stage's figures"
        )


def _value(row: Mapping[str, Any]) -> str:
    """Write a value with its unit; one that could not be computed stands as NA in the table."""
    return "NA" if row["value"] is None else f"{row['value']:.4g} {row['unit']}"
