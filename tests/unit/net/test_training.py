import json
import time

import keras
import numpy as np
import pytest
from livedead.desk.errors import DataError, ModelError, SettingsError
from livedead.net import training as training_module
from livedead.net.checkpoint import Checkpoint
from livedead.net.determinism import set_determinism
from livedead.net.eunet import build_eunet
from livedead.net.losses import SegmentationLoss
from livedead.net.training import collect_state, restore_state, run_epochs, train_network

from .conftest import field, tiny_network


class Stopped(Exception):  # noqa: N818 - a stand-in for a kill, not an error
    pass


class Killed(Checkpoint):
    """Dies after the state of the given epoch has been written."""

    def __init__(self, folder, epoch):
        super().__init__(folder)
        self.epoch = epoch

    def save(self, identity, arrays, history):
        super().save(identity, arrays, history)
        if len(history) == self.epoch:
            raise Stopped


def run(folder, fields, settings, seed=7, checkpoint=None):
    set_determinism(seed, 1)
    model, loss = tiny_network(), SegmentationLoss(**settings["loss"])
    optimizer = keras.optimizers.Adam(settings["learning_rate"])
    optimizer.build(model.trainable_variables)
    model.compile(optimizer, loss=loss, jit_compile=False)
    checkpoint = checkpoint or Checkpoint(folder)
    history = run_epochs(model, fields[:4], fields[4:], loss, settings, seed, checkpoint, {"seed": seed})
    return model, history


def test_a_killed_training_goes_on_bit_exactly(tmp_path, fields, settings):
    settings |= {"epochs": 4, "schedule": "plateau", "plateau_patience": 1}
    whole, history = run(tmp_path / "whole", fields, settings)
    with pytest.raises(Stopped):
        run(None, fields, settings, checkpoint=Killed(tmp_path / "cut", 2))
    # The second attempt starts from other random weights; all must come from the file.
    resumed, resumed_history = run(tmp_path / "cut", fields, settings)
    assert resumed_history == history and len(history) == 4
    one = np.load(tmp_path / "whole" / "state.npz")
    other = np.load(tmp_path / "cut" / "state.npz")
    assert set(one.files) == set(other.files)
    for name in set(one.files) - {"notes"}:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)
    for value, again in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_array_equal(value, again)


def test_two_runs_are_equal_and_another_seed_differs(tmp_path, fields, settings):
    settings["epochs"] = 1
    first, history = run(tmp_path / "1", fields, settings)
    second, again = run(tmp_path / "2", fields, settings)
    assert history == again
    for value, same in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(value, same)
    assert run(tmp_path / "3", fields, settings, seed=8)[1] != history


def test_batches_made_side_by_side_come_in_their_order(tmp_path, fields, settings, monkeypatch):
    settings["epochs"] = 1
    _, history = run(tmp_path / "1", fields, settings)
    made, begun = [], []

    def slower_at_first(frames, seed, epoch, step, *rest):
        begun.append(step)
        # The first one waits until others are under way, for ten seconds at most.
        waits = iter(range(10_000))
        while step == 0 and len(begun) < 3 and next(waits, None) is not None:
            time.sleep(0.001)
        made.append(step)
        return training_batch(frames, seed, epoch, step, *rest)

    training_batch = training_module.training_batch
    monkeypatch.setattr(training_module, "training_batch", slower_at_first)
    assert run(tmp_path / "2", fields, settings)[1] == history
    assert sorted(made) == [0, 1, 2, 3]
    assert made[0] != 0


def test_a_small_problem_is_learned(tmp_path, fields, settings):
    settings |= {"epochs": 8, "steps_per_epoch": 10, "learning_rate": 0.03}
    _, history = run(tmp_path, fields, settings)
    assert history[-1]["train_loss"] < 0.6 * history[0]["train_loss"]
    assert history[-1]["validation_dice"] > 0.9
    assert [row["epoch"] for row in history] == list(range(1, 9))
    assert history[-1]["learning_rate"] < 0.001 < history[0]["learning_rate"]


def test_weights_of_the_best_epoch_are_kept(tmp_path, fields, settings, monkeypatch):
    losses, seen = iter([3.0, 1.0, 2.0]), []

    def scripted(model, *_):
        seen.append(model.get_weights())
        return {"validation_loss": next(losses), "validation_dice": 0.5}

    monkeypatch.setattr(training_module, "validate", scripted)
    model, history = run(tmp_path, fields, settings)
    assert [row["validation_loss"] for row in history] == [3.0, 1.0, 2.0]
    assert not np.array_equal(seen[1][0], seen[2][0])
    for kept, second in zip(model.get_weights(), seen[1], strict=True):
        np.testing.assert_array_equal(kept, second)


def test_state_holds_dropout_generators(settings):
    model = tiny_network()
    model.compile(keras.optimizers.Adam(), loss="mse", jit_compile=False)
    x, y = np.ones((2, 32, 32, 3), np.float32), np.ones((2, 32, 32, 3), np.float32)
    model.train_on_batch(x, y)
    state = collect_state(model, model.get_weights())
    after = model.train_on_batch(x, y), model.get_weights()
    best = restore_state(model, state)
    model.reset_metrics()
    for value, kept in zip(best, model.get_weights(), strict=True):
        np.testing.assert_array_equal(value, kept)
    model.train_on_batch(x, y)
    for value, again in zip(after[1], model.get_weights(), strict=True):
        np.testing.assert_array_equal(value, again)


