"""EfficientNet encoders B0 to B7 of the `efficientnet` package, built from Keras' own layers.

The package takes the Keras modules it builds with as arguments. It is handed `keras.layers` through a thin
adapter that fixes three things in passing: the batch normalisation constants, swish as Keras' built-in
`silu`, and the drop-connect layer as Keras' built-in `Dropout`. Networks built this way hold no custom
objects, so they save and load without registration and run on every Keras backend.
"""

from types import SimpleNamespace

import efficientnet.model
import keras

from ..desk.errors import SettingsError
from .published import PUBLISHED_WEIGHTS, published_weights
from .weight_files import load_weights

ENCODERS = ("B0", "B1", "B2", "B3", "B4", "B5", "B6", "B7")

SKIP_LAYERS = (
    "block6a_expand_activation",
    "block4a_expand_activation",
    "block3a_expand_activation",
    "block2a_expand_activation",
)
"""Encoder layers the decoder reads at 1/16, 1/8, 1/4 and 1/2 of the image side, deepest first."""


class _BuiltInDropout:
    """Base of the package's own dropout class; making one gives Keras' built-in layer instead.

    The package subclasses `Dropout` to allow an unknown batch size in the noise shape, which Keras 3 does
    itself.
    """

    def __new__(cls, *args, **kwargs):
        return keras.layers.Dropout(*args, **kwargs)


class _Layers:
    """`keras.layers` as the `efficientnet` package shall see them."""

    Dropout = _BuiltInDropout

    def __init__(self, batch_norm_momentum, batch_norm_epsilon):
        self._batch_norm = {"momentum": batch_norm_momentum, "epsilon": batch_norm_epsilon}

    def __getattr__(self, name):
        return getattr(keras.layers, name)

    def BatchNormalization(self, **kwargs):  # noqa: N802 - the package calls it by this name
        return keras.layers.BatchNormalization(**self._batch_norm, **kwargs)

    def Activation(self, activation, **kwargs):  # noqa: N802
        return keras.layers.Activation(_built_in(activation), **kwargs)

    def Conv2D(self, *args, activation=None, **kwargs):  # noqa: N802
        return keras.layers.Conv2D(*args, activation=_built_in(activation), **kwargs)


def _built_in(activation):
    """Give Keras' name for the package's swish function and any other activation unchanged."""
    return "silu" if callable(activation) else activation


_BACKEND = SimpleNamespace(
    # Neither "tensorflow" nor "theano": the package then keeps to the calls below.
    backend=lambda: "keras",
    image_data_format=lambda: "channels_last",
    is_keras_tensor=keras.utils.is_keras_tensor,
    shape=keras.ops.shape,
    sigmoid=keras.activations.sigmoid,
    epsilon=keras.config.epsilon,
)


def build_encoder(name, batch_norm_momentum=0.99, batch_norm_epsilon=1e-3, weights="none"):
    """Build an EfficientNet without its top, for images of any size with three channels.

    Drop-connect drops the residual branch of block k with probability 0.2 * k / 16 in training; the package
    divides by the 16 blocks of B0 for every variant, and so did the paper's network.

    Parameters
    ----------
    name : str
        One of "B0" to "B7".
    batch_norm_momentum, batch_norm_epsilon : float
        Constants of every batch normalisation layer.
    weights : str or pathlib.Path
        "none" (drawn from Keras' global seed), "imagenet", "noisy-student" or a weights file of this encoder.

    Returns
    -------
    keras.Model
        (batch, height, width, 3) -> (batch, height / 32, width / 32, channels), float32.

    Raises
    ------
    SettingsError
        If the encoder is unknown.
    ModelError
        If the weights are missing, cannot be downloaded or belong to another network.

    References
    ----------
    Tan and Le, EfficientNet, ICML 2019, arXiv:1905.11946; paper, Supplementary Note 2.
    """
    if name not in ENCODERS:
        raise SettingsError(f"train.encoder is {name!r}; wanted one of {', '.join(ENCODERS)}.")
    build = getattr(efficientnet.model, f"EfficientNet{name}")
    encoder = build(
        include_top=False,
        weights=None,
        input_shape=(None, None, 3),
        backend=_BACKEND,
        layers=_Layers(batch_norm_momentum, batch_norm_epsilon),
        models=keras.models,
        utils=keras.utils,
    )
    if weights in PUBLISHED_WEIGHTS:
        weights = published_weights(name, weights)
    if str(weights) != "none":
        load_weights(encoder, weights, what=f"EfficientNet-{name}")
    return encoder
