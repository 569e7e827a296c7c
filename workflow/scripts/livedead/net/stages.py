"""Outline of an E-U-Net: channels and resolution of every stage, read from the network itself."""

import keras

from .encoder import SKIP_LAYERS

_SIDE = 64


def network_stages(model):
    """Tell channels and stride of the stages of encoder, decoder and head.

    Parameters
    ----------
    model : keras.Model
        Network of `livedead.net.eunet.build_eunet`.

    Returns
    -------
    list of dict
        From the image to the probabilities: part (input, encoder, decoder, head), layer, channels, stride
        (pixels of the image per pixel of the stage, along one side), blocks (inverted residual blocks of the
        encoder up to here, from the stage before; None elsewhere) and skip (encoder layer that a decoder stage
        reads besides the stage before, or None). Empty for a network without a decoder.
    """
    by_name = {layer.name: layer for layer in model.layers}
    decoder = [name for name in by_name if name.startswith("decoder_stage") and name.endswith("b_relu")]
    if not decoder:
        return []
    bottom, _ = by_name["decoder_stage0a_conv"].input
    deepest = next(layer.name for layer in model.layers if layer.output is bottom)
    order = list(by_name)
    rows = [_row(model, "input", model.layers[0])]
    begin = 0
    for name in (*reversed(SKIP_LAYERS), deepest):
        end = order.index(name)
        blocks = sum(layer.endswith("_project_conv") for layer in order[begin:end])
        rows.append(_row(model, "encoder", by_name[name], blocks=blocks))
        begin = end
    skips = dict(enumerate(SKIP_LAYERS))
    for number, name in enumerate(decoder):
        joined = isinstance(by_name[f"decoder_stage{number}a_conv"].input, list)
        rows.append(_row(model, "decoder", by_name[name], skip=skips[number] if joined else None))
    return [*rows, _row(model, "head", model.layers[-1])]


def _row(model, part, layer, blocks=None, skip=None):
    height, channels = keras.Model(model.input, layer.output).compute_output_shape((1, _SIDE, _SIDE, 3))[1::2]
    return {
        "part": part,
        "layer": layer.name,
        "channels": channels,
        "stride": _SIDE // height,
        "blocks": blocks,
        "skip": skip,
    }