def test_infinite_loss_stops_the_training(tmp_path, fields, settings):
    settings |= {"schedule": "constant", "learning_rate": float("nan")}
    with pytest.raises(DataError, match="train_loss of epoch 1 is nan; lower train.learning_rate"):
        run(tmp_path, fields, settings)


def test_whole_training_with_card(tmp_path, settings, caplog):
    settings |= {"epochs": 1, "steps_per_epoch": 2, "batch_size": 2, "schedule": "constant"}
    training = [field(seed, side=40) for seed in range(3)]
    caplog.set_level("INFO")
    model, history, card = train_network(training, training[:1], settings, 11, 1, Checkpoint(tmp_path))
    rates = {"epoch", "learning_rate", "train_loss", "validation_loss", "validation_dice"}
    assert set(history[0]) == rates | {"steps", "batch_size", "crop_px"}
    assert [history[0][name] for name in ("steps", "batch_size", "crop_px")] == [2, 2, 32]
    assert card["ran"]["optimizer"] == {"name": "Adam", "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
    assert card["ran"]["loss"] == settings["loss"] and card["ran"]["frozen_layers"] == 0
    assert card["parameters"] == model.count_params() == 10_115_791
    assert card["classes"] == ["live", "dead", "background"]
    assert card["data"]["training"]["frames"] == 3 and card["data"]["validation"]["frames"] == 1
    assert card["scores"]["best_epoch"] == 1 and card["seed"] == 11
    assert card["settings"] == settings and card["versions"]["keras"] == keras.__version__
    assert json.loads(json.dumps(card)) == card
    assert any("Epoch 1 of 1" in message and "to go" in message for message in caplog.messages)


@pytest.mark.large
def test_whole_training_in_mixed_precision_keeps_weights_of_full_precision(tmp_path, settings):
    settings |= {"epochs": 1, "steps_per_epoch": 2, "batch_size": 2, "schedule": "constant", "learning_rate": 0.0}
    frames = [field(seed, side=40) for seed in range(2)]
    found = {}
    for precision in ("float32", "mixed_bfloat16"):
        given = frames, frames[:1], settings | {"precision": precision}, 11, 1, Checkpoint(tmp_path / precision)
        model, history, card = train_network(*given)
        found[precision] = history[0]["train_loss"]
        assert {keras.backend.standardize_dtype(weight.dtype) for weight in model.weights} == {"float32"}
        assert card["settings"]["precision"] == precision
    # bfloat16 has three digits, and the deepest layer normalises over two pixels.
    assert found["mixed_bfloat16"] == pytest.approx(found["float32"], rel=0.1) and len(set(found.values())) == 2
    assert keras.config.dtype_policy().name == "float32"


def test_a_training_starts_from_another_network_and_rehearses(tmp_path, settings):
    settings |= {"epochs": 1, "steps_per_epoch": 1, "schedule": "constant", "learning_rate": 0.0}
    settings |= {"start_from": "hela", "rehearsal": 0.5}
    first = build_eunet("B0", 3, 0.9, 1e-3)
    start = tmp_path / "first.weights.h5"
    first.save_weights(start)
    other = dict(checkpoint=Checkpoint(tmp_path), start=str(start), rehearsal=[field(1), field(3)])
    second, _, card = train_network([field(4)], [field(2)], settings, 9, 1, **other)
    for mine, earlier in zip(second.trainable_weights, first.trainable_weights, strict=True):
        np.testing.assert_array_equal(mine.numpy(), earlier.numpy())
    assert card["start"]["name"] == "hela" and len(card["start"]["sha256"]) == 64
    assert "encoder_weights" not in card
    # What was rehearsed is told apart from what was learned.
    assert card["data"]["training"]["frames"] == 1 and card["data"]["rehearsal"]["frames"] == 2


@pytest.mark.parametrize(
    "change, error, text",
    [
        ({"encoder": "B8"}, SettingsError, "train.encoder is 'B8'"),
        ({"epochs": 0}, SettingsError, "train.epochs is 0"),
        ({"encoder_weights": "nowhere.h5"}, ModelError, "nowhere.h5: no such weights file"),
        ({"loss": {"variant": "mine"}}, SettingsError, "train.loss.variant is 'mine'"),
    ],
)
def test_bad_settings(tmp_path, fields, settings, change, error, text):
    with pytest.raises(error, match=text):
        train_network(fields, fields, settings | change, 1, 1, Checkpoint(tmp_path))


def test_bad_data(tmp_path, fields, settings):
    with pytest.raises(DataError, match="The training data cannot be used. There is no labelled frame"):
        train_network([], fields, settings, 1, 1, Checkpoint(tmp_path))
    foreign = [(fields[0][0], fields[0][1] + 1)]
    with pytest.raises(DataError, match="The validation data cannot be used. The label map of frame 0 holds 3"):
        train_network(fields, foreign, settings, 1, 1, Checkpoint(tmp_path))
    with pytest.raises(DataError, match="smallest training frame has 48 pixels .* train.crop_px is 64"):
        train_network(fields, fields, settings | {"crop_px": 64}, 1, 1, Checkpoint(tmp_path))
