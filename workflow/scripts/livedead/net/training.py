"""Training of the E-U-Net: a plain loop of steps that can stop after any epoch and go on exactly."""

import logging
import math
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, repeat

import keras
import numpy as np

from ..desk.errors import DataError, SettingsError
from .batches import steps_per_epoch, training_batch
from .channels import CHANNELS
from .determinism import arithmetic, jit_compile, set_determinism
from .eunet import build_eunet
from .frames import RehearsedFrames, survey
from .learned_input import learned_input
from .losses import SegmentationLoss
from .modelcard import model_card, software
from .published import weights_origin
from .quick_step import quick_adam, quick_layers
from .schedule import learning_rate
from .validation import validate
from .weight_files import load_weights

log = logging.getLogger(__name__)

AHEAD = 4
"""Batches made ahead, each in a thread: a core makes 40 crops of 512 pixels a second, a GPU uses more."""


def train_network(training, validation, settings, seed, threads, checkpoint, start=None, rehearsal=()):
    """Train a network and keep the weights of the epoch with the lowest validation loss.

    Parameters
    ----------
    training, validation : sequence of (phase, labels)
        Arrays (height, width); phase in rad or grey, labels 0 background, 1 live, 2 dead. Of `LabelledFrames` the card
        tells the pixel and the statistics, too.
    settings : dict
        Section `train` of the settings.
    seed : int
        Seed of the weights, the batches and drop-connect.
    threads : int
        CPU threads.
    checkpoint : Checkpoint
        Where the state is kept after every epoch; a state of the same training is taken up.
    start : str or pathlib.Path, optional
        Weights file of a whole network of the same encoder to start from, in place of `train.encoder_weights`.
    rehearsal : sequence of (phase, labels)
        Frames that network learned from; `train.rehearsal` is their share.

    Returns
    -------
    tuple
        Network (keras.Model) with its best weights, history (list of dict, one per epoch) and model card (dict).

    Raises
    ------
    DataError
        If there are no frames, they hold foreign labels, are smaller than a crop, or the loss is not finite.
    SettingsError
        If a setting is unknown or does not fit the others.
    ModelError
        If the weights to start from are missing or do not fit.

    References
    ----------
    Paper, Methods: Adam (0.9, 0.999, 1e-7), whole network trained, lowest validation loss kept.
    """
    if settings["epochs"] < 1 or settings["batch_size"] < 1:
        raise SettingsError(
            f"train.epochs is {settings['epochs']} and train.batch_size {settings['batch_size']}; wanted at least 1."
        )
    data = {"training": _survey(training, "training"), "validation": _survey(validation, "validation")}
    smallest = data["training"]["smallest_side_px"]
    if settings["crop_px"] > smallest:
        raise DataError(
            f"The smallest training frame has {smallest} pixels on a side and train.crop_px is "
            f"{settings['crop_px']}; wanted a crop no larger than the smallest frame."
        )
    learned = learned_input(training, validation, settings["input_scaling"], rehearsal)
    if len(rehearsal):
        data["rehearsal"] = _survey(rehearsal, "rehearsed")
        training = RehearsedFrames(training, rehearsal, settings["rehearsal"])
    set_determinism(seed, threads)
    loss = SegmentationLoss(**settings["loss"])
    with arithmetic(settings["precision"], settings["devices"], settings["batch_size"]):
        model = build_eunet(
            settings["encoder"],
            len(CHANNELS),
            settings["batch_norm_momentum"],
            settings["batch_norm_epsilon"],
            "none" if start else settings["encoder_weights"],
        )
        if start:
            load_weights(model, start, what=f"the E-U-Net with encoder {settings['encoder']}")
            learned["start"] = weights_origin(settings["encoder"], start) | {"name": settings["start_from"]}
        else:
            learned["encoder_weights"] = weights_origin(settings["encoder"], settings["encoder_weights"])
        optimizer = quick_adam(settings["learning_rate"])
        optimizer.build(model.trainable_variables)
        model.compile(optimizer=optimizer, loss=loss, jit_compile=jit_compile())
        identity = {
            "settings": settings,
            "seed": seed,
            "data": data,
            # By checksum: a file may be another one under its name since the training was cut off.
            "start": learned.get("start") or learned["encoder_weights"],
            "versions": software(),
        }
        with quick_layers(model):
            history = run_epochs(model, training, validation, loss, settings, seed, checkpoint, identity)
    return model, history, model_card(model, settings, seed, data, history, learned)


