"""Bad model folders and weights, given to the check before any job and to the script that predicts."""

import json
import pickle
import shutil
import zipfile

import h5py
import keras
import numpy as np
import pytest
from livedead.desk.errors import LiveDeadError
from livedead.desk.inputs import read_inputs
from livedead.desk.model_folder import CARD, WEIGHTS, read_card, signed_card
from livedead.net import inference
from livedead.net.channels import CHANNELS

from tests.bad_inputs.catalogue import CONFIG, ROOT, SCHEMA, Bad, assert_one_error, cases, contents, run_script
from tests.unit.net.conftest import tiny_network

pytestmark = pytest.mark.inputs

SETTINGS = {"batch_norm_epsilon": 0.001, "input_scaling": "window", "input_window": [-0.6, 2.4]}
BARE = {"encoder": "B0", "classes": list(CHANNELS), "settings": SETTINGS, "seed": 1}


class Bomb:
    """An object whose pickle runs a program when it is read."""

    def __reduce__(self):
        return (exec, ("raise SystemExit('the program in the file ran')",))


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A folder with a network as training writes it, small."""
    folder = tmp_path_factory.mktemp("model")
    tiny_network().save_weights(folder / WEIGHTS)
    (folder / CARD).write_text(signed_card(BARE, folder / WEIGHTS), encoding="utf-8")
    return folder


@pytest.fixture
def folder(model, tmp_path, monkeypatch):
    """A copy to spoil, in a place where Keras builds the small network."""
    shutil.copytree(model, tmp_path / "model")
    monkeypatch.setattr(inference, "build_eunet", lambda *_, **__: tiny_network())
    return tmp_path / "model"


def card(**changes):
    """Other keys in the card; None takes one away."""

    def spoil(folder):
        found = json.loads((folder / CARD).read_text(encoding="utf-8")) | changes
        kept = {key: value for key, value in found.items() if value is not None}
        (folder / CARD).write_text(json.dumps(kept), encoding="utf-8")

    return spoil


def text(name, content):
    return lambda folder: (folder / name).write_bytes(content.encode("latin-1"))


def gone(*names):
    return lambda folder: [(folder / name).unlink() for name in names]


FOLDERS = [
    Bad("no folder", shutil.rmtree, ("model = .*model is not there", "wanted a folder with model_card.json")),
    Bad("no card", gone(CARD), ("has no model_card.json",)),
    Bad("no weights", gone(WEIGHTS), ("has no model.weights.h5",)),
    Bad("neither", gone(CARD, WEIGHTS), ("has no model_card.json and no model.weights.h5",)),
    Bad("card cut off", text(CARD, '{"encoder": "B0", '), ("model_card.json: not a model card",)),
    Bad("card of a list", text(CARD, "[1, 2]"), ("model_card.json: not a model card",)),
    Bad("card of no text", text(CARD, "\xff\xfe"), ("model_card.json: not a model card",)),
    Bad("empty card", text(CARD, ""), ("model_card.json: not a model card",)),
    Bad("nested without end", text(CARD, "[" * 100_000), ("model_card.json: not a model card",)),
    Bad("of a later version", card(format=2), ("format = 2 .wanted at most 1", "later version")),
    Bad("of no version", card(format="new"), ("format = new .wanted at most 1",)),
]


@cases(FOLDERS)
def test_a_bad_folder_stops_before_any_job(folder, monkeypatch, case):
    case.spoil(folder)
    monkeypatch.chdir(ROOT)
    before = contents(folder)
    with pytest.raises(LiveDeadError) as error:
        read_inputs(CONFIG | {"model": str(folder)}, SCHEMA)
    assert_one_error(str(error.value).splitlines(), case)
    assert contents(folder) == before


def test_a_whole_network_for_a_folder(folder, monkeypatch):
    monkeypatch.chdir(ROOT)
    (folder / "net.keras").touch()
    with pytest.raises(LiveDeadError, match=r"net\.keras is a file .*can run a program when it is loaded"):
        read_inputs(CONFIG | {"model": str(folder / "net.keras")}, SCHEMA)


def lambda_network(folder):
    image = keras.Input((4,))
    keras.Model(image, keras.layers.Lambda(lambda x: 2 * x)(image)).save(folder / "net.keras")
    (folder / "net.keras").rename(folder / WEIGHTS)
    card(weights_sha256=None)(folder)


def weights(change):
    """Other weights, of which the card knows nothing."""

    def spoil(folder):
        change(folder / WEIGHTS)
        card(weights_sha256=None)(folder)

    return spoil


def saved(network):
    return weights(lambda path: network().save_weights(path))


def wider():
    image = keras.Input((None, None, 3))
    return keras.Model(image, keras.layers.Conv2D(3, 5, padding="same")(image))


def with_nan():
    network = tiny_network()
    network.layers[1].set_weights([values * np.nan for values in network.layers[1].get_weights()])
    return network


def edit(change):
    def spoil(path):
        with h5py.File(path, "a") as file:
            change(file)

    return weights(spoil)


def first(file):
    """Path of a convolution's kernel in a file of Keras 3."""
    found = []
    file.visititems(
        lambda name, item: found.append(name) if isinstance(item, h5py.Dataset) and item.ndim == 4 else None
    )
    return found[0]


