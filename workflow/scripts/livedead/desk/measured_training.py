"""Numbers of the network and its training as they ran: from the model card and the history of epochs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from .evidence import Evidence, Measured, NotMeasured

Measurement = Callable[[Evidence, str], Measured]

LOG_BASES = {"paper": 2.0, "authors_code": math.e}
"""Base of the logarithm in the variants of the focal loss."""


def _told(evidence: Evidence, cohort: str, *keys: str) -> Any:
    """Look up a value of the model card; a card of an older run may not tell it."""
    found = evidence.table("cards", cohort)
    for key in keys:
        if key not in found:
            raise NotMeasured(f"the model card of {cohort} does not tell {'.'.join(keys)}")
        found = found[key]
    return found


def _of_card(*keys: str, why: str = "") -> Measurement:
    """Make the measurement of a value of the model card."""
    return lambda evidence, cohort: Measured(_told(evidence, cohort, *keys), why)


def decoder_stages(evidence: Evidence, cohort: str) -> Measured:
    """Count the decoder stages the network has."""
    stages = _told(evidence, cohort, "stages")
    return Measured(sum(stage["part"] == "decoder" for stage in stages), "counted in the network")


def classes(evidence: Evidence, cohort: str) -> Measured:
    """Count the output channels of the network."""
    head = _told(evidence, cohort, "stages")[-1]
    return Measured(head["channels"], ", ".join(_told(evidence, cohort, "classes")))


def log_base(evidence: Evidence, cohort: str) -> Measured:
    """Tell the base of the logarithm in the focal loss."""
    variant = _told(evidence, cohort, "ran", "loss", "variant")
    return Measured(LOG_BASES[variant], f"the loss of the variant {variant}")


def epochs(evidence: Evidence, cohort: str) -> Measured:
    """Count the epochs that were run."""
    return Measured(len(evidence.table("histories", cohort)))


def highest_rate(evidence: Evidence, cohort: str) -> Measured:
    """Highest learning rate at the end of an epoch."""
    return Measured(max(row["learning_rate"] for row in evidence.table("histories", cohort)), "highest of all epochs")


def _of_batches(column: str) -> Measurement:
    """Make the measurement of a property of the batches, the same in every epoch."""

    def measure(evidence: Evidence, cohort: str) -> Measured:
        found = sorted({row[column] for row in evidence.table("histories", cohort)})
        if len(found) > 1:
            return Measured(None, f"differs between epochs: {', '.join(map(str, found))}")
        return Measured(found[0], "of the batches the network was given")

    return measure


def rate_factor(evidence: Evidence, cohort: str) -> Measured:
    """Factor of the learning rate at its falls, if it is the same at all of them."""
    rates = [row["learning_rate"] for row in evidence.table("histories", cohort)]
    factors = [after / before for before, after in zip(rates, rates[1:], strict=False) if after < before]
    if not factors:
        return Measured(None, f"the rate never fell in {len(rates)} epochs")
    if max(factors) - min(factors) > 0.01:
        return Measured(None, f"no single factor: {len(factors)} falls by {min(factors):.3g} to {max(factors):.3g}")
    return Measured(factors[0], f"{len(factors)} falls in {len(rates)} epochs")


def rate_patience(evidence: Evidence, cohort: str) -> Measured:
    """Epochs without a better validation loss before the learning rate fell for the first time."""
    rows = evidence.table("histories", cohort)
    for number in range(1, len(rows)):
        if rows[number]["learning_rate"] < rows[number - 1]["learning_rate"]:
            losses = [row["validation_loss"] for row in rows[:number]]
            return Measured(number - 1 - losses.index(min(losses)), "at the first fall of the rate")
    return Measured(None, f"the rate never fell in {len(rows)} epochs")


def kept_epoch_excess(evidence: Evidence, cohort: str) -> Measured:
    """Compare the validation loss of the kept weights with the lowest of all epochs."""
    kept = _told(evidence, cohort, "scores")
    lowest = min(row["validation_loss"] for row in evidence.table("histories", cohort))
    # The history has six digits.
    excess = kept["validation_loss"] - lowest
    return Measured(0.0 if abs(excess) <= 1e-5 * abs(lowest) else excess, f"epoch {kept['best_epoch']} was kept")


MEASUREMENTS: dict[str, Measurement] = {
    "encoder": _of_card("encoder"),
    "encoder_weights": _of_card("settings", "encoder_weights", why="what the encoder started from"),
    "parameters": _of_card("parameters", why="counted in the network"),
    "frozen_layers": _of_card("ran", "frozen_layers", why="counted in the network"),
    "optimizer": _of_card("ran", "optimizer", "name"),
    "beta_1": _of_card("ran", "optimizer", "beta_1"),
    "beta_2": _of_card("ran", "optimizer", "beta_2"),
    "epsilon": _of_card("ran", "optimizer", "epsilon"),
    "focal_weight": _of_card("ran", "loss", "focal_weight"),
    "dice_weight": _of_card("ran", "loss", "dice_weight"),
    "focal_gamma": _of_card("ran", "loss", "focal_gamma"),
    "trained_images": _of_card("data", "training", "frames", why="images the training went through"),
    "decoder_stages": decoder_stages,
    "classes": classes,
    "log_base": log_base,
    "epochs": epochs,
    "highest_rate": highest_rate,
    "batch_size": _of_batches("batch_size"),
    "crop_px": _of_batches("crop_px"),
    "rate_factor": rate_factor,
    "rate_patience": rate_patience,
    "kept_epoch_excess": kept_epoch_excess,
}
"""Measurement by name: function of the evidence and a cohort."""
