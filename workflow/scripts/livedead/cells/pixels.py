"""Pixel-wise table and scores, background included."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ..desk.errors import DataError
from .semantic import BACKGROUND, DEAD, LIVE

#: Classes in the order of the values on disk.
CLASSES = {BACKGROUND: "background", LIVE: "live", DEAD: "dead"}


def pixel_table(truth: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """
    Count pixels by true and predicted class.

    Parameters
    ----------
    truth, predicted : numpy.ndarray
        (Y, X) maps, 0 background, 1 live, 2 dead.

    Returns
    -------
    numpy.ndarray
        (3, 3) int64, rows truth, columns prediction, in the order background, live, dead.

    Raises
    ------
    DataError
        If the maps differ in shape or hold other values.
    """
    if truth.shape != predicted.shape:
        raise DataError(f"the true map is {truth.shape}, the predicted one {predicted.shape}: wanted one grid")
    if max(truth.max(initial=0), predicted.max(initial=0)) > DEAD:
        raise DataError("a label map holds values above 2: wanted 0 background, 1 live, 2 dead")
    return np.bincount((truth.astype(np.intp) * 3 + predicted).ravel(), minlength=9).reshape(3, 3)


def pixel_rows(table: np.ndarray) -> list[dict[str, Any]]:
    """
    Write a pixel table as rows.

    Parameters
    ----------
    table : numpy.ndarray
        (3, 3) counts from `pixel_table`.

    Returns
    -------
    list of dict
        true, predicted (class names) and pixels.
    """
    return [{"true": CLASSES[t], "predicted": CLASSES[p], "pixels": int(table[t, p])} for t in CLASSES for p in CLASSES]


def sum_pixel_rows(rows: Iterable[Mapping[str, Any]]) -> np.ndarray:
    """
    Add up pixel tables written as rows.

    Parameters
    ----------
    rows : iterable of mapping
        Rows of `pixel_rows` of any number of sequences.

    Returns
    -------
    numpy.ndarray
        (3, 3) int64 counts, rows truth, columns prediction.
    """
    value = {name: number for number, name in CLASSES.items()}
    table = np.zeros((3, 3), dtype=np.int64)
    for row in rows:
        table[value[row["true"]], value[row["predicted"]]] += row["pixels"]
    return table


def pixel_scores(table: np.ndarray) -> list[dict[str, Any]]:
    """
    Score a pixel table class by class.

    The row "nucleus" takes live and dead together against the background: its F1 is the Dice score of the
    nuclei. The last row is the plain mean of the three classes, as the authors report it.

    Parameters
    ----------
    table : numpy.ndarray
        (3, 3) counts, rows truth, columns prediction, in the order background, live, dead.

    Returns
    -------
    list of dict
        class, to_background, to_live, to_dead (fractions of the true class), precision, recall, f1, iou and
        pixels. A class without true and predicted pixels has NaN and stays out of the mean.
    """
    hits = np.diag(table).astype(float)
    true, called = table.sum(axis=1).astype(float), table.sum(axis=0).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        fractions = table / true[:, None]
        scores = {
            "precision": hits / called,
            "recall": hits / true,
            "f1": 2 * hits / (true + called),
            "iou": hits / (true + called - hits),
        }
    rows = [
        {"class": name}
        | {f"to_{other}": float(fractions[i, j]) for j, other in CLASSES.items()}
        | {score: float(values[i]) for score, values in scores.items()}
        | {"pixels": int(true[i])}
        for i, name in CLASSES.items()
    ]
    mean = {score: _mean(values) for score, values in scores.items()}
    return [*rows, _nucleus_row(table), {"class": "mean"} | mean | {"pixels": int(true.sum())}]


def _nucleus_row(table: np.ndarray) -> dict[str, Any]:
    """Score nuclei of either state against the background."""
    hits, true, called = table[1:, 1:].sum(), table[1:].sum(), table[:, 1:].sum()
    parts = {
        "precision": (hits, called),
        "recall": (hits, true),
        "f1": (2 * hits, true + called),
        "iou": (hits, true + called - hits),
    }
    scores = {score: float(part / whole) if whole else float("nan") for score, (part, whole) in parts.items()}
    return {"class": "nucleus"} | scores | {"pixels": int(true)}


def _mean(values: np.ndarray) -> float:
    """Average the defined values."""
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if defined.size else float("nan")
