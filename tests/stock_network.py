"""The E-U-Net in Keras' stock layers, for tests and benchmarks: what the network of the package must equal."""

import keras
from livedead.net.encoder import SKIP_LAYERS, build_encoder
from livedead.net.eunet import DECODER_FILTERS


def stock_eunet(encoder="B0", n_classes=3, momentum=0.99, epsilon=1e-3):
    """Build it as `segmentation_models` does: upsample, concatenate, convolve."""
    trunk = build_encoder(encoder, momentum, epsilon)
    x = trunk.output
    skips = [trunk.get_layer(name).output for name in SKIP_LAYERS] + [None]
    for stage, (filters, skip) in enumerate(zip(DECODER_FILTERS, skips, strict=True)):
        name = f"decoder_stage{stage}"
        x = keras.layers.UpSampling2D(2, name=f"{name}_upsampling")(x)
        if skip is not None:
            x = keras.layers.Concatenate(name=f"{name}_concat")([x, skip])
        for part in "ab":
            options = {"use_bias": False, "kernel_initializer": "he_uniform", "name": f"{name}{part}_conv"}
            x = keras.layers.Conv2D(filters, 3, padding="same", **options)(x)
            x = keras.layers.BatchNormalization(momentum=momentum, epsilon=epsilon, name=f"{name}{part}_bn")(x)
            x = keras.layers.Activation("relu", name=f"{name}{part}_relu")(x)
    x = keras.layers.Conv2D(n_classes, 3, padding="same", name="final_conv")(x)
    x = keras.layers.Activation("softmax", dtype="float32", name="softmax")(x)
    return keras.Model(trunk.input, x, name=f"eunet_{encoder.lower()}")
