import math

import pytest
from livedead.desk.evidence import NotMeasured
from livedead.desk.measured_training import MEASUREMENTS

from .evidence import evidence

CARD = {
    "encoder": "B0",
    "parameters": 10115791,
    "classes": ["live", "dead", "background"],
    "stages": [{"part": "encoder", "channels": 9}, *[{"part": "decoder", "channels": 16}] * 5]
    + [{"part": "head", "channels": 3}],
    "ran": {
        "optimizer": {"name": "Adam", "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
        "loss": {"focal_weight": 1, "dice_weight": 0.5, "focal_gamma": 2, "variant": "paper"},
        "frozen_layers": 4,
    },
    "settings": {"encoder_weights": "none", "epochs": 99},
    "data": {"training": {"frames": 240}},
    "scores": {"best_epoch": 2, "validation_loss": 0.1979951450566234},
}


def measure(name, card=CARD, history=None):
    rows = [dict(zip(("learning_rate", "validation_loss"), row, strict=True)) for row in history or [(0.1, 0.2)]]
    rows = [row | {"batch_size": 8, "crop_px": 128} for row in rows]
    return MEASUREMENTS[name](evidence(cards=card, histories=rows), "hela").value


@pytest.mark.parametrize(
    "name, value",
    [
        ("encoder", "B0"),
        ("encoder_weights", "none"),
        ("parameters", 10115791),
        ("frozen_layers", 4),
        ("optimizer", "Adam"),
        ("beta_1", 0.9),
        ("beta_2", 0.999),
        ("epsilon", 1e-7),
        ("focal_weight", 1),
        ("dice_weight", 0.5),
        ("focal_gamma", 2),
        ("trained_images", 240),
        ("decoder_stages", 5),
        ("classes", 3),
        ("log_base", 2),
        ("batch_size", 8),
        ("crop_px", 128),
    ],
)
def test_facts_of_the_network_and_its_training(name, value):
    assert measure(name) == value


def test_logarithm_of_the_authors_code():
    ran = CARD["ran"] | {"loss": CARD["ran"]["loss"] | {"variant": "authors_code"}}
    assert measure("log_base", CARD | {"ran": ran}) == math.e


def test_a_card_that_does_not_tell():
    with pytest.raises(NotMeasured, match="model card of hela does not tell ran.optimizer.epsilon"):
        measure("epsilon", CARD | {"ran": {}})


def test_epochs_and_rate_are_those_that_ran():
    history = [(0.1, 3), (0.3, 2), (0.2, 1)]
    assert measure("epochs", history=history) == 3
    assert measure("highest_rate", history=history) == 0.3


def test_batches_that_differ_between_epochs():
    rows = [{"crop_px": 128}, {"crop_px": 64}]
    found = MEASUREMENTS["crop_px"](evidence(histories=rows), "hela")
    assert found.value is None and "64, 128" in found.detail


def test_falls_of_the_rate():
    # Best in epoch 2; three epochs without a better one, then the rate falls.
    history = [(0.1, 3.0), (0.1, 1.0), (0.1, 2.0), (0.1, 2.0), (0.1, 2.0), (0.08, 0.5), (0.064, 2.0)]
    assert measure("rate_factor", history=history) == pytest.approx(0.8)
    assert measure("rate_patience", history=history) == 3
    assert measure("rate_factor", history=[(0.1, 1), (0.08, 1), (0.02, 1)]) is None
    for name in ("rate_factor", "rate_patience"):
        assert measure(name, history=[(0.1, 1), (0.1, 1)]) is None


def test_patience_is_that_of_the_plateau_schedule():
    from livedead.net.schedule import plateau

    losses = [3.0, 1.0, *[2.0] * 25]
    rates = [plateau(losses[:epoch], 5e-4, 0.8, 10) for epoch in range(len(losses))]
    history = list(zip(rates, losses, strict=True))
    assert measure("rate_patience", history=history) == 10
    assert measure("rate_factor", history=history) == pytest.approx(0.8)


def test_kept_weights_are_those_of_the_lowest_loss():
    # The history has six digits of the card's loss.
    assert measure("kept_epoch_excess", history=[(0.1, 0.3), (0.1, 0.197995)]) == 0
    assert measure("kept_epoch_excess", history=[(0.1, 0.15), (0.1, 0.197995)]) == pytest.approx(0.048, abs=1e-4)
