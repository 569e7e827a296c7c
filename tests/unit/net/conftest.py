import copy

import keras
import numpy as np
import pytest

SETTINGS = {
    "encoder": "B0",
    "encoder_weights": "none",
    "input_scaling": "window",
    "input_window": [0.0, 1.0],
    "batch_norm_momentum": 0.9,
    "batch_norm_epsilon": 0.001,
    "crop_px": 32,
    "batch_size": 4,
    "epochs": 3,
    "steps_per_epoch": 4,
    "learning_rate": 0.01,
    "schedule": "warmup_cosine",
    "warmup_steps": 2,
    "plateau_factor": 0.8,
    "plateau_patience": 10,
    "precision": "float32",
    "devices": 1,
    "loss": {"focal_weight": 1, "dice_weight": 1, "focal_gamma": 2, "variant": "paper"},
    "augment": {
        "flip": True,
        "transpose": True,
        "scale": 0.15,
        "shift": 0.1,
        "brightness": 0.02,
        "contrast": 0.05,
        "noise": 0.01,
        "blur_sigma_px": 0.3,
    },
}


@pytest.fixture
def settings():
    return copy.deepcopy(SETTINGS)


def field(seed, side=48):
    """A frame of square nuclei whose grey tells live (0.5) from dead (0.9)."""
    rng = np.random.default_rng(seed)
    labels = np.zeros((side, side), np.uint8)
    for number in range(6):
        y, x = rng.integers(0, side - 10, 2)
        labels[y : y + 10, x : x + 10] = 1 + number % 2
    phase = np.choose(labels, [0.1, 0.5, 0.9]) + 0.03 * rng.standard_normal(labels.shape)
    return phase.astype(np.float32), labels


@pytest.fixture
def fields():
    return [field(seed) for seed in range(6)]


def tiny_network():
    """A network with everything a resume must carry over: batch statistics and dropout."""
    image = keras.Input((None, None, 3))
    x = keras.layers.Conv2D(8, 3, padding="same")(image)
    x = keras.layers.BatchNormalization(momentum=0.8)(x)
    x = keras.layers.Activation("relu")(x)
    x = keras.layers.Dropout(0.2, noise_shape=(None, 1, 1, 8))(x)
    x = keras.layers.Conv2D(3, 3, padding="same", activation="softmax")(x)
    return keras.Model(image, x)
