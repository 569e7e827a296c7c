"""Class probabilities of whole frames, streamed in batches."""

from itertools import groupby, islice

import numpy as np

from ..desk.errors import ModelError
from .channels import CHANNELS
from .determinism import set_determinism
from .encoder import load_weights
from .eunet import build_eunet
from .inputs import crop_to, network_input, pad_to_multiple, scale_phase


def restore_network(card, weights, threads):
    """Build the network a model card describes and load its weights.

    Parameters
    ----------
    card : dict
        Model card, see `modelcard.model_card`.
    weights : str or pathlib.Path
        Weights file written with the card.
    threads : int
        CPU threads.

    Returns
    -------
    keras.Model
        Network for prediction.

    Raises
    ------
    ModelError
        If the card is not one of this pipeline, or the weights are missing or do not fit.
    """
    missing = [key for key in ("encoder", "classes", "settings", "seed") if key not in card]
    if missing:
        raise ModelError(f"The model card of {weights} has no {missing[0]}; wanted a card written by the training.")
    if tuple(card["classes"]) != CHANNELS:
        raise ModelError(
            f"The model card of {weights} names the classes {', '.join(card['classes'])}; wanted {', '.join(CHANNELS)}."
        )
    set_determinism(card["seed"], threads)
    model = build_eunet(card["encoder"], len(CHANNELS), batch_norm_epsilon=card["settings"]["batch_norm_epsilon"])
    load_weights(model, weights, what=f"the E-U-Net with encoder {card['encoder']}")
    return model


def predict_probability(model, frames, scaling, window, batch_size):
    """Predict frames one batch after the other; only one batch is in memory at a time.

    Parameters
    ----------
    model : keras.Model
        E-U-Net.
    frames : iterable of numpy.ndarray
        Phase (height, width); neighbours of equal size share a batch.
    scaling : str
        Input scaling the network was trained with, see `inputs.scale_phase`.
    window : tuple of float
        Its phase window.
    batch_size : int
        Frames per batch.

    Yields
    ------
    numpy.ndarray
        float32, (height, width, classes), for every frame in turn; classes add up to 1.
    """
    for shape, group in groupby(frames, key=np.shape):
        while batch := list(islice(group, batch_size)):
            images = [network_input(pad_to_multiple(scale_phase(phase, scaling, window))) for phase in batch]
            # A short last batch is filled up: another shape would cost a new trace of the network.
            images += [images[-1]] * (batch_size - len(batch))
            probability = np.asarray(model.predict_on_batch(np.stack(images)))
            for image in probability[: len(batch)]:
                yield crop_to(image, shape)


def predict_stack(model, frames, settings, batch_size):
    """Predict a stack and round the probabilities to bytes for storage.

    Parameters
    ----------
    model : keras.Model
        E-U-Net.
    frames : iterable of numpy.ndarray
        Phase (1, height, width).
    settings : dict
        Settings the network was trained with: input_scaling, input_window.
    batch_size : int
        Frames per batch.

    Yields
    ------
    numpy.ndarray
        uint8, (classes, height, width) in network order, for every frame; 255 is probability 1.
    """
    phases = (frame[0] for frame in frames)
    for probability in predict_probability(
        model, phases, settings["input_scaling"], settings["input_window"], batch_size
    ):
        yield np.moveaxis(np.rint(probability * 255).astype(np.uint8), -1, 0)