def linked(file):
    place = first(file)
    del file[place]
    file[place] = h5py.ExternalLink("other.h5", "kernel")


def endless(file):
    place = first(file)
    del file[place]
    file.create_dataset(place, shape=(10**6, 10**6, 3, 8), dtype="f4", chunks=(64, 64, 3, 8))


def archive(path):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("data.pkl", pickle.dumps(Bomb()))


WEIGHT_FILES = [
    Bad("text", weights(lambda path: path.write_text("no weights")), ("do not fit", "model.weights.h5")),
    Bad("empty", weights(lambda path: path.write_bytes(b"")), ("do not fit",)),
    Bad("cut off", weights(lambda path: path.write_bytes(path.read_bytes()[:3000])), ("do not fit",)),
    Bad("a pickle", weights(lambda path: path.write_bytes(pickle.dumps(Bomb()))), ("a Python pickle, not weights",)),
    Bad("a network of PyTorch", weights(archive), ("archive, not weights", "can run a program")),
    Bad("a network with a Lambda", lambda_network, ("archive, not weights", "can run a program")),
    Bad("another network", saved(wider), ("do not fit the E-U-Net with encoder B0",)),
    Bad("no layer", edit(lambda file: file.clear()), ("do not fit",)),
    Bad("a layer less", edit(lambda file: file.__delitem__(first(file).partition("/vars")[0])), ("do not fit",)),
    Bad("not finite", saved(with_nan), ("weights that are not finite in 1 layers", "train.learning_rate")),
    Bad("a link to another file", edit(linked), ("do not fit",)),
    Bad("more weights than memory", edit(endless), ("do not fit",)),
    Bad("changed weights", lambda folder: tiny_network().save_weights(folder / WEIGHTS), ("not the weights that the",)),
    Bad("card of another network", card(weights_sha256="0" * 64), ("not the weights that the", "000000000000...")),
    Bad("unknown encoder", card(encoder="B9"), ("names the encoder B9",)),
    Bad("wrong classes", card(classes=["live", "dead"]), ("names the classes live, dead; wanted live, dead, b",)),
    Bad("classes that are none", card(classes="live"), ("names the classes",)),
    Bad("no seed", card(seed=None), ("has no seed",)),
    Bad("no settings", card(settings={}), ("has no settings.batch_norm_epsilon",)),
    Bad("unknown scaling", card(settings=SETTINGS | {"input_scaling": "log"}), ("names the input scaling log",)),
    Bad("negative pixel", card(pixel_size_um=-1), ("names the pixel_size_um -1",)),
    Bad("unknown output", card(outputs=["live", "dead", "sleeping"]), ("sleeping",)),
]  # fmt: skip


def restore(folder, capsys):
    """Run the shortest of the scripts that build a network from a card and its weights."""
    files = {"weights": str(folder / WEIGHTS), "card": str(folder / CARD)}
    return run_script("take_encoder", folder, files, {"encoder": "encoder.weights.h5"}, capsys)


@cases(WEIGHT_FILES)
def test_a_bad_network_gives_one_error(folder, capsys, case):
    case.spoil(folder)
    said = restore(folder, capsys)
    assert_one_error(said, case)
    assert "the program in the file ran" not in said[0]


def test_the_good_network_is_taken(folder):
    """What the cases spoil is sound before."""
    network = inference.restore_network(read_card(folder / CARD), folder / WEIGHTS, threads=1)
    assert network.count_params() == tiny_network().count_params()


def test_networks_are_loaded_in_safe_mode_and_arrays_without_pickles():
    """Only weights are read; the state of a training and every other array without objects."""
    sources = {path: path.read_text(encoding="utf-8") for path in (ROOT / "workflow").rglob("*.py")}
    for words in (
        "load_model",
        "enable_unsafe_deserialization",
        "safe_mode=False",
        "allow_pickle=True",
        "import pickle",
    ):
        assert not [path for path, source in sources.items() if words in source], words


def test_a_state_with_objects_is_not_loaded(tmp_path):
    from livedead.desk.errors import ModelError
    from livedead.net.checkpoint import Checkpoint

    np.savez(tmp_path / "state.npz", notes=np.array([Bomb()], dtype=object))
    with pytest.raises(ModelError, match="state of the interrupted training is damaged"):
        Checkpoint(tmp_path).load({})
