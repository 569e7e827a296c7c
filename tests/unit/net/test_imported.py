import json
import re

import keras
import numpy as np
import pytest
from livedead.commands.import_weights import main
from livedead.net.eunet import build_eunet
from livedead.net.inference import predict_probability, restore_network

from .old_keras import randomise, write_old_weights

FOUR = ["live", "injured", "dead", "background"]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A file like HeLa-b3.h5, and the network that wrote it."""
    keras.utils.set_random_seed(4)
    model = randomise(build_eunet("B0", 4), seed=4)
    file = tmp_path_factory.mktemp("published") / "HeLa-b0.h5"
    write_old_weights(file, model)
    return model, file


def arguments(file, folder, **options):
    given = {"encoder": "B0", "classes": ",".join(FOUR)} | options
    return [str(file), str(folder), *(f"--{name.replace('_', '-')}={value}" for name, value in given.items())]


def test_the_folder_predicts_as_the_network_that_wrote_the_file(published, tmp_path, capsys):
    model, file = published
    assert main(arguments(file, tmp_path / "model", pixel_size_um=0.325)) == 0
    assert "injured counts as live" in capsys.readouterr().out
    card = json.loads((tmp_path / "model/model_card.json").read_text())
    assert (card["outputs"], card["classes"]) == (FOUR, ["live", "dead", "background"])
    assert card["settings"]["input_scaling"] == "per_image" and card["pixel_size_um"] == 0.325
    assert card["source"]["file"] == "HeLa-b0.h5" and len(card["source"]["sha256"]) == 64
    restored = restore_network(card, tmp_path / "model/model.weights.h5", threads=1)

    frame = np.random.default_rng(0).random((64, 96)).astype(np.float32)
    theirs = (frame - frame.min()) / (frame.max() - frame.min())
    colours = np.array([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]], np.float32)
    theirs = (theirs[None, ..., None] - colours[0]) / colours[1]
    live, injured, dead, background = np.moveaxis(np.asarray(model.predict_on_batch(theirs))[0], -1, 0)
    assert injured.max() > 0.05
    [ours] = predict_probability(restored, [frame], "per_image", (0, 1), 1)
    np.testing.assert_allclose(ours, np.stack([live + injured, dead, background], -1), rtol=0, atol=2e-7)


@pytest.mark.parametrize(
    "options, text",
    [
        ({"encoder": "B1"}, "it lacks 54 of 205 layers.*with 16 blocks it is of an encoder B0"),
        ({"encoder": "B9"}, "train.encoder is 'B9'; wanted one of B0"),
        ({"classes": "live,dead,background"}, "final_conv: kernel is .3, 3, 16, 4., the network wants .3, 3, 16, 3."),
        ({"classes": "live,injured,background"}, "none counts as dead"),
        ({"classes": "live,dead,dying,background"}, "dying is not known"),
        ({"pixel_size_um": "-1"}, "--pixel-size-um is -1; wanted a number above 0"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_written(published, tmp_path, capsys, options, text):
    assert main(arguments(published[1], tmp_path / "model", **options)) == 1
    message = capsys.readouterr().err
    assert re.search(text, message), message
    assert message.count("\n") == 1
    assert not (tmp_path / "model").exists()


def test_no_network_is_overwritten_and_no_file_is_missed(tmp_path, capsys):
    assert main(arguments(tmp_path / "none.h5", tmp_path)) == 1
    assert "none.h5: no such weights file" in capsys.readouterr().err
    (tmp_path / "model_card.json").write_text("{}")
    assert main(arguments(tmp_path / "none.h5", tmp_path)) == 1
    assert "holds a network already" in capsys.readouterr().err
