"""Weights files as Keras wrote them before version 3: the layout of `HeLa-b3.h5` and of the published encoders."""

import h5py
import keras
import numpy as np

OLD_NAMES = {"kernel": "depthwise_kernel"}


def write_old_weights(file, model, whole=False, skip=(), rename=None):
    """Write what `save_weights` of Keras 2 wrote, or `save` with `whole`: one group per layer, names as bytes."""
    with h5py.File(file, "w") as stored:
        group = stored.create_group("model_weights") if whole else stored
        if whole:
            # What a network saved as a whole tells of itself; it is never to be read.
            stored.attrs["model_config"] = '{"class_name": "Lambda"}'
        layers = [layer for layer in model.layers if layer.name not in skip]
        names = [(rename or {}).get(layer.name, layer.name) for layer in layers]
        group.attrs["layer_names"] = np.array([name.encode() for name in names])
        group.attrs["backend"], group.attrs["keras_version"] = b"tensorflow", b"2.3.0-tf"
        for layer, name in zip(layers, names, strict=True):
            own = group.create_group(name)
            depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
            paths = [f"{name}/{OLD_NAMES.get(w.name, w.name) if depthwise else w.name}:0" for w in layer.weights]
            own.attrs["weight_names"] = np.array([path.encode() for path in paths])
            for path, value in zip(paths, layer.get_weights(), strict=True):
                own.create_dataset(path, data=value)


def randomise(model, seed):
    """Random weights, with batch statistics that matter."""
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([rng.uniform(0.5, 1.5, weight.shape) for weight in layer.get_weights()])
        elif layer.weights:
            layer.set_weights([w + 0.05 * w.std() * rng.standard_normal(w.shape) for w in layer.get_weights()])
    return model
