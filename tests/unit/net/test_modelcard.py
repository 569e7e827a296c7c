import keras
import pytest
from livedead.desk.errors import ModelError
from livedead.net.eunet import build_eunet
from livedead.net.losses import SegmentationLoss
from livedead.net.modelcard import check_card, model_card, software, what_ran
from livedead.net.stages import network_stages

from .conftest import tiny_network

HISTORY = [
    {"epoch": 1, "learning_rate": 0.1, "train_loss": 3.0, "validation_loss": 2.0, "validation_dice": 0.1},
    {"epoch": 2, "learning_rate": 0.1, "train_loss": 2.0, "validation_loss": 1.0, "validation_dice": 0.6},
    {"epoch": 3, "learning_rate": 0.1, "train_loss": 1.0, "validation_loss": 1.5, "validation_dice": 0.7},
]


def compiled(model):
    optimizer = keras.optimizers.Adam(0.1, beta_1=0.8, beta_2=0.99, epsilon=1e-5)
    model.compile(optimizer, loss=SegmentationLoss(1, 0, 3.0, "authors_code"), jit_compile=False)
    return model


@pytest.fixture
def network():
    return compiled(tiny_network())


def test_card_tells_the_kept_epoch_and_what_was_trained(network, settings):
    card = model_card(network, settings, 5, {"training": {"frames": 2}}, HISTORY)
    assert card["scores"] == {"best_epoch": 2, "validation_loss": 1.0, "validation_dice": 0.6, "epochs": 3}
    # 3 x 3 x 3 x 8 + 8, batch normalisation 4 x 8, 3 x 3 x 8 x 3 + 3.
    assert card["parameters"] == 224 + 32 + 219
    assert card["encoder"] == "B0" and card["seed"] == 5 and card["data"] == {"training": {"frames": 2}}


def test_card_outlines_the_network(settings):
    model = compiled(build_eunet("B0"))
    assert model_card(model, settings, 5, {}, HISTORY)["stages"] == network_stages(model) != []


def test_hash_follows_the_settings(network, settings):
    def digest(**changes):
        return model_card(network, settings | changes, 5, {}, HISTORY)["settings_hash"]

    assert digest() == digest() != digest(epochs=99)


def test_what_ran_is_read_off_the_network_not_off_the_settings(network, settings):
    network.layers[1].trainable = False
    card = model_card(network, settings, 5, {}, HISTORY)
    assert card["ran"] == what_ran(network)
    assert card["ran"] == {
        "optimizer": {"name": "Adam", "beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-5},
        "loss": {"focal_weight": 1, "dice_weight": 0, "focal_gamma": 3.0, "variant": "authors_code"},
        "frozen_layers": 1,
        "device": keras.distribution.list_devices()[0],
    }
    assert card["settings"]["loss"]["focal_gamma"] == 2


def test_software_names_the_backend_and_leaves_out_what_is_not_installed():
    found = software()
    assert {"keras_backend", "python", "keras", "numpy"} <= set(found)
    assert "not installed" not in found.values()


OLD_CARD = {
    "encoder": "B0",
    "classes": ["live", "dead", "background"],
    "settings": {"batch_norm_epsilon": 0.001, "input_scaling": "window", "input_window": [0, 1]},
    "seed": 1,
}


def test_what_the_training_learned_stands_in_the_card(network, settings):
    learned = {"pixel_size_um": 0.65, "phase_unit": "rad", "input_statistics": {"sd": {"low": 1}}}
    card = model_card(network, settings, 5, {}, HISTORY, learned)
    assert learned.items() <= card.items()
    check_card(card, "w.h5")


def test_an_older_card_is_accepted():
    assert check_card(OLD_CARD, "w.h5") is None


@pytest.mark.parametrize(
    "change, text",
    [
        ({"seed": None}, "has no seed"),
        ({"settings": {"batch_norm_epsilon": 0.1}}, "has no settings.input_scaling"),
        ({"settings": 3}, "has no settings.batch_norm_epsilon"),
        (
            {"settings": OLD_CARD["settings"] | {"input_scaling": "log"}},
            "names the input scaling log; wanted one of wi",
        ),
        ({"encoder": "ResNet"}, "names the encoder ResNet; wanted one of B0, B1"),
        ({"classes": ["dead", "live"]}, "names the classes dead, live; wanted live, dead, background"),
        ({"outputs": ["live", "background"]}, "none counts as dead"),
        ({"pixel_size_um": "0.65 um"}, "names the pixel_size_um 0.65 um; wanted a number above 0"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(change, text):
    card = {key: value for key, value in (OLD_CARD | change).items() if value is not None}
    with pytest.raises(ModelError, match=text):
        check_card(card, "w.h5")
