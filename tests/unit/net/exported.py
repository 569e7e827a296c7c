"""A small network of the same parts as the E-U-Net, for tests of its export."""

import keras
import numpy as np
from livedead.net.channels import CHANNELS
from livedead.net.fused_decoder import UpsampledConv2D

SETTINGS = {"input_scaling": "window", "input_window": [-0.6, 2.4], "batch_norm_epsilon": 1e-3}
CARD = {
    "name": "eunet_small",
    "encoder": "B0",
    "parameters": 1234,
    "classes": list(CHANNELS),
    "settings": SETTINGS,
    "settings_hash": "0123456789abcdef",
    "seed": 1,
    "phase_unit": "rad",
    "pixel_size_um": 0.65,
    "scores": {"validation_dice": 0.8},
}
FACTS = {
    "name": "hela",
    "pixel_size_um": 0.65,
    "origin": "simulated",
    "authors": ["The livedead contributors"],
    "version": "0.1.0",
    "license": "BSD-3-Clause",
}


def small_network(seed=3):
    """Depthwise convolution, squeeze and excitation, skip, upsampling, batch statistics: all that must be converted."""
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    image = keras.Input((None, None, 3))
    skip = layers.Conv2D(8, 3, strides=2, padding="same", activation="silu")(image)
    x = layers.DepthwiseConv2D(5, strides=2, padding="same")(skip)
    x = layers.BatchNormalization()(x)
    gate = layers.Reshape((1, 1, 8))(layers.GlobalAveragePooling2D()(x))
    x = layers.Multiply()([x, layers.Conv2D(8, 1, activation="sigmoid")(gate)])
    x = UpsampledConv2D(8)([x, skip])
    x = layers.Activation("relu")(layers.BatchNormalization()(x))
    x = layers.Conv2D(3, 3, padding="same")(layers.UpSampling2D(2)(x))
    model = keras.Model(image, layers.Activation("softmax")(x), name="eunet_small")
    rng = np.random.default_rng(seed)
    # Uneven batch statistics; not much more, or rounding would grow into differences.
    model.set_weights([w + rng.uniform(0, 0.1, w.shape).astype(w.dtype) for w in model.get_weights()])
    return model


def phase_image(shape=(96, 128), seed=0):
    """Round cells on a flat background, rad."""
    rng = np.random.default_rng(seed)
    y, x = np.indices(shape)
    phase = 0.03 * rng.standard_normal(shape)
    for _ in range(8):
        row, column, radius = rng.uniform(0, shape[0]), rng.uniform(0, shape[1]), rng.uniform(6, 14)
        phase += 2.0 * np.clip(1 - ((y - row) ** 2 + (x - column) ** 2) / radius**2, 0, None)
    return phase.astype(np.float32)
