"""The E-U-Net as a graph of OpenVINO: the same numbers from fewer operations."""

from __future__ import annotations

import keras
import numpy as np
import openvino
from openvino import opset13 as op

from ..desk.errors import ModelError
from .adaptation import AdaptedNormalization
from .fused_decoder import UpsampledConv2D, spread_kernel
from .inputs import IMAGENET_MEAN, IMAGENET_SD

INPUT, OUTPUT = "scaled", "probability"
_IMAGE = np.array([2, 3])
_ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": op.relu,
    "silu": op.swish,
    "sigmoid": op.sigmoid,
    "softmax": lambda x: op.softmax(x, 1),
}
# A convolution makes its filters sixteen at a time: with fewer, four pixels are put into one.
_FEW_FILTERS = 4


def openvino_graph(model) -> openvino.Model:
    """Write a network of this package as a graph of OpenVINO.

    Batch normalisation is folded into the convolutions, the three equal channels of the input and their colour
    statistics into the first one, and an upsampled image is never made, see `fused_decoder`.

    Parameters
    ----------
    model : keras.Model
        E-U-Net as of `inference.restore_network`: (batch, height, width, 3) -> (batch, height, width, classes). It is
        not called.

    Returns
    -------
    openvino.Model
        Images of 0 to 1 as of `inputs.scale_phase`, (batch, 1, height, width) -> probabilities, (batch, classes,
        height, width), float32; sides are multiples of 32 and free, until `sized` fixes them.

    Raises
    ------
    ModelError
        If the network holds a layer that is not known here.

    References
    ----------
    OpenVINO's operation set 13.
    """
    image = op.parameter([-1, 1, -1, -1], np.float32, name=INPUT)
    image.output(0).tensor.set_names({INPUT})
    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    after = {}
    for layer in layers:
        for tensor in _listed(layer.input):
            after.setdefault(id(tensor), []).append(layer)
    made, folded = {id(model.input): image}, set()
    for layer in layers:
        inputs = [made[id(tensor)] for tensor in _listed(layer.input)]
        if isinstance(layer, UpsampledConv2D):
            # Normalised in its two kernels: their sum could not be folded into either.
            norm = next((n for n in after[id(layer.output)] if type(n) is keras.layers.BatchNormalization), None)
            folded.add(norm)
            made[id(layer.output)] = _upsampled(layer, norm, *inputs)
        elif inputs == [image]:
            made[id(layer.output)] = _stem(layer, image)
        else:
            made[id(layer.output)] = inputs[0] if layer in folded else _written(layer, inputs)
    result = op.result(made[id(model.output)])
    result.output(0).tensor.set_names({OUTPUT})
    return openvino.Model([result], [image], model.name)


def sized(graph: openvino.Model, shape: tuple[int, int, int]) -> openvino.Model:
    """Fix the size of the images of a graph, for which OpenVINO finds faster ways and needs less memory.

    Parameters
    ----------
    graph : openvino.Model
        As of `openvino_graph`, or its quantized form.
    shape : tuple of int
        (batch, height, width).

    Returns
    -------
    openvino.Model
        A copy.
    """
    copy = graph.clone()
    batch, *sides = shape
    copy.reshape([batch, 1, *sides])
    for node in copy.get_ops():
        if node.get_type_name() == "ReduceMean" and len(node.input_value(0).shape) == 4:
            # The mean of rows, then of their means, takes half of the time.
            image = node.input_value(0)
            rows = [1, image.shape[3]]
            means = op.avg_pool(image, rows, [0, 0], [0, 0], rows, True)
            node.output(0).replace(op.reduce_mean(means, np.array([2]), True).output(0))
    copy.validate_nodes_and_infer_types()
    return copy


def _written(layer, inputs):
    """Write one layer that is what Keras says it is."""
    kinds = keras.layers
    first = inputs[0]
    if isinstance(layer, kinds.DepthwiseConv2D):
        kernel = np.transpose(layer.kernel, (2, 3, 0, 1))[:, np.newaxis]
        y = op.group_convolution(first, _constant(kernel), list(layer.strides), *_NO_PADS, auto_pad="same_upper")
        return _activated(layer, y)
    if isinstance(layer, kinds.Conv2D):
        if layer.filters <= _FEW_FILTERS and layer.kernel_size == (3, 3):
            return _activated(layer, _four_pixels(layer, first))
        return _activated(layer, _convolved(first, layer.kernel, layer.strides))
    if isinstance(layer, AdaptedNormalization):
        return _adapted(layer, first)
    if isinstance(layer, kinds.BatchNormalization):
        scale, shift = _normalisation(layer)
        return op.add(op.multiply(first, _channels(scale)), _channels(shift))
    if isinstance(layer, kinds.Activation):
        return _activation(layer)(first)
    if isinstance(layer, kinds.GlobalAveragePooling2D):
        return op.reduce_mean(first, _IMAGE, True)
    if isinstance(layer, kinds.Multiply):
        return op.multiply(*inputs)
    if isinstance(layer, kinds.Add):
        return op.add(*inputs)
    # Means keep their two axes, so that the layer that gives these back has nothing to do; nor has one for training.
    if isinstance(layer, kinds.Reshape | kinds.Dropout):
        return first
    raise ModelError(
        f"The network's layer {layer.name} ({type(layer).__name__}) is not known to the engine openvino; set "
        "predict.engine: keras."
    )


