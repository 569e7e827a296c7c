import errno
import pickle
from types import SimpleNamespace

import h5py
import keras
import numpy as np
import pytest
from livedead.desk.errors import ModelError
from livedead.net.weight_files import load_by_name, load_weights, old_layers, save_weights

from .conftest import tiny_network
from .old_keras import randomise, write_old_weights


def network(seed=0, channels=3, name="head"):
    """Layers of every kind that an E-U-Net has, named."""
    image = keras.Input((None, None, channels), name="input_1")
    x = keras.layers.Conv2D(4, 3, padding="same", use_bias=False, name="stem_conv")(image)
    x = keras.layers.BatchNormalization(name="stem_bn")(x)
    x = keras.layers.DepthwiseConv2D(3, padding="same", use_bias=False, name="block1a_dwconv")(x)
    x = keras.layers.BatchNormalization(name="block1a_bn")(x)
    return randomise(keras.Model(image, keras.layers.Conv2D(2, 1, name=name)(x)), seed)


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one.get_weights(), other.get_weights(), strict=True))


@pytest.mark.parametrize("whole", [False, True], ids=["weights", "whole network"])
@pytest.mark.parametrize("load", [load_by_name, load_weights])
def test_a_file_of_older_keras_fills_every_layer(tmp_path, load, whole):
    written, read = network(1), network(2)
    assert not same(written, read)
    write_old_weights(tmp_path / "net.h5", written, whole)
    load(read, tmp_path / "net.h5", "the network")
    assert same(written, read)


def test_layers_are_found_by_name_not_by_order(tmp_path):
    written, read = network(1), network(2)
    write_old_weights(tmp_path / "net.h5", written)
    with h5py.File(tmp_path / "net.h5", "a") as file:
        # Both normalisations have the same shapes: by order they would be exchanged without a word.
        file.attrs["layer_names"] = file.attrs["layer_names"][::-1]
        own = file["stem_bn"]
        own.attrs["weight_names"] = own.attrs["weight_names"][::-1]
    load_weights(read, tmp_path / "net.h5", "the network")
    assert same(written, read)


def test_a_file_with_other_names_is_taken_in_its_order(tmp_path):
    written, read = network(1), network(2)
    renamed = {layer.name: f"layer_{number}" for number, layer in enumerate(written.layers)}
    write_old_weights(tmp_path / "net.h5", written, rename=renamed)
    load_weights(read, tmp_path / "net.h5", "the network")
    assert same(written, read)
    with pytest.raises(ModelError, match=r"it lacks 5 of 5 layers \(stem_conv, stem_bn, block1a_dwconv, ...\) and has"):
        load_by_name(read, tmp_path / "net.h5", "the network")


def test_a_long_list_of_names_comes_in_pieces(tmp_path):
    image = keras.Input((1,))
    x = image
    for number in range(8):
        x = keras.layers.Dense(1, name=f"dense_{number}")(x)
    model = keras.Model(image, x)
    write_old_weights(tmp_path / "net.h5", model)
    with h5py.File(tmp_path / "net.h5", "a") as file:
        names = file.attrs["layer_names"]
        del file.attrs["layer_names"]
        file.attrs["layer_names0"], file.attrs["layer_names1"] = names[:5], names[5:]
    assert old_layers(tmp_path / "net.h5") == {layer.name for layer in model.layers}


def test_what_does_not_fit_is_named(tmp_path):
    write_old_weights(tmp_path / "net.h5", network(channels=1))
    wrong = r"stem_conv: kernel is \(3, 3, 1, 4\), the network wants \(3, 3, 3, 4\)"
    with pytest.raises(ModelError, match=f"do not fit the network with 186 parameters .*{wrong}"):
        load_weights(network(), tmp_path / "net.h5", "the network")
    write_old_weights(tmp_path / "net.h5", network(), skip=["stem_bn"])
    with pytest.raises(ModelError, match=r"not the weights of the network: it lacks 1 of 5 layers \(stem_bn\); its"):
        load_by_name(network(), tmp_path / "net.h5", "the network")
    write_old_weights(tmp_path / "net.h5", network(name="other_head"))
    with pytest.raises(ModelError, match=r"it lacks 1 of 5 layers \(head\) and has besides 1 layers \(other_head\)"):
        load_by_name(network(), tmp_path / "net.h5", "the network")
    tiny_network().save_weights(tmp_path / "new.weights.h5")
    with pytest.raises(ModelError, match="not a weights file of Keras before version 3"):
        load_by_name(network(), tmp_path / "new.weights.h5", "the network")


def test_a_link_to_another_file_is_not_followed(tmp_path):
    write_old_weights(tmp_path / "net.h5", network(1))
    write_old_weights(tmp_path / "other.h5", network(2))
    with h5py.File(tmp_path / "net.h5", "a") as file:
        del file["head"]["head/bias:0"]
        file["head"]["head/bias:0"] = h5py.ExternalLink("other.h5", "head/head/bias:0")
    with pytest.raises(ModelError, match="head/bias:0 is a link, not numbers"):
        load_weights(network(), tmp_path / "net.h5", "the network")


class Bomb:
    def __reduce__(self):
        return (exec, ("raise SystemExit('the program in the file ran')",))


def test_files_that_would_run_a_program_are_not_opened(tmp_path):
    image = keras.Input((4,))
    model = keras.Model(image, keras.layers.Lambda(lambda x: 2 * x)(image))
    model.save(tmp_path / "net.keras")
    (tmp_path / "net.pkl").write_bytes(pickle.dumps(Bomb()))
    # Under the name of weights they are still what they are.
    for name in ("net.keras", "net.pkl"):
        disguised = (tmp_path / name).rename(tmp_path / f"{name}.weights.h5")
        for load in (load_weights, load_by_name):
            with pytest.raises(ModelError, match="such a file can run a program when it is loaded and is not opened"):
                load(network(), disguised, "the network")


def test_weights_are_not_begun_where_there_is_no_room(tmp_path, monkeypatch):
    model = network()
    save_weights(model, tmp_path / "written.weights.h5")
    written = (tmp_path / "written.weights.h5").stat().st_size
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=written - 1))
    with pytest.raises(OSError) as full:
        save_weights(model, tmp_path / "model.weights.h5")
    assert full.value.errno == errno.ENOSPC
    assert not (tmp_path / "model.weights.h5").exists()
