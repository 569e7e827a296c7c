"""Comparisons of trainings: rows from cards and scores, and films matched for scores only."""

from types import SimpleNamespace

import numpy as np
from livedead.cells.pixels import pixel_scores
from livedead.cells.scores import score_rows
from livedead.cells.variants import VARIANT_COLUMNS, comparison_rows, match_film


class Film(list):
    info = SimpleNamespace(pixel_size_um=0.5)


def film(wrong=False, sequence="s1"):
    """Match two frames with one live and one dead nucleus; where wrong, the dead one is called live."""
    instances = np.zeros((1, 12, 12), np.uint16)
    instances[0, 2:5, 2:5], instances[0, 7:10, 7:10] = 1, 2
    truth = instances.astype(np.uint8)
    called = np.minimum(truth, 1 if wrong else 2).astype(np.uint8)
    probability = np.stack([called[0] == 1, called[0] == 2, called[0] == 0]).astype(np.uint8) * 255
    predicted = {"semantic": [called] * 2, "probability": [probability] * 2, "channels": ("live", "dead", "background")}
    phase = Film([np.ones((1, 12, 12), np.float32)] * 2)
    return match_film(phase, [truth] * 2, [instances] * 2, predicted, sequence=sequence, min_coverage=0.5)


def scored(wrong):
    matches, spurious, pixels = map(sum, zip(film(wrong), film(wrong, "s2"), strict=True), ([], [], 0))
    scores = score_rows(
        matches, spurious, ["s1", "s2"], sensitivity_coverages=[], bootstrap_resamples=100, confidence=0.95, seed=1
    )
    card = {
        "settings": {"crop_px": 64, "batch_size": 4, "epochs": 3, "steps_per_epoch": 0},
        "data": {"training": {"frames": 21}},
        "scores": {"best_epoch": 2},
    }
    return card, scores, pixel_scores(pixels)


def variant(name, reason=None):
    return {
        "variant": name, "encoder": "B0", "start": "scratch", "loss": "both", "training_fraction": 1.0,
        "training_films": 2, "reason": reason,
    }  # fmt: skip


def test_a_film_is_matched():
    matches, spurious, pixels = film(wrong=True)
    assert [(row["frame"], row["true_state"], row["predicted_state"]) for row in matches] == [
        (0, "live", "live"), (0, "dead", "live"), (1, "live", "live"), (1, "dead", "live"),
    ]  # fmt: skip
    assert spurious == []
    assert pixels.tolist() == [[252, 0, 0], [0, 18, 0], [0, 18, 0]]


def test_every_variant_has_a_row_and_the_untrained_its_reason():
    variants = [variant("right"), variant("none", reason="not asked for"), variant("wrong")]
    right, none, wrong = comparison_rows(variants, [scored(False), scored(True)])
    assert [list(row) for row in (right, none, wrong)] == [VARIANT_COLUMNS] * 3
    assert (right["macro_f1"], right["pixel_f1"], right["missed_fraction"]) == (1, 1, 0)
    assert right["macro_f1_low"] == right["macro_f1_high"] == 1
    # Four live and four dead nuclei, all called live: F1 2/3 and 0.
    assert abs(wrong["macro_f1"] - 1 / 3) < 1e-9
    assert (wrong["variant"], wrong["f1_dead"]) == ("wrong", 0)
    assert (right["steps"], right["training_frames"], right["best_epoch"], right["nuclei"]) == (15, 21, 2, 8)
    assert none["reason"] == "not asked for" and none["macro_f1"] is None and none["steps"] is None
    assert right["reason"] is None


def test_steps_given_stand():
    card, *tables = scored(False)
    card["settings"]["steps_per_epoch"] = 50
    (row,) = comparison_rows([variant("right")], [(card, *tables)])
    assert row["steps"] == 150