_NO_PADS = ([0, 0], [0, 0], [1, 1])


def _convolved(image, kernel, strides=(1, 1)):
    """Convolve with a kernel (height, width, channels, filters), padded as Keras does."""
    return op.convolution(
        image, _constant(np.transpose(kernel, (3, 2, 0, 1))), list(strides), *_NO_PADS, auto_pad="same_upper"
    )


def _upsampled(layer, norm, small, *large):
    """Convolve an upsampled image, and another one beside it, and normalise the sum."""
    scale, shift = _normalisation(norm) if norm else (1, np.zeros(layer.filters))
    kernel = np.asarray(layer.kernel) * scale
    derived = np.transpose(spread_kernel(kernel[:, :, : layer.small_channels]), (3, 2, 0, 1))
    y = op.convolution_backprop_data(
        small, _constant(derived), [2, 2], pads_begin=[1, 1], pads_end=[1, 1], dilations=[1, 1]
    )
    if not large:
        return op.add(y, _channels(shift))
    return op.add(op.add(_convolved(large[0], kernel[:, :, layer.small_channels :]), _channels(shift)), y)


def _stem(layer, image):
    """Convolve the image, 3 x 3 with stride 2, as if it were three normalised channels with zeros around them."""
    kernel = np.asarray(layer.kernel) / IMAGENET_SD.reshape(-1, 1)
    if kernel.shape[:2] != (3, 3) or layer.strides != (2, 2) or layer.use_bias:
        raise ModelError(
            f"The network's first layer {layer.name} is no 3 x 3 convolution with stride 2; set predict.engine: keras."
        )
    slope, offset = kernel.sum(axis=2), -(kernel * IMAGENET_MEAN.reshape(-1, 1)).sum(axis=2)
    # Four pixels become channels of one; the offset goes to a fifth channel, of ones: beyond the edge it is zero, too.
    taps = np.zeros((layer.filters, 5, 2, 2))
    for row, column in np.ndindex(3, 3):
        taps[:, 2 * (row % 2) + column % 2, row // 2, column // 2] = slope[row, column]
        taps[:, 4, row // 2, column // 2] += offset[row, column]
    pixels = op.space_to_depth(image, "blocks_first", 2)
    ones = op.broadcast(_constant(1), op.shape_of(op.reduce_max(pixels, np.array([1]), True)))
    return op.convolution(op.concat([pixels, ones], 1), _constant(taps), [1, 1], [0, 0], [1, 1], [1, 1])


def _four_pixels(layer, image):
    """Convolve, 3 x 3, with few filters: those of 2 x 2 pixels at once, then each pixel to its place."""
    kernel = np.transpose(layer.kernel, (3, 2, 0, 1))
    filters, channels = kernel.shape[:2]
    joined = np.zeros((2, 2, filters, channels, 4, 4))
    for row, column in np.ndindex(2, 2):
        joined[row, column, :, :, row : row + 3, column : column + 3] = kernel
    y = op.convolution(image, _constant(joined.reshape(-1, channels, 4, 4)), [2, 2], [1, 1], [1, 1], [1, 1])
    return op.depth_to_space(y, "blocks_first", 2)


def _adapted(layer, image):
    """Normalise in part by the image's own mean and variance."""
    mean = op.reduce_mean(image, _IMAGE, True)
    variance = op.reduce_mean(op.power(op.subtract(image, mean), _constant(2)), _IMAGE, True)
    share, learned = _constant(layer.share), 1 - layer.share
    mean = op.add(op.multiply(mean, share), _channels(learned * np.asarray(layer.moving_mean)))
    variance = op.add(
        op.multiply(variance, share), _channels(learned * np.asarray(layer.moving_variance) + layer.epsilon)
    )
    gain = op.divide(_channels(layer.gamma), op.sqrt(variance))
    return op.add(op.multiply(op.subtract(image, mean), gain), _channels(layer.beta))


def _normalisation(layer):
    """Factor and summand of every channel."""
    # Rounded once, at the end.
    scale = np.asarray(layer.gamma, np.float64) / np.sqrt(np.asarray(layer.moving_variance, np.float64) + layer.epsilon)
    return scale, np.asarray(layer.beta) - np.asarray(layer.moving_mean) * scale


def _activated(layer, y):
    """Add the bias of a convolution and apply its activation."""
    return _activation(layer)(op.add(y, _channels(layer.bias)) if layer.use_bias else y)


def _activation(layer):
    name = keras.activations.serialize(layer.activation)
    if name not in _ACTIVATIONS:
        raise ModelError(f"The network's activation {name} ({layer.name}) is not known to the engine openvino.")
    return _ACTIVATIONS[name]


def _listed(tensors):
    return tensors if isinstance(tensors, list) else [tensors]


def _constant(values):
    return op.constant(np.ascontiguousarray(values, np.float32))


def _channels(values):
    """Numbers of the channels, as they meet an image."""
    return _constant(np.reshape(values, (1, -1, 1, 1)))
