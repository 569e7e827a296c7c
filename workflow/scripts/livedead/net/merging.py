"""Networks with other classes than live, dead and background: what each of their classes counts as."""

import keras
import numpy as np

from ..desk.errors import ModelError
from .channels import CHANNELS

COUNTS_AS = {"live": "live", "injured": "live", "inter": "live", "dead": "dead", "background": "background"}
"""Class of a network -> class of this pipeline; the paper counts injured cells as live."""


def check_outputs(outputs):
    """Refuse classes that are not known, stand twice or leave one of ours empty.

    Parameters
    ----------
    outputs : list of str
        Classes of a network in the order of its channels.

    Raises
    ------
    ModelError
        With what is wrong.
    """
    unknown = [name for name in outputs if name not in COUNTS_AS]
    twice = sorted({name for name in outputs if outputs.count(name) > 1})
    empty = [name for name in CHANNELS if name not in [COUNTS_AS.get(name) for name in outputs]]
    found = f"The classes of the network are {', '.join(outputs) or 'none'}"
    if unknown or twice or empty:
        reasons = [f"{name} is not known" for name in unknown]
        reasons += [f"{name} stands twice" for name in twice] + [f"none counts as {name}" for name in empty]
        raise ModelError(f"{found}: {'; '.join(reasons)} (wanted each of {', '.join(CHANNELS)}, and injured or not).")


def merge_classes(model, outputs):
    """Append the sum of the probabilities of those classes that count as one.

    Parameters
    ----------
    model : keras.Model
        Network with one channel per class of `outputs`.
    outputs : list of str
        Its classes.

    Returns
    -------
    keras.Model
        The network itself where its classes are those of this pipeline; else one more layer, `merge_classes`, whose
        fixed weights are 0 and 1: probabilities of live, dead and background, which add up to 1 as before.

    Raises
    ------
    ModelError
        If the classes are not known, or one of ours is missing.

    References
    ----------
    Paper, Methods: live and injured cells are merged.
    """
    check_outputs(outputs)
    if tuple(outputs) == CHANNELS:
        return model
    layer = keras.layers.Conv2D(
        len(CHANNELS), 1, use_bias=False, trainable=False, dtype="float32", name="merge_classes"
    )
    merged = keras.Model(model.input, layer(model.output), name=model.name)
    layer.set_weights(
        [np.array([[[[COUNTS_AS[name] == channel for channel in CHANNELS] for name in outputs]]], np.float32)]
    )
    return merged