def run_epochs(model, training, validation, loss, settings, seed, checkpoint, identity):
    """Run the epochs that are still to do and leave the best weights in the network.

    Parameters
    ----------
    model : keras.Model
        Compiled network.
    training, validation : sequence of (phase, labels)
        Arrays (height, width).
    loss : SegmentationLoss
        Loss the network was compiled with.
    settings : dict
        Section `train` of the settings.
    seed : int
        Seed of the batches.
    checkpoint : Checkpoint
        Where the state is kept after every epoch.
    identity : dict
        What tells this training from others, see `Checkpoint.load`.

    Returns
    -------
    list of dict
        One row per epoch: epoch (from 1), learning_rate (of its last step), train_loss, steps, batch_size,
        crop_px (of its last batch), validation_loss, validation_dice.

    Raises
    ------
    DataError
        If a loss is not finite.
    """
    steps = steps_per_epoch(settings["steps_per_epoch"], len(training), settings["batch_size"])
    epochs = settings["epochs"]
    history, best = [], model.get_weights()
    stored = checkpoint.load(identity)
    if stored:
        arrays, history = stored
        best = restore_state(model, arrays)
        log.info("Went on after epoch %d of an interrupted training.", len(history))
    first = len(history)
    places = [(epoch, step) for epoch in range(first, epochs) for step in range(steps)]
    batches = _prepared_ahead(lambda e, s: training_batch(training, seed, e, s, settings, steps), places)
    started = time.monotonic()
    for epoch in range(first, epochs):
        losses = [row["validation_loss"] for row in history]
        # Keras reports the mean of the losses since the last reset.
        model.reset_metrics()
        for step in range(steps):
            rate = learning_rate(settings, epoch * steps + step, epochs * steps, losses)
            model.optimizer.learning_rate = rate
            images, targets = next(batches)
            train_loss = float(model.train_on_batch(images, targets))
        row = {"epoch": epoch + 1, "learning_rate": rate, "train_loss": train_loss}
        # Read off the arrays, not off the settings: what the network was in fact fed with.
        row |= {"steps": step + 1, "batch_size": images.shape[0], "crop_px": images.shape[1]}
        row |= validate(model, validation, loss, settings)
        _refuse_infinite(row)
        if row["validation_loss"] < min(losses, default=math.inf):
            best = model.get_weights()
        history.append(row)
        checkpoint.save(identity, collect_state(model, best), history)
        _report(row, epochs, (time.monotonic() - started) / (epoch + 1 - first))
    model.set_weights(best)
    return history


def collect_state(model, best):
    """Gather everything a training changes: weights, random states, optimizer and best weights.

    Parameters
    ----------
    model : keras.Model
        Compiled network.
    best : list of numpy.ndarray
        Best weights so far.

    Returns
    -------
    dict of numpy.ndarray
        Values by name.
    """
    variables = {
        # `variables` holds, beside the weights, the states of the drop-connect generators.
        "model": [keras.ops.convert_to_numpy(variable) for variable in model.variables],
        "optimizer": [keras.ops.convert_to_numpy(variable) for variable in model.optimizer.variables],
        "best": best,
    }
    return {f"{kind}_{k:05d}": value for kind, values in variables.items() for k, value in enumerate(values)}


def restore_state(model, arrays):
    """Set a network and its optimizer to a state from `collect_state`.

    Parameters
    ----------
    model : keras.Model
        Compiled network of the same structure, with a built optimizer.
    arrays : dict of numpy.ndarray
        Values by name.

    Returns
    -------
    list of numpy.ndarray
        Best weights so far.
    """
    for kind, variables in (("model", model.variables), ("optimizer", model.optimizer.variables)):
        for k, variable in enumerate(variables):
            variable.assign(arrays[f"{kind}_{k:05d}"])
    return [arrays[name] for name in sorted(arrays) if name.startswith("best_")]


def _survey(frames, side):
    try:
        return survey(frames)
    except DataError as error:
        raise DataError(f"The {side} data cannot be used. {error}") from error


def _prepared_ahead(make, places):
    """Yield make(*place) for every place in their order; some following ones are made while the last one is used."""
    with ThreadPoolExecutor(max_workers=AHEAD) as pool:
        waiting = deque(pool.submit(make, *place) for place in places[:AHEAD])
        for following in chain(places[AHEAD:], repeat(None)):
            if not waiting:
                return
            ready = waiting.popleft().result()
            if following:
                waiting.append(pool.submit(make, *following))
            yield ready


def _refuse_infinite(row):
    for name in ("train_loss", "validation_loss"):
        if not np.isfinite(row[name]):
            raise DataError(
                f"The {name} of epoch {row['epoch']} is {row[name]}; lower train.learning_rate or check the images."
            )


def _report(row, epochs, seconds):
    left = round(seconds * (epochs - row["epoch"]))
    dice = "NA" if row["validation_dice"] is None else f"{row['validation_dice']:.3f}"
    log.info(
        "Epoch %d of %d: train loss %.4f, validation loss %.4f, validation Dice %s, rate %.2e; "
        "%.0f s per epoch, %d min %02d s to go.",
        *(row["epoch"], epochs, row["train_loss"], row["validation_loss"], dice, row["learning_rate"]),
        *(seconds, left // 60, left % 60),
    )
