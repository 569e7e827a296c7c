"""E-U-Net: a U-Net decoder on an EfficientNet encoder."""

import keras

from .encoder import SKIP_LAYERS, build_encoder
from .fused_decoder import UpsampledConv2D

DECODER_FILTERS = (256, 128, 64, 32, 16)


def build_eunet(
    encoder="B3",
    n_classes=3,
    batch_norm_momentum=0.99,
    batch_norm_epsilon=1e-3,
    encoder_weights="none",
):
    """Build the paper's network: normalised image in, class probabilities out.

    Layer names follow the `segmentation_models` package, which the authors used, so weights move by name.

    Parameters
    ----------
    encoder : str
        "B0" to "B7"; the paper: B3 for HeLa, B7 for CHO.
    n_classes : int
        Output channels.
    batch_norm_momentum, batch_norm_epsilon : float
        Constants of every batch normalisation layer of encoder and decoder.
    encoder_weights : str or pathlib.Path
        "none", "imagenet", "noisy-student" or a weights file of the encoder.

    Returns
    -------
    keras.Model
        (batch, height, width, 3) -> (batch, height, width, n_classes), float32; sides divisible by 32.

    Raises
    ------
    SettingsError
        If the encoder is unknown.
    ModelError
        If the encoder weights are missing or do not fit.

    References
    ----------
    Paper, Fig. 2 and Supplementary Note 2; Ronneberger et al., U-Net, MICCAI 2015.
    """
    trunk = build_encoder(encoder, batch_norm_momentum, batch_norm_epsilon, encoder_weights)
    x = trunk.output
    # The last stage works at full resolution, where the encoder has no features to offer.
    skips = [trunk.get_layer(name).output for name in SKIP_LAYERS] + [None]
    for stage, (filters, skip) in enumerate(zip(DECODER_FILTERS, skips, strict=True)):
        name = f"decoder_stage{stage}"
        for part in "ab":
            options = {"use_bias": False, "kernel_initializer": "he_uniform", "name": f"{name}{part}_conv"}
            if part == "a":
                x = UpsampledConv2D(filters, **options)(x if skip is None else [x, skip])
            else:
                x = keras.layers.Conv2D(filters, 3, padding="same", **options)(x)
            x = keras.layers.BatchNormalization(
                momentum=batch_norm_momentum, epsilon=batch_norm_epsilon, name=f"{name}{part}_bn"
            )(x)
            x = keras.layers.Activation("relu", name=f"{name}{part}_relu")(x)
    x = keras.layers.Conv2D(n_classes, 3, padding="same", name="final_conv")(x)
    # Softmax in float32 also when a mixed-precision policy is on.
    x = keras.layers.Activation("softmax", dtype="float32", name="softmax")(x)
    return keras.Model(trunk.input, x, name=f"eunet_{encoder.lower()}")
