"""Scores of several trainings side by side, for the comparisons of Supplementary Note 5."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from .records import match_sequence

#: Column of the comparison -> score of the object-wise table, all nuclei.
OBJECT_SCORES = {
    "macro_f1": "macro_f1_matched",
    "f1_live": "f1_live_matched",
    "f1_dead": "f1_dead_matched",
    "macro_f1_inclusive": "macro_f1_inclusive",
    "missed_fraction": "missed_fraction",
}

# fmt: off
VARIANT_COLUMNS = [
    "variant", "encoder", "start", "loss", "training_fraction", "training_films", "training_frames", "crop_px",
    "batch_size", "steps", "best_epoch", "macro_f1", "macro_f1_low", "macro_f1_high", "f1_live", "f1_dead",
    "macro_f1_inclusive", "missed_fraction", "pixel_f1", "test_films", "nuclei", "reason",
]
# fmt: on


def match_film(
    phase: Any, truth: Sequence[np.ndarray], instances: Sequence[np.ndarray], predicted: Mapping[str, Any], **place: Any
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], np.ndarray]:
    """
    Match a predicted film where only scores are wanted.

    Parameters
    ----------
    phase : sequence of numpy.ndarray
        Frames (1, Y, X) with `info.pixel_size_um`.
    truth, instances : sequence of numpy.ndarray
        Frames (1, Y, X): true labels and true nuclei.
    predicted : mapping
        semantic, probability and channels.
    **place
        sequence and min_coverage, as for `livedead.cells.records.match_sequence`.

    Returns
    -------
    tuple
        Matches, spurious components and pixel counts, see `livedead.cells.records.match_sequence`; times are
        frame numbers and no phase is measured, since no score needs either.
    """
    return match_sequence(
        truth,
        instances,
        phase=phase,
        times_h=range(len(phase)),
        pixel_size_um=phase.info.pixel_size_um,
        phase_in_rad=False,
        **predicted,
        **place,
    )


def comparison_rows(
    variants: Sequence[Mapping[str, Any]], trained: Sequence[tuple[Mapping, Sequence[Mapping], Sequence[Mapping]]]
) -> list[dict[str, Any]]:
    """
    List the variants of a comparison with their scores, those without a training with the reason.

    Parameters
    ----------
    variants : sequence of mapping
        variant, encoder, start, loss, training_fraction, training_films and reason (None for a trained one), in
        the order wanted.
    trained : sequence of tuple
        Of every trained variant, in the same order: model card, rows of `livedead.cells.scores.score_rows` and
        rows of `livedead.cells.pixels.pixel_scores`.

    Returns
    -------
    list of dict
        Rows of `VARIANT_COLUMNS`, one per variant; steps are those of the whole training, pixel_f1 is the mean
        of the three classes.
    """
    found = iter(trained)
    rows = [dict(v) | ({} if v["reason"] else _scored(*next(found))) for v in variants]
    return [{name: row.get(name) for name in VARIANT_COLUMNS} for row in rows]


def _scored(card: Mapping, scores: Iterable[Mapping], pixels: Iterable[Mapping]) -> dict[str, Any]:
    by_name = {row["score"]: row for row in scores if row["subset"] == "all"}
    mean = by_name["macro_f1_matched"]
    settings, frames = card["settings"], card["data"]["training"]["frames"]
    row = {name: by_name[score]["value"] for name, score in OBJECT_SCORES.items()}
    return row | {
        "training_frames": frames,
        "crop_px": settings["crop_px"],
        "batch_size": settings["batch_size"],
        # No steps given: one crop of every frame per epoch.
        "steps": settings["epochs"] * (settings["steps_per_epoch"] or max(1, frames // settings["batch_size"])),
        "best_epoch": card["scores"]["best_epoch"],
        "macro_f1_low": mean["low"],
        "macro_f1_high": mean["high"],
        "pixel_f1": next(row["f1"] for row in pixels if row["class"] == "mean"),
        "test_films": mean["sequences"],
        "nuclei": mean["nuclei"],
    }
