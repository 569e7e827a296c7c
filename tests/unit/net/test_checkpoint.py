import numpy as np
import pytest
from livedead.desk.errors import ModelError
from livedead.net.checkpoint import Checkpoint

ARRAYS = {"model_00000": np.array([0.1, np.pi], np.float32), "optimizer_00000": np.array(3)}
HISTORY = [{"epoch": 1, "train_loss": 0.1 + 0.2}]


def test_state_comes_back_exactly(tmp_path):
    checkpoint = Checkpoint(tmp_path / "new", "code")
    assert checkpoint.load({"seed": 1}) is None
    checkpoint.save({"seed": 1, "window": (0, 1)}, ARRAYS, HISTORY)
    arrays, history = checkpoint.load({"seed": 1, "window": [0, 1]})
    assert history == HISTORY and set(arrays) == set(ARRAYS)
    for name, value in ARRAYS.items():
        np.testing.assert_array_equal(arrays[name], value)
        assert arrays[name].dtype == value.dtype


def test_state_of_another_training_is_not_taken_up(tmp_path):
    Checkpoint(tmp_path, "code").save({"seed": 1}, ARRAYS, HISTORY)
    assert Checkpoint(tmp_path, "code").load({"seed": 2}) is None
    assert Checkpoint(tmp_path, "other").load({"seed": 1}) is None


def test_an_empty_state_is_damaged_too(tmp_path):
    checkpoint = Checkpoint(tmp_path)
    checkpoint.file.touch()
    with pytest.raises(ModelError, match="state of the interrupted training is damaged"):
        checkpoint.load({})


def test_removal_and_damage(tmp_path):
    checkpoint = Checkpoint(tmp_path / "state")
    checkpoint.save({}, ARRAYS, HISTORY)
    checkpoint.file.write_bytes(checkpoint.file.read_bytes()[:100])
    with pytest.raises(ModelError, match=r"state.npz: the state of the interrupted training is damaged"):
        checkpoint.load({})
    checkpoint.remove()
    assert not (tmp_path / "state").exists()
    checkpoint.remove()
