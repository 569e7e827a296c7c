"""What a network costs: parameters, multiplications of one image, time."""

import math
import statistics
import time

import keras
import numpy as np

from ..desk.errors import SettingsError
from .eunet import build_eunet
from .inputs import SIDE_MULTIPLE

WARM_UP = 2
"""Untimed images before the timed ones: the first traces the network, the second fills the caches."""


def layer_macs(model, height, width):
    """Count the multiply-accumulate operations of one image, layer by layer.

    Convolutions and dense layers count: every value they give costs as many multiplications as it has inputs,
    padding included. Biases, normalisation, activations, pooling and upsampling are left out, as is usual;
    one multiply-accumulate is two floating point operations. A stage of the decoder counts as the paper's 3 x 3
    convolution of the upsampled and joined image; `fused_decoder.UpsampledConv2D` gets by with fewer.

    Parameters
    ----------
    model : keras.Model
        Functional network with one input (batch, height, width, channels).
    height, width : int
        Pixels of the image.

    Returns
    -------
    dict of int
        Multiply-accumulates by name of the layer, for layers that have any.
    """
    image = keras.Input((height, width, model.input_shape[-1]))
    # The same layers around an image of known size: only then they know the size of what they give.
    sized = keras.models.clone_model(model, input_tensors=image)
    counted = keras.layers.Conv2D, keras.layers.DepthwiseConv2D, keras.layers.Dense
    return {
        layer.name: math.prod(layer.output.shape[1:-1]) * math.prod(layer.kernel.shape)
        for layer in sized.layers
        if isinstance(layer, counted)
    }


def seconds_per_image(model, side, repeats, seed=0):
    """Time the network on single square images.

    Parameters
    ----------
    model : keras.Model
        Network with one input of three channels.
    side : int
        Pixels of the image's side.
    repeats : int
        Timed images, at least 1.
    seed : int
        Seed of the random image; its content does not change the work.

    Returns
    -------
    list of float
        Seconds of every timed image, after `WARM_UP` untimed ones.
    """
    image = np.random.default_rng(seed).standard_normal((1, side, side, 3), dtype=np.float32)
    seconds = []
    for _ in range(WARM_UP + repeats):
        start = time.perf_counter()
        # Back in NumPy: a backend that computes in the background must have finished.
        keras.ops.convert_to_numpy(model.predict_on_batch(image))
        seconds.append(time.perf_counter() - start)
    return seconds[WARM_UP:]


def encoder_costs(encoders, side, repeats, threads):
    """Count and time the E-U-Net with each encoder.

    Parameters
    ----------
    encoders : iterable of str
        "B0" to "B7".
    side : int
        Pixels of the square image's side; a multiple of 32.
    repeats : int
        Timed images.
    threads : int
        CPU threads, written into the table.

    Yields
    ------
    dict
        encoder, parameters, encoder_parameters, gmacs (10^9 multiply-accumulates of one image), image_px,
        seconds_per_image (median), seconds_low, seconds_high (fastest and slowest), repeats, threads.

    Raises
    ------
    SettingsError
        If the side is not a multiple of 32.
    """
    if side % SIDE_MULTIPLE:
        raise SettingsError(f"note5.encoders.image_px is {side}; wanted a multiple of {SIDE_MULTIPLE}.")
    for encoder in encoders:
        keras.backend.clear_session()
        model = build_eunet(encoder)
        macs = layer_macs(model, side, side)
        seconds = seconds_per_image(model, side, repeats)
        decoder = [layer.count_params() for layer in model.layers if layer.name.startswith(("decoder", "final"))]
        yield {
            "encoder": encoder,
            "parameters": model.count_params(),
            "encoder_parameters": model.count_params() - sum(decoder),
            "gmacs": sum(macs.values()) / 1e9,
            "image_px": side,
            "seconds_per_image": statistics.median(seconds),
            "seconds_low": min(seconds),
            "seconds_high": max(seconds),
            "repeats": repeats,
            "threads": threads,
        }
