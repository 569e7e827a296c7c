"""Files with the weights of a network: numbers only, and every number in its place.

Keras writes `.weights.h5`. Before version 3 it wrote HDF5 files with one group per layer, which are still what the
published networks and encoders come as; those are read here layer by layer, by name.
"""

import errno
import os
import shutil
import warnings
from pathlib import Path

import h5py
import numpy as np

from ..desk.errors import ModelError
from ..desk.model_folder import refuse_code

# Keras 3 calls this weight as those of other convolutions.
_NEW_NAMES = {"depthwise_kernel": "kernel"}
# What HDF5 writes about each array, rounded up.
_BYTES_ABOUT_ARRAY = 4096
# Blocks of the encoders; B1 and B2 differ in width only.
_BLOCKS = {16: "B0", 23: "B1 or B2", 26: "B3", 32: "B4", 39: "B5", 45: "B6", 55: "B7"}


def save_weights(model, file):
    """Write the weights of a network.

    Room is looked for first: HDF5 crashes the program, at its very end, if a disk gets full under one of its files.

    Parameters
    ----------
    model : keras.Model
        Network.
    file : str or pathlib.Path
        `.weights.h5` to write.

    Raises
    ------
    OSError
        With the number ENOSPC, if there is no room for it.
    """
    bytes_of = [np.dtype(weight.dtype).itemsize * np.prod(weight.shape) for weight in model.weights]
    wanted, folder = sum(bytes_of) + _BYTES_ABOUT_ARRAY * len(bytes_of), Path(file).parent
    # Where nothing may be written, writing itself says so.
    if os.access(folder, os.W_OK) and shutil.disk_usage(folder).free < wanted:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))
    model.save_weights(file)


def load_weights(model, file, what):
    """Load a weights file into a network that was built to take it.

    Parameters
    ----------
    model : keras.Model
        Network of the same structure as the one the file was written from.
    file : str or pathlib.Path
        `.weights.h5`, or the `.h5` of older Keras versions: its layers are found by name, or, where a file has other
        names, by their order.
    what : str
        Name of the network for the error message.

    Raises
    ------
    ModelError
        If the file is missing, unreadable, could run a program when it is loaded, holds weights of another shape, or
        such that are not finite.
    """
    if not Path(file).is_file():
        raise ModelError(f"{file}: no such weights file for {what}; correct the path or set the weights to none.")
    refuse_code(file)
    names = old_layers(file)
    if names and {layer.name for layer in model.layers if layer.weights} <= names:
        load_by_name(model, file, what)
        return
    try:
        with warnings.catch_warnings():
            # Keras only warns of layers the file does not hold, and would leave them at random weights.
            warnings.filterwarnings("error", message="Skipping", category=UserWarning)
            model.load_weights(file)
    # Keras and HDF5 say with errors of many kinds what is wrong with a file.
    except Exception as error:
        raise ModelError(_misfit(file, what, model, error)) from error
    _refuse_not_finite(model, file)


def load_by_name(model, file, what):
    """Load an HDF5 file of an older Keras version layer by layer; every layer of both must find its like.

    Parameters
    ----------
    model : keras.Model
        Network to fill.
    file : str or pathlib.Path
        Written by `save_weights`, or by `save` (the network in it is not read, only its weights).
    what : str
        Name of the network for the error message.

    Raises
    ------
    ModelError
        If the file is missing, could run a program, is none of this kind, lacks a layer, has one too many, or holds
        weights of another shape.
    """
    if not Path(file).is_file():
        raise ModelError(f"{file}: no such weights file for {what}.")
    refuse_code(file)
    found = old_layers(file)
    if not found:
        raise ModelError(
            f"{file}: not a weights file of Keras before version 3 (it names no layers); wanted the HDF5 file of "
            "`save_weights`."
        )
    layers = {layer.name: layer for layer in model.layers if layer.weights}
    try:
        with h5py.File(file, "r") as stored:
            group = _weights_group(stored)
            missing = [name for name in layers if name not in found]
            extra = sorted(name for name in found - layers.keys() if _names(group[name], "weight_names"))
            if missing or extra:
                raise ModelError(
                    f"{file}: not the weights of {what}: {_some('it lacks', missing, len(layers))}"
                    f"{' and ' * bool(missing and extra)}{_some('has besides', extra, 0)}; {_guess(found)}."
                )
            for name, layer in layers.items():
                layer.set_weights(_values(group[name], layer))
    except ModelError:
        raise
    except Exception as error:
        raise ModelError(_misfit(file, what, model, error)) from error
    _refuse_not_finite(model, file)


