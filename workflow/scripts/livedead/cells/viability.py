"""From predicted nuclei to the live fraction of every well at every time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scipy.stats import t as student
from statsmodels.stats.proportion import proportion_confint

from ..desk.errors import DataError
from .mosaic import counted_elsewhere, tile_place
from .plate import groups_of, tiles_filmed, time_key
from .tables import NUCLEUS_COLUMNS

STATES = ("live", "dead", "uncertain")
SHARED, FLAGGED = "shared", "flagged frame"
NO_MASS = "no dry mass: grey image without absolute phase"
LEAST_FIELDS = 3
# fmt: off
COUNTED_COLUMNS = [
    *NUCLEUS_COLUMNS, "call", "replicate", "well", "group", "condition", "tile", "counted", "reason", "note",
]
VIABILITY_COLUMNS = [
    "replicate", "well", "group", "condition", "time_h", "n_live", "n_dead", "live_fraction", "low", "high",
    "n_uncertain", "live_fraction_all", "n_border", "n_shared", "n_excluded", "n_images", "n_flagged",
    "fields_low", "fields_high", "design_effect", "note",
]
# fmt: on


def sure_state(nucleus: Mapping[str, Any], uncertain_below: float) -> str:
    """
    Call a nucleus live or dead, or uncertain where the network hardly prefers its state.

    Parameters
    ----------
    nucleus : mapping
        p_live, p_dead (mean softmax) and state (majority of its pixels).
    uncertain_below : float
        Least share of the state's probability in that of live and dead together, 0..1.

    Returns
    -------
    {"live", "dead", "uncertain"}
    """
    both = nucleus["p_live"] + nucleus["p_dead"]
    share = nucleus[f"p_{nucleus['state']}"] / both if both else 0.0
    return nucleus["state"] if share >= uncertain_below else "uncertain"


def count_nuclei(
    nuclei: Iterable[Mapping[str, Any]],
    fields: Sequence[Mapping[str, Any]],
    frames: Sequence[Mapping[str, Any]],
    *,
    uncertain_below: float,
    tile_overlap: float,
    exclude_flagged: bool,
) -> list[dict[str, Any]]:
    """
    Say of every predicted nucleus which well it belongs to and whether it counts there.

    Parameters
    ----------
    nuclei : iterable of mapping
        Rows of `NUCLEUS_COLUMNS` of all sequences.
    fields : sequence of mapping
        sequence, replicate, well, condition, tile of every sequence.
    frames : sequence of mapping
        Rows of `livedead.cells.plate_quality.QUALITY_COLUMNS`.
    uncertain_below : float
        As for `sure_state`.
    tile_overlap : float
        As for `livedead.cells.mosaic.counted_elsewhere`.
    exclude_flagged : bool
        Whether nuclei of flagged frames are left out of the counts.

    Returns
    -------
    list of dict
        Rows of `COUNTED_COLUMNS`: state may be uncertain, call is what the network said; reason is why a nucleus
        is not counted, note why it has no dry mass.

    Raises
    ------
    DataError
        If a nucleus lies in a frame that is not among `frames`, or two fields of a well have the same tile at
        the same time.
    """
    groups = groups_of(fields)
    by_name = {field["sequence"]: field for field in fields}
    images = {(frame["sequence"], frame["frame"]): frame for frame in frames}
    kept = [frame for frame in frames if not (exclude_flagged and frame["flagged"])]
    filmed = tiles_filmed(fields, groups, kept)
    rows = []
    for nucleus in nuclei:
        name = nucleus["sequence"]
        if (name, nucleus["frame"]) not in images:
            raise DataError(
                f"{name}, frame {nucleus['frame']}: a nucleus, but no such image (wanted tables of one run); remove "
                "the results of that sequence and run again"
            )
        image, field, group = images[name, nucleus["frame"]], by_name[name], groups[name]
        reason = None
        if exclude_flagged and image["flagged"]:
            reason = FLAGGED
        elif tile_overlap and field["tile"] is not None:
            places = filmed[group, time_key(image["time_h"])]
            size, place = (image["height_um"], image["width_um"]), tile_place(field["tile"])
            if counted_elsewhere(nucleus["x_um"], nucleus["y_um"], size, place, places, tile_overlap):
                reason = SHARED
        rows.append(
            {
                **nucleus,
                "state": sure_state(nucleus, uncertain_below),
                "call": nucleus["state"],
                "replicate": group.replicate,
                "well": group.well,
                "group": group.group,
                "condition": group.condition,
                "tile": field["tile"],
                "counted": reason is None,
                "reason": reason,
                "note": NO_MASS if image["phase_unit"] == "grey" else None,
            }
        )
    return rows


def viability_table(
    nuclei: Sequence[Mapping[str, Any]],
    fields: Sequence[Mapping[str, Any]],
    frames: Iterable[Mapping[str, Any]],
    confidence: float,
) -> list[dict[str, Any]]:
    """
    Count live and dead nuclei of every well and time.

    Parameters
    ----------
    nuclei : sequence of mapping
        Rows of `count_nuclei`.
    fields, frames
        As for `count_nuclei`; every time of a frame gives a row.
    confidence : float
        Coverage of the intervals, 0..1.

    Returns
    -------
    list of dict
        Rows of `VIABILITY_COLUMNS` in the order of the fields, then of time. low and high are Wilson's interval,
        which takes nuclei as independent; fields_low and fields_high the one from the spread between fields.

    Raises
    ------
    DataError
        If the counts do not add up to the number of nuclei, or two frames of a film have the same time.
    """
    groups = groups_of(fields)
    images: dict[tuple, list[Mapping]] = {}
    order = {group: number for number, group in enumerate(dict.fromkeys(groups.values()))}
    for frame in frames:
        place = images.setdefault((groups[frame["sequence"]], time_key(frame["time_h"])), [])
        if any(other["sequence"] == frame["sequence"] for other in place):
            raise DataError(
                f"{frame['sequence']}: two frames at {frame['time_h']:g} h (wanted times that differ by a thousandth "
                "of an hour and in their first six digits); correct start_h or frame_interval_min in the sheet"
            )
        place.append(frame)
    counts: dict[tuple, Counter] = {}
    by_field: dict[tuple, dict[str, Counter]] = {}
    for nucleus in nuclei:
        key = groups[nucleus["sequence"]], time_key(nucleus["time_h"])
        count = counts.setdefault(key, Counter())
        count[nucleus["state"] if nucleus["counted"] else nucleus["reason"]] += 1
        if nucleus["counted"]:
            count["border"] += nucleus["touches_border"]
            count[f"called_{nucleus['call']}"] += 1
            of_field = by_field.setdefault(key, {}).setdefault(nucleus["sequence"], Counter())
            of_field[nucleus["state"]] += 1
    rows = []
    for group, time in sorted(images, key=lambda key: (order[key[0]], key[1])):
        count, seen = counts.get((group, time), Counter()), images[group, time]
        live, dead = count["live"], count["dead"]
        low, high = wilson_interval(live, live + dead, confidence)
        called = count["called_live"] + count["called_dead"]
        of_fields = [(c["live"], c["live"] + c["dead"]) for c in by_field.get((group, time), {}).values()]
        fields_low, fields_high, effect = fields_interval(of_fields, confidence)
        values = (
            group.replicate, group.well, group.group, group.condition, seen[0]["time_h"],
            live, dead, live / (live + dead) if live + dead else None, low, high,
            count["uncertain"], count["called_live"] / called if called else None,
            count["border"], count[SHARED], count[FLAGGED], len(seen), sum(frame["flagged"] for frame in seen),
            fields_low, fields_high, effect, _note(group.note, count, live + dead),
        )  # fmt: skip
        rows.append(dict(zip(VIABILITY_COLUMNS, values, strict=True)))
    _add_up(rows, len(nuclei))
    return rows


def wilson_interval(live: int, nuclei: int, confidence: float) -> tuple[float | None, float | None]:
    """
    Find Wilson's score interval of a fraction (Wilson, J. Am. Stat. Assoc. 22:209, 1927).

    Parameters
    ----------
    live, nuclei : int
        Successes and trials.
    confidence : float
        Coverage, 0..1.

    Returns
    -------
    tuple of float
        Low and high end; None without any nucleus.
    """
    if not nuclei:
        return None, None
    low, high = proportion_confint(live, nuclei, alpha=1 - confidence, method="wilson")
    return float(low), float(high)


def fields_interval(
    counts: Sequence[tuple[int, int]], confidence: float
) -> tuple[float | None, float | None, float | None]:
    """
    Find the interval of a live fraction from the spread between the fields of a well.

    Nuclei of one field share what happens there, so they are not independent; fields nearly are. The variance is that
    of a ratio of totals over clusters (Cochran, Sampling Techniques, 1977, section 3.12), with Student's t.

    Parameters
    ----------
    counts : sequence of tuple of int
        Live nuclei, and live and dead nuclei together, of each field.
    confidence : float
        Coverage, 0..1.

    Returns
    -------
    tuple of float
        Low, high, and the design effect: this variance over that of as many independent nuclei. None with fewer than
        three fields that have nuclei, or where the fields do not differ at all.
    """
    counts = [(live, nuclei) for live, nuclei in counts if nuclei]
    number, total = len(counts), sum(nuclei for _, nuclei in counts)
    if number < LEAST_FIELDS:
        return None, None, None
    fraction = sum(live for live, _ in counts) / total
    squares = sum((live - fraction * nuclei) ** 2 for live, nuclei in counts)
    variance = number / (number - 1) * squares / total**2
    if variance < 1e-12:
        return None, None, None
    half = float(student.ppf((1 + confidence) / 2, number - 1)) * math.sqrt(variance)
    return max(fraction - half, 0.0), min(fraction + half, 1.0), variance / (fraction * (1 - fraction) / total)


def _note(note: str | None, count: Counter, decided: int) -> str | None:
    """Say why a field stands by itself, and why there is no fraction."""
    notes = [note] if note else []
    if not decided:
        left_out = count[SHARED] + count[FLAGGED]
        if count["uncertain"]:
            notes.append("no fraction: every counted nucleus is uncertain")
        elif left_out:
            notes.append(f"no fraction: none of {left_out} nuclei is counted here")
        else:
            notes.append("no fraction: no nucleus was found")
    return "; ".join(notes) or None


def _add_up(rows: Iterable[Mapping[str, Any]], nuclei: int) -> None:
    """Refuse a table that has lost or doubled a nucleus."""
    columns = ("n_live", "n_dead", "n_uncertain", "n_shared", "n_excluded")
    found = {column: sum(row[column] for row in rows) for column in columns}
    if sum(found.values()) != nuclei:
        counted = ", ".join(f"{column} {number}" for column, number in found.items())
        raise DataError(
            f"viability: {counted} make {sum(found.values())} (wanted the {nuclei} predicted nuclei); the tables are "
            "of different runs, remove results/viability and run again"
        )
