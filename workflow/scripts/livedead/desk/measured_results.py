"""Numbers a run found: scores of nuclei, times of death, growth of stained and unstained cells, speed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .evidence import Evidence, Measured, NotMeasured

Measurement = Callable[[Evidence, str], Measured]


def _score(name: str) -> Measurement:
    """Make the measurement of a score over all nuclei of the test films."""

    def measure(evidence: Evidence, cohort: str) -> Measured:
        rows = evidence.table("scores", cohort)
        # Most scores are over the nuclei that were seen, of one state or both.
        missed = next((row["value"] for row in rows if (row["score"], row["subset"]) == ("missed", "all")), None)
        for row in rows:
            if (row["score"], row["subset"]) == (name, "all"):
                if row["value"] is None:
                    raise NotMeasured(f"the test films of {cohort} have no nuclei for {name}")
                counted = f"{row['nuclei']} nuclei of both states in {row['sequences']} films"
                counted += f", {missed:g} of them missed" if missed else ""
                if row["low"] is None or row["high"] is None:
                    return Measured(row["value"], counted)
                return Measured(row["value"], f"{row['low']:.3g} to {row['high']:.3g} by bootstrap, {counted}")
        raise NotMeasured(f"the scores of {cohort} do not tell {name}")

    return measure


def mean_f1(evidence: Evidence, cohort: str) -> Measured:
    """Mean F1 of live and dead nuclei; a mean over one state alone is none."""
    for state in ("live", "dead"):
        _score(f"f1_{state}_matched")(evidence, cohort)
    return _score("macro_f1_matched")(evidence, cohort)


def sum_of_table_row(evidence: Evidence, cohort: str) -> Measured:
    """Sum of the live nuclei's entries of the confusion table."""
    entries = [_score(name)(evidence, cohort).value for name in ("live_as_live", "live_as_dead")]
    # The tables have six digits.
    return Measured(round(sum(entries), 5), "live nuclei called live or dead")


def confluence_spread(evidence: Evidence, cohort: str) -> Measured:
    """Largest difference of the mean F1 between films of two confluences."""
    rows = evidence.table("confluences", cohort)
    found = {row["confluence"]: row["macro_f1"] for row in rows if None not in (row["confluence"], row["macro_f1"])}
    if len(found) < 2:
        raise NotMeasured(f"the test films of {cohort} have fewer than two confluences with a score")
    words = ", ".join(f"{name} {value:.3g}" for name, value in found.items())
    return Measured(max(found.values()) - min(found.values()), words)


def half_dead_h(evidence: Evidence, cohort: str) -> Measured:
    """Time at which half of the predicted nuclei of all test films are dead, between two frames by a line."""
    counts: dict[float, list[int]] = {}
    for row in evidence.table("viability", cohort):
        if row["source"] == "prediction":
            dead_and_all = counts.setdefault(row["time_h"], [0, 0])
            dead_and_all[0] += row["dead_nuclei"]
            dead_and_all[1] += row["dead_nuclei"] + row["live_nuclei"]
    shares = [(time, dead / both) for time, (dead, both) in sorted(counts.items()) if both]
    if not shares:
        raise NotMeasured(f"no nucleus was predicted in the test films of {cohort}")
    if shares[0][1] >= 0.5:
        return Measured(None, f"more than half are dead at the start, {shares[0][0]:g} h")
    for (before, low), (after, high) in zip(shares, shares[1:], strict=False):
        if high >= 0.5:
            return Measured(before + (after - before) * (0.5 - low) / (high - low), "half of the nuclei dead")
    return Measured(None, f"fewer than half are dead at {shares[-1][0]:g} h")


def _of_run(quantity: str, end: str) -> Measurement:
    """Make the measurement of an end of the longest run of significant times, tested as in the paper."""

    def measure(evidence: Evidence, cohort: str) -> Measured:
        rows = evidence.table("intervals", cohort)
        row = next((row for row in rows if (row["quantity"], row["method"]) == (quantity, "pooled")), None)
        if row is None:
            raise NotMeasured(f"the intervals of {cohort} do not tell {quantity}")
        words = f"{row['points']} times in a row" + (f"; {row['note']}" if row["note"] else "")
        if evidence.origin(cohort) == "simulated":
            words += "; found again, not discovered: the simulated arms are set to differ in a window"
        return Measured(row[end], row["note"] or "no significant time" if row[end] is None else words)

    return measure


