"""Class probabilities of whole frames, streamed in batches."""

from collections.abc import Callable
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..desk.errors import ModelError
from ..desk.model_folder import check_signature
from ..optics.imported_phase import GREY
from .adaptation import adapt_normalisation
from .channels import CHANNELS
from .determinism import set_determinism
from .eunet import build_eunet
from .inputs import crop_to, network_input, pad_to_multiple, scale_phase
from .merging import merge_classes
from .modelcard import check_card
from .resampling import pixel_ratio, resampled
from .weight_files import load_weights


class Predictor(NamedTuple):
    """A network ready to predict, whatever computes it.

    Attributes
    ----------
    name : str
        Name of the network.
    predict : callable
        From images of `inputs.scale_phase`, padded, (batch, height, width), float32, to probabilities (batch, height,
        width, classes), float32.
    """

    name: str
    predict: Callable[[np.ndarray], np.ndarray]


def keras_predictor(model):
    """Let Keras predict.

    Parameters
    ----------
    model : keras.Model
        E-U-Net.

    Returns
    -------
    callable
        See `Predictor`.
    """
    return lambda images: np.asarray(model.predict_on_batch(network_input(images)))


def restore_network(card, weights, threads, adapted=0.0):
    """Build the network a model card describes and load its weights.

    Parameters
    ----------
    card : dict
        Model card, see `modelcard.model_card`.
    weights : str or pathlib.Path
        Weights file written with the card.
    threads : int
        CPU threads.
    adapted : float
        Share of the normalisation taken from the images, see `adaptation.adapt_normalisation`.

    Returns
    -------
    keras.Model
        Network for prediction; its channels are live, dead and background whatever classes it learned.

    Raises
    ------
    ModelError
        If the card is not one of this pipeline, or the weights are missing, not those of the card, or do not fit.
    """
    check_card(card, weights)
    if Path(weights).is_file():
        check_signature(card, weights)
    outputs = list(card.get("outputs", CHANNELS))
    set_determinism(card["seed"], threads)
    model = build_eunet(card["encoder"], len(outputs), batch_norm_epsilon=card["settings"]["batch_norm_epsilon"])
    load_weights(model, weights, what=f"the E-U-Net with encoder {card['encoder']} and {len(outputs)} classes")
    return merge_classes(adapt_normalisation(model, adapted), outputs)


def predict_probability(model, frames, scaling, window, batch_size):
    """Predict frames one batch after the other; only one batch is in memory at a time.

    Parameters
    ----------
    model : keras.Model or Predictor
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
    predict = model.predict if isinstance(model, Predictor) else keras_predictor(model)
    for shape, group in groupby(frames, key=np.shape):
        while batch := list(islice(group, batch_size)):
            images = [pad_to_multiple(scale_phase(phase, scaling, window)) for phase in batch]
            # A short last batch is filled up: another shape would cost a new trace of the network.
            images += [images[-1]] * (batch_size - len(batch))
            probability = predict(np.stack(images))
            for image in probability[: len(batch)]:
                yield crop_to(image, shape)


def predict_stack(model, frames, settings, batch_size, ratio=1.0):
    """Predict a stack and round the probabilities to bytes for storage.

    Parameters
    ----------
    model : keras.Model or Predictor
        E-U-Net.
    frames : iterable of numpy.ndarray
        Phase (1, height, width).
    settings : dict
        Settings the network was trained with: input_scaling, input_window.
    batch_size : int
        Frames per batch.
    ratio : float
        Pixel the network learned over that of the frames, see `resampling.pixel_ratio`.

    Yields
    ------
    numpy.ndarray
        uint8, (classes, height, width) in network order, for every frame; 255 is probability 1.
    """
    scaling, window = settings["input_scaling"], settings["input_window"]
    phases = (frame[0] for frame in frames)
    predicted = resampled(phases, ratio, lambda images: predict_probability(model, images, scaling, window, batch_size))
    for probability in predicted:
        yield np.moveaxis(np.rint(probability * 255).astype(np.uint8), -1, 0)


def predict_sequence(model, card, frames, batch_size, resample):
    """Predict the phase of a sequence at the pixels the network has learned.

    Parameters
    ----------
    model : keras.Model or Predictor
        E-U-Net.
    card : dict
        Its model card.
    frames : reader of frames
        Phase (1, height, width), with what the stack holds as `info` (`optics.stacks.StackInfo`).
    batch_size : int
        Frames per batch.
    resample : bool
        Whether phase of another pixel size may be resampled.

    Returns
    -------
    iterator of numpy.ndarray
        As of `predict_stack`, on the grid of the frames.

    Raises
    ------
    ModelError
        If the network learned another pixel size and may not, or cannot, be used at this one, or learned phase in
        rad in a fixed window and the frames are grey, or the other way round.
    """
    unit, learned = "grey" if GREY in frames.info.channels else "rad", card.get("phase_unit")
    if card["settings"]["input_scaling"] == "window" and learned not in (None, unit):
        raise ModelError(
            f"The network learned phase in {learned} in a fixed window and this sequence is in {unit}; wanted a model "
            "with input_scaling per_image, or phase of the same unit."
        )
    ratio = pixel_ratio(card.get("pixel_size_um"), frames.info.pixel_size_um, resample)
    return predict_stack(model, frames, card["settings"], batch_size, ratio)
