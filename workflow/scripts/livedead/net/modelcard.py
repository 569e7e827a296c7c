"""What a network is, what it was trained on and how well it did."""

import hashlib
import json

import keras

from ..desk.provenance import versions
from .channels import CHANNELS
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
        those that kept the weights they started with).
    """
    optimizer, loss = model.optimizer, model.loss
    return {
        "optimizer": {"name": type(optimizer).__name__}
        | {name: float(getattr(optimizer, name)) for name in ("beta_1", "beta_2", "epsilon")},
        "loss": {name: getattr(loss, name) for name in ("focal_weight", "dice_weight", "focal_gamma", "variant")},
        "frozen_layers": sum(not layer.trainable for layer in model.layers),
    }


def model_card(model, settings, seed, data, history):
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

    Returns
    -------
    dict
        Plain types only: encoder, parameters, classes, stages (of the network, as of `network_stages`), settings,
        settings_hash, seed, data, versions, scores (of the epoch whose weights are kept).
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
        "versions": software(),
        "scores": {
            "best_epoch": best["epoch"],
            "validation_loss": best["validation_loss"],
            "validation_dice": best["validation_dice"],
            "epochs": len(history),
        },
    }
