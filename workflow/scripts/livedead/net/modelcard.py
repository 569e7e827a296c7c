"""What a network is, what it was trained on and how well it did."""

import hashlib
import json

import keras

from ..desk.errors import ModelError
from ..desk.provenance import versions
from .channels import CHANNELS
from .determinism import device
from .encoder import ENCODERS
from .inputs import SCALINGS
from .merging import check_outputs
from .stages import network_stages

PACKAGES = ("tensorflow", "tensorflow-cpu", "keras", "efficientnet", "numpy", "scipy")


def software():
    """Name the Keras backend and the versions of what computes.

    Returns
    -------
    dict of str
        Version by package; packages that are not installed are left out.
    """
    found = {name: version for name, version in versions(PACKAGES).items() if version != "not installed"}
    return {"keras_backend": keras.backend.backend(), **found}


def what_ran(model):
    """Read off a compiled network how it was trained.

    The settings say what was asked for; this says what there was.

    Parameters
    ----------
    model : keras.Model
        Compiled with Adam and a `SegmentationLoss`.

    Returns
    -------
    dict
        optimizer (name, beta_1, beta_2, epsilon), loss (its weights, gamma, variant), frozen_layers (number of
        those that kept the weights they started with), device.
    """
    optimizer, loss = model.optimizer, model.loss
    return {
        "optimizer": {"name": type(optimizer).__name__}
        | {name: float(getattr(optimizer, name)) for name in ("beta_1", "beta_2", "epsilon")},
        "loss": {name: getattr(loss, name) for name in ("focal_weight", "dice_weight", "focal_gamma", "variant")},
        "frozen_layers": sum(not layer.trainable for layer in model.layers),
        "device": device(),
    }


def model_card(model, settings, seed, data, history, learned=None):
    """Describe a trained network.

    Parameters
    ----------
    model : keras.Model
        Trained E-U-Net, compiled.
    settings : dict
        Section `train` of the settings it was trained with.
    seed : int
        Seed of the training.
    data : dict
        Surveys of the training and validation frames, see `frames.survey`.
    history : list of dict
        One row per epoch.
    learned : dict, optional
        What else the training knows of its input, see `learned_input.learned_input` and `published.weights_origin`.

    Returns
    -------
    dict
        Plain types only: encoder, parameters, classes, stages (of the network, as of `network_stages`), settings,
        settings_hash, seed, data, versions, scores (of the epoch whose weights are kept), and the keys of `learned`:
        pixel_size_um, phase_unit ("rad" or "grey"), input_statistics (feature -> low, median, high),
        encoder_weights (name, file, sha256), or start: the whole network it started from, with its cohort as the name.
    """
    best = min(history, key=lambda row: row["validation_loss"])
    text = json.dumps(settings, sort_keys=True)
    return {
        "name": model.name,
        "encoder": settings["encoder"],
        "parameters": model.count_params(),
        "classes": list(CHANNELS),
        "stages": network_stages(model),
        "ran": what_ran(model),
        "settings": settings,
        "settings_hash": hashlib.sha256(text.encode()).hexdigest()[:16],
        "seed": seed,
        "data": data,
        **(learned or {}),
        "versions": software(),
        "scores": {
            "best_epoch": best["epoch"],
            "validation_loss": best["validation_loss"],
            "validation_dice": best["validation_dice"],
            "epochs": len(history),
        },
    }


def check_card(card, weights):
    """Refuse a card that does not describe a network of this pipeline.

    Cards of older runs lack pixel_size_um, phase_unit and input_statistics; they can be used without.

    Parameters
    ----------
    card : dict
        Model card.
    weights : str or pathlib.Path
        Weights it belongs to, for the message.

    Raises
    ------
    ModelError
        If a key is missing, or encoder, classes or input scaling are not known.
    """
    of = f"The model card of {weights}"
    settings = card.get("settings") if isinstance(card.get("settings"), dict) else {}
    missing = [key for key in ("encoder", "classes", "settings", "seed") if key not in card]
    wanted = ("batch_norm_epsilon", "input_scaling", "input_window")
    missing += [f"settings.{key}" for key in wanted if "settings" in card and key not in settings]
    if missing:
        raise ModelError(f"{of} has no {missing[0]}; wanted a card written by the training.")
    if card["encoder"] not in ENCODERS:
        raise ModelError(f"{of} names the encoder {card['encoder']}; wanted one of {', '.join(ENCODERS)}.")
    if tuple(card["classes"]) != CHANNELS:
        raise ModelError(f"{of} names the classes {', '.join(card['classes'])}; wanted {', '.join(CHANNELS)}.")
    if settings["input_scaling"] not in SCALINGS:
        raise ModelError(
            f"{of} names the input scaling {settings['input_scaling']}; wanted one of {', '.join(SCALINGS)}."
        )
    pixel = card.get("pixel_size_um")
    if pixel is not None and not (isinstance(pixel, int | float) and pixel > 0):
        raise ModelError(f"{of} names the pixel_size_um {pixel}; wanted a number above 0, or null.")
    check_outputs(list(card.get("outputs", card["classes"])))