def tested_times(evidence: Evidence, cohort: str) -> Measured:
    """Times at which the areas of both arms are compared."""
    rows = [row for row in evidence.table("comparisons", cohort) if row["quantity"] == "area"]
    return Measured(len(rows), "the start is left out, where every cell has the value 1")


def significance_level(evidence: Evidence, cohort: str) -> Measured:
    """Level that parts the times called significant from the others: the largest p of those that were."""
    rows = [row for row in evidence.table("comparisons", cohort) if row["p_pooled"] is not None]
    called = [row["p_pooled"] for row in rows if row["significant_pooled"]]
    others = [row["p_pooled"] for row in rows if not row["significant_pooled"]]
    if not called:
        return Measured(None, "no time was called significant")
    least = f", smallest of the others {min(others):.2g}" if others else ""
    return Measured(max(called), f"largest p of {len(called)} times called significant{least}")


def _kept(condition: str) -> Measurement:
    """Make the measurement of how many cells of an arm the comparison is made on."""

    def measure(evidence: Evidence, cohort: str) -> Measured:
        rows = [row for row in evidence.table("arms", cohort) if row["condition"] == condition]
        return Measured(sum(row["kept"] for row in rows), f"of {sum(row['eligible'] for row in rows)} at the start")

    return measure


def peak_lead_h(evidence: Evidence, cohort: str) -> Measured:
    """Time of the largest mean area of stained cells after that of unstained ones; below 0 they peak earlier."""
    rows = [row for row in evidence.table("timecourses", cohort) if row["quantity"] == "area"]
    peaks: dict[str, Any] = {}
    for condition in ("stained", "unstained"):
        known = [row for row in rows if row["condition"] == condition and row["mean"] is not None]
        if not known:
            raise NotMeasured(f"{cohort} has no mean area of {condition} cells")
        peaks[condition] = max(known, key=lambda row: row["mean"])["time_h"]
    return Measured(
        peaks["stained"] - peaks["unstained"],
        f"largest at {peaks['stained']:g} h with dyes, {peaks['unstained']:g} h without",
    )


def hazard_ratio(evidence: Evidence, cohort: str) -> Measured:
    """Hazard of death of stained over unstained cells (Cox regression): the low end of its interval."""
    row = next((row for row in evidence.table("models", cohort) if row["analysis"] == "cox"), None)
    if row is None or row["estimate"] is None:
        raise NotMeasured((row or {}).get("note") or f"the models of {cohort} hold no Cox regression")
    words = f"low end of {row['low']:.3g} to {row['high']:.3g} around {row['estimate']:.3g}, {row['n_cells']} cells"
    return Measured(row["low"], words)


def _rate(column: str) -> Measurement:
    """Make the measurement of the speed from interferograms to the live/dead map."""

    def measure(evidence: Evidence, cohort: str) -> Measured:
        row = next((row for row in evidence.table("rates", cohort) if row["step"] == "both"), None)
        if row is None:
            raise NotMeasured(f"the frame rate of {cohort} does not tell phase and network together")
        size = f"{row['height_px']} x {row['width_px']} pixels"
        return Measured(row[column], f"phase and {row['network']}, {size}, {row['threads']} threads of {row['device']}")

    return measure


MEASUREMENTS: dict[str, Measurement] = {
    "mean_f1": mean_f1,
    "accuracy": _score("accuracy"),
    "live_sensitivity": _score("live_as_live"),
    "dead_sensitivity": _score("dead_as_dead"),
    "sum_of_table_row": sum_of_table_row,
    "confluence_spread": confluence_spread,
    "half_dead_h": half_dead_h,
    "area_from_h": _of_run("area", "from_h"),
    "area_to_h": _of_run("area", "to_h"),
    "mass_from_h": _of_run("dry_mass", "from_h"),
    "mass_to_h": _of_run("dry_mass", "to_h"),
    "tested_times": tested_times,
    "significance_level": significance_level,
    "stained_cells": _kept("stained"),
    "unstained_cells": _kept("unstained"),
    "peak_lead_h": peak_lead_h,
    "hazard_ratio": hazard_ratio,
    "frames_per_second": _rate("frames_per_second"),
    "ms_per_frame": _rate("ms_per_frame"),
}
"""Measurement by name: function of the evidence and a cohort."""
