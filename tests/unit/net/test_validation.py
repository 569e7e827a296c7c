import math

import keras
import numpy as np
import pytest
from livedead.net.losses import SegmentationLoss
from livedead.net.validation import class_dice, validate


class Half(keras.Model):
    """Says live with probability 1/2, dead 1/4, background 1/4, whatever it sees."""

    def predict_on_batch(self, images):
        return np.broadcast_to(np.array([0.5, 0.25, 0.25], np.float32), images.shape)


def test_scores_by_hand_over_frames_of_different_size():
    live, rest = np.ones((32, 32), np.uint8), np.zeros((32, 96), np.uint8)
    rest[:, :32] = 2
    frames = [(live * 0.0, live), (rest * 0.0, rest)]
    settings = {"input_scaling": "window", "input_window": [0, 1]}
    found = validate(Half(), frames, SegmentationLoss(1, 1), settings)
    # Of 4 squares one is live, one dead, two background; all are called live.
    focal = (0.25 * 1 + 3 * 0.5625 * 2) / 4
    dice = 1 - (2 * 0.5 / (1 + 2) + 2 * 0.25 / (1 + 1) + 2 * 0.5 / (2 + 1)) / 3
    assert found["validation_loss"] == pytest.approx(focal + dice, rel=1e-5)
    assert found["validation_dice"] == pytest.approx((2 / 5 + 0) / 2)


def test_class_dice_by_hand():
    assert class_dice([[3, 1, 0], [2, 0, 0], [0, 0, 0]]) == [pytest.approx(6 / 9), 0, None]


def test_validation_set_without_cells():
    empty = [(np.zeros((32, 32)), np.zeros((32, 32), np.uint8))]

    class Background(keras.Model):
        def predict_on_batch(self, images):
            return np.broadcast_to(np.array([0, 0, 1], np.float32), images.shape)

    found = validate(
        Background(), empty, SegmentationLoss(1, 1), {"input_scaling": "per_image", "input_window": [0, 1]}
    )
    assert found["validation_dice"] is None
    assert math.isclose(found["validation_loss"], 0, abs_tol=1e-5)