def old_layers(file):
    """Name the layers of a weights file of Keras before version 3.

    Parameters
    ----------
    file : str or pathlib.Path
        Existing file.

    Returns
    -------
    set of str
        Those that the file lists, also layers without weights; empty where it is of another kind.
    """
    try:
        with h5py.File(file, "r") as stored:
            group = _weights_group(stored)
            return set(_names(group, "layer_names"))
    except (OSError, RuntimeError, ValueError, KeyError):
        # Not HDF5 at all, or damaged: what loads it will say so.
        return set()


def _weights_group(stored):
    """Group of the weights: the file itself, or a part of it where the whole network was saved."""
    whole = "layer_names" not in stored.attrs and isinstance(stored.get("model_weights", getlink=True), h5py.HardLink)
    return stored["model_weights"] if whole else stored


def _names(group, attribute):
    """Read a list of names; long ones are stored in pieces called layer_names0, layer_names1, ..."""
    pieces, number = [], 0
    if attribute in group.attrs:
        pieces = list(group.attrs[attribute])
    while f"{attribute}{number}" in group.attrs:
        pieces += list(group.attrs[f"{attribute}{number}"])
        number += 1
    return [piece.decode("utf-8") if isinstance(piece, bytes) else str(piece) for piece in pieces]


def _values(group, layer):
    """Weights of a layer in the order in which Keras 3 keeps them."""
    stored = {}
    for path in _names(group, "weight_names"):
        # A link could lead to another file of the reader's disk.
        if not isinstance(group.get(path, getlink=True), h5py.HardLink):
            raise ValueError(f"layer {layer.name}: {path} is a link, not numbers")
        name = path.rpartition("/")[2].partition(":")[0]
        stored[_NEW_NAMES.get(name, name)] = group[path]
    values = []
    for weight in layer.weights:
        if weight.name not in stored:
            raise ValueError(f"layer {layer.name} has no {weight.name} in the file")
        if stored[weight.name].shape != tuple(weight.shape):
            raise ValueError(
                f"layer {layer.name}: {weight.name} is {stored[weight.name].shape}, the network wants "
                f"{tuple(weight.shape)}"
            )
        # Only now is it read: a file of some bytes can claim any size.
        values.append(stored[weight.name][()])
    return values


def _refuse_not_finite(model, file):
    """Raise where a weight is no number; every prediction would be none."""
    broken = [layer.name for layer in model.layers if not all(np.isfinite(w).all() for w in layer.get_weights())]
    if broken:
        raise ModelError(
            f"{file}: {_some('weights that are not finite in', broken, 0)} (wanted numbers); take another copy, or "
            "train again with a smaller train.learning_rate."
        )


def _some(verb, names, whole):
    if not names:
        return ""
    of = f" of {whole}" if whole else ""
    return f"{verb} {len(names)}{of} layers ({', '.join(names[:3])}{', ...' * (len(names) > 3)})"


def _guess(names):
    blocks = sum(name.startswith("block") and name.endswith("_project_conv") for name in names)
    if blocks in _BLOCKS:
        return f"with {blocks} blocks it is of an encoder {_BLOCKS[blocks]}"
    return "its layers are not those of an EfficientNet under these names"


def _misfit(file, what, model, error):
    reason = " ".join(str(error).split())
    return (
        f"{file}: these weights do not fit {what} with {model.count_params():,} parameters ({reason[:300]}); "
        "give the file of the same network or change the network's settings."
    )
