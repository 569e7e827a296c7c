"""A trained network as ONNX: phase in, probabilities out, all scaling inside."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import keras
import onnx

from .channels import CHANNELS
from .fused_decoder import in_built_in_layers
from .graph_order import order_graph
from .inputs import IMAGENET_MEAN, IMAGENET_SD, NO_CONTRAST, SIDE_MULTIPLE, STANDARD_SD

INPUT, OUTPUT = "phase", "probability"
OPSET = 18
"""Version of the ONNX operators; programs of 2023 and later read it."""


def phase_network(model, settings):
    """Put the scaling of the training in front of a network, so that it takes phase as it is measured.

    The result consists of Keras' own layers and operations, and looks at images as most programs hold them:
    channels before rows and columns.

    Parameters
    ----------
    model : keras.Model
        E-U-Net, (batch, height, width, 3) -> (batch, height, width, classes).
    settings : dict
        Settings it was trained with: input_scaling, input_window.

    Returns
    -------
    keras.Model
        (batch, 1, height, width), phase as in the training, float32 -> (batch, classes, height, width),
        probabilities; both sides a multiple of 32.

    See Also
    --------
    livedead.net.inputs.scale_phase, livedead.net.inputs.network_input : the same on arrays.
    """
    phase = keras.Input((1, None, None), name=INPUT)
    x = keras.ops.transpose(phase, (0, 2, 3, 1))
    if settings["input_scaling"] == "window":
        low, high = map(float, settings["input_window"])
        x = (x - low) / (high - low)
    elif settings["input_scaling"] == "standard":
        mean, spread = (find(x, axis=(1, 2, 3), keepdims=True) for find in (keras.ops.mean, keras.ops.std))
        low, width = mean - STANDARD_SD[0] * spread, sum(STANDARD_SD) * spread
        x = keras.ops.where(spread > NO_CONTRAST, (x - low) / keras.ops.maximum(width, NO_CONTRAST), 0)
    else:
        low, high = (find(x, axis=(1, 2, 3), keepdims=True) for find in (keras.ops.min, keras.ops.max))
        # A constant image becomes 0, as in the training.
        x = (x - low) / keras.ops.where(high > low, high - low, keras.ops.ones_like(low))
    x = keras.ops.clip(x, 0, 1)
    x = keras.layers.Rescaling((1 / IMAGENET_SD).tolist(), (-IMAGENET_MEAN / IMAGENET_SD).tolist())(
        keras.layers.Concatenate()([x, x, x])
    )
    probability = in_built_in_layers(model)(x, training=False)
    return keras.Model(phase, keras.ops.transpose(probability, (0, 3, 1, 2)), name=f"{model.name}_phase")


def onnx_bytes(network, card: Mapping, pixel_size_um: float) -> bytes:
    """Convert a network that takes phase to ONNX, and write into it what a user must know.

    Parameters
    ----------
    network : keras.Model
        As of `phase_network`.
    card : mapping
        Model card of the training.
    pixel_size_um : float
        Side of a pixel of the phase it learned, um.

    Returns
    -------
    bytes
        ONNX model with the input `phase` and the output `probability`, both with free batch, height and width. Its
        metadata hold model_card (JSON), classes, pixel_size_um, phase_unit and side_multiple.

    References
    ----------
    Open Neural Network Exchange, https://onnx.ai; conversion by tf2onnx through Keras.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.onnx"
        signature = [keras.InputSpec(shape=(None, 1, None, None), dtype="float32", name=INPUT)]
        network.export(file, format="onnx", verbose=False, input_signature=signature, opset_version=OPSET)
        model = onnx.load(file)
    order_graph(model.graph, {model.graph.input[0].name: INPUT, model.graph.output[0].name: OUTPUT})
    for value, channels in ((model.graph.input[0], 1), (model.graph.output[0], len(CHANNELS))):
        _name_axes(value, ("batch", channels, "height", "width"))
    model.graph.name = card["name"]
    model.doc_string = (
        f"Phase image ({card.get('phase_unit', 'rad')}, {pixel_size_um:g} um per pixel) to the probabilities of "
        f"{', '.join(CHANNELS)}. Height and width: multiples of {SIDE_MULTIPLE}; scaling is done inside."
    )
    properties = {
        "model_card": json.dumps(card, sort_keys=True),
        "classes": ",".join(CHANNELS),
        "pixel_size_um": f"{pixel_size_um:g}",
        "phase_unit": card.get("phase_unit", "rad"),
        "side_multiple": str(SIDE_MULTIPLE),
    }
    onnx.helper.set_model_props(model, properties)
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


def _name_axes(value, sizes):
    """State the axes of a tensor: numbers are fixed, words are free."""
    for axis, size in zip(value.type.tensor_type.shape.dim, sizes, strict=True):
        axis.Clear()
        setattr(axis, "dim_param" if isinstance(size, str) else "dim_value", size)
