import math

import keras
import numpy as np
import pytest
from keras import ops
from livedead.desk.errors import SettingsError
from livedead.net.losses import SegmentationLoss, focal_sums, overlap_sums

# Two images of one row of two pixels; true classes live, dead / background, live.
TARGET = np.eye(3, dtype=np.float32)[[[[0, 1]], [[2, 0]]]]
PROBABILITY = np.array(
    [[[[0.5, 0.25, 0.25], [0.25, 0.25, 0.5]]], [[[0.0, 0.0, 1.0], [0.75, 0.125, 0.125]]]], dtype=np.float32
)
# Probability of the true class: 1/2, 1/4, 1, 3/4.
FOCAL = (0.25 * 1 + 0.5625 * 2 + 0 + 0.0625 * -math.log2(0.75)) / 4
# live: TP 1.25, true 2, predicted 1.5; dead: TP .25, true 1, predicted .625; background: TP 1, true 1, predicted 1.875
DICE = 1 - (2.5 / 3.5 + 0.5 / 1.625 + 2 / 2.875) / 3


def value(loss):
    return float(loss(TARGET, PROBABILITY))


def test_paper_losses_by_hand():
    assert value(SegmentationLoss(1, 0)) == pytest.approx(FOCAL, rel=1e-6)
    assert value(SegmentationLoss(0, 1)) == pytest.approx(DICE, rel=1e-6)
    assert value(SegmentationLoss(2, 3)) == pytest.approx(2 * FOCAL + 3 * DICE, rel=1e-6)


def test_gamma_by_hand():
    # gamma 0 is the cross entropy in bits.
    assert value(SegmentationLoss(1, 0, focal_gamma=0)) == pytest.approx((1 + 2 + 0 - math.log2(0.75)) / 4)


def test_authors_code_by_hand():
    focal = SegmentationLoss(1, 0, variant="authors_code")
    assert value(focal) == pytest.approx(0.25 * math.log(2) / 3 * FOCAL, rel=1e-6)
    smooth = 1 - ((2.5 + 1e-5) / (3.5 + 1e-5) + (0.5 + 1e-5) / (1.625 + 1e-5) + (2 + 1e-5) / (2.875 + 1e-5)) / 3
    assert value(SegmentationLoss(0, 1, variant="authors_code")) == pytest.approx(smooth, rel=1e-6)
    assert value(SegmentationLoss(4, 1, variant="authors_code")) == pytest.approx(4 * value(focal) + smooth, rel=1e-6)


def test_sums_by_hand():
    np.testing.assert_allclose(
        ops.convert_to_numpy(focal_sums(TARGET, PROBABILITY)),
        [0.25 * math.log(2) - 0.0625 * math.log(0.75), 0.5625 * math.log(4), 0],
        rtol=1e-6,
    )
    positives, areas = overlap_sums(TARGET, PROBABILITY)
    np.testing.assert_allclose(ops.convert_to_numpy(positives), [1.25, 0.25, 1])
    np.testing.assert_allclose(ops.convert_to_numpy(areas), [3.5, 1.625, 2.875])


def test_batch_loss_is_that_of_added_sums():
    loss = SegmentationLoss(1, 1)
    parts = [ops.convert_to_numpy(loss.sums(TARGET[k : k + 1], PROBABILITY[k : k + 1])) for k in range(2)]
    assert float(loss.value(sum(parts))) == pytest.approx(value(loss), rel=1e-6)


def test_perfect_wrong_and_absent():
    background = np.zeros((1, 4, 4, 3), np.float32)
    background[..., 2] = 1
    loss = SegmentationLoss(1, 1)
    assert float(loss(background, background)) == pytest.approx(0, abs=1e-6)
    live = np.roll(background, 1, axis=-1)
    # Every pixel costs log2 of 1e7; live and background have Dice 0, dead is absent.
    assert float(loss(background, live)) == pytest.approx(7 * math.log2(10) + 2 / 3, rel=1e-4)


@pytest.mark.parametrize("gamma", [0, 0.5, 2])
@pytest.mark.parametrize("turn", [0, 1])
def test_gradient_is_finite_where_a_probability_is_one_or_zero(turn, gamma):
    class Guess(keras.layers.Layer):
        def build(self, _):
            self.logits = self.add_weight(shape=(1, 2, 2, 3), initializer="zeros")

        def call(self, inputs):
            return ops.softmax(self.logits * 200 + inputs)

    target = np.eye(3, dtype=np.float32)[[[[0, 1], [2, 2]]]]
    model = keras.Sequential([Guess()])
    model.compile(keras.optimizers.SGD(1e-3), loss=SegmentationLoss(1, 1, focal_gamma=gamma), jit_compile=False)
    sure = np.roll(target, turn, axis=-1) * 200
    assert np.isfinite(model.train_on_batch(sure, target))
    assert np.isfinite(model.get_weights()[0]).all()


@pytest.mark.parametrize("arguments", [(0, 0), (-1, 1)])
def test_bad_weights(arguments):
    with pytest.raises(SettingsError, match="focal_weight"):
        SegmentationLoss(*arguments)


def test_bad_variant():
    with pytest.raises(SettingsError, match="variant is 'keras'; wanted one of paper, authors_code"):
        SegmentationLoss(variant="keras")
