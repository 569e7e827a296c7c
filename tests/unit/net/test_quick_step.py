"""Steps of the quick network against the same steps of Keras' own layers and optimizer."""

import keras
import numpy as np
import pytest
from livedead.net.determinism import set_determinism
from livedead.net.eunet import build_eunet
from livedead.net.fused_decoder import UpsampledConv2D
from livedead.net.losses import SegmentationLoss
from livedead.net.quick_step import quick_adam, quick_layers

SIDES = [(1, 1), (2, 5), (7, 4), (8, 8)]


def after_steps(model, images, truth, optimizer, loss="mse", steps=1):
    """Losses of the steps; the weights after them are in the network."""
    optimizer.build(model.trainable_variables)
    model.compile(optimizer, loss=loss, jit_compile=False)
    return [float(model.train_on_batch(images, truth)) for _ in range(steps)]


def pair(network):
    """A network and a copy of it with weights of its own."""
    copy = keras.models.clone_model(network)
    copy.set_weights(network.get_weights())
    return network, copy


def agree(quick, plain, tolerance):
    for one, other in zip(quick, plain, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=tolerance * np.abs(other).max())


@pytest.mark.parametrize("height, width", SIDES)
@pytest.mark.parametrize("strides", [1, 2])
def test_depthwise_kernels_of_five(height, width, strides):
    rng = np.random.default_rng(0)
    image = keras.Input((None, None, 3))
    x = keras.layers.Conv2D(4, 1)(image)
    x = keras.layers.DepthwiseConv2D(5, strides, padding="same", use_bias=False)(x)
    plain, copy = pair(keras.Model(image, x))
    images = rng.standard_normal((2, height, width, 3)).astype(np.float32)
    truth = rng.standard_normal((2, -(-height // strides), -(-width // strides), 4)).astype(np.float32)
    before = plain.get_weights()
    # At rate 1 of plain descent the weights lose their gradient.
    with quick_layers(copy):
        losses = [after_steps(m, images, truth, keras.optimizers.SGD(1.0)) for m in (copy, plain)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-6)
    gradients = [[b - a for b, a in zip(before, m.get_weights(), strict=True)] for m in (copy, plain)]
    assert all(np.abs(gradient).max() > 0 for gradient in gradients[1])
    agree(*gradients, 2e-5)


@pytest.mark.parametrize("shape", [(3, 5, 4), (1, 2, 1), (1, 1, 1)])
def test_batch_normalisation_and_what_it_keeps(shape):
    rng = np.random.default_rng(1)
    image = keras.Input((None, None, 3))
    # A bias would have no gradient but rounding.
    x = keras.layers.Conv2D(4, 1, use_bias=False)(image)
    x = keras.layers.BatchNormalization(momentum=0.7, epsilon=1e-2)(x)
    plain, copy = pair(keras.Model(image, x))
    images = (3 + 2 * rng.standard_normal((*shape, 3))).astype(np.float32)
    truth = rng.standard_normal((*shape, 4)).astype(np.float32)
    with quick_layers(copy):
        for network in (copy, plain):
            after_steps(network, images, truth, keras.optimizers.SGD(0.1), steps=2)
        # Outside training it uses what it kept.
        agree(copy.predict_on_batch(images)[None], plain.predict_on_batch(images)[None], 2e-5)
    agree(copy.get_weights(), plain.get_weights(), 2e-5)
    assert not np.allclose(plain.layers[-1].moving_mean, 0)


def test_adam_in_one_kernel():
    rng = np.random.default_rng(2)
    image = keras.Input((5,))
    plain, copy = pair(keras.Model(image, keras.layers.Dense(3)(image)))
    images, truth = (rng.standard_normal((4, k)).astype(np.float32) for k in (5, 3))
    before = plain.get_weights()
    stock = keras.optimizers.Adam(0.01, beta_1=0.9, beta_2=0.999, epsilon=1e-7)
    for network, optimizer in ((copy, quick_adam(0.02)), (plain, stock)):
        optimizer.build(network.trainable_variables)
        network.compile(optimizer, loss="mse", jit_compile=False)
        for rate in (0.01, 0.03, 0.002):
            network.optimizer.learning_rate = rate
            network.train_on_batch(images, truth)
    # Of the length of a step, not of the weights: 1 - beta is rounded otherwise.
    moved = [[a - b for a, b in zip(network.get_weights(), before, strict=True)] for network in (copy, plain)]
    agree(*moved, 2e-5)
    kept = [[np.asarray(v) for v in network.optimizer.variables] for network in (copy, plain)]
    agree(*kept, 2e-5)


def small_network():
    """All that the quick network replaces, twice, among what it leaves."""
    image = keras.Input((None, None, 3))
    x = keras.layers.Conv2D(8, 3, 2, padding="same", use_bias=False)(image)
    for _ in range(2):
        x = keras.layers.BatchNormalization(momentum=0.9)(x)
        x = keras.layers.Activation("silu")(x)
        x = keras.layers.DepthwiseConv2D(5, padding="same", use_bias=False)(x)
    x = keras.layers.Dropout(0.3, noise_shape=(None, 1, 1, 1), seed=1)(x)
    x = keras.layers.BatchNormalization(momentum=0.9)(x)
    x = UpsampledConv2D(3)(x)
    return keras.Model(image, keras.layers.Activation("softmax")(x))


def small_batch():
    rng = np.random.default_rng(5)
    images = rng.standard_normal((4, 16, 24, 3)).astype(np.float32)
    return images, np.eye(3, dtype=np.float32)[rng.integers(0, 3, (4, 16, 24))]


def test_a_network_learns_the_same():
    plain, copy = pair(small_network())
    before = plain.get_weights()
    with quick_layers(copy):
        for network in (copy, plain):
            after_steps(network, *small_batch(), keras.optimizers.SGD(1.0), SegmentationLoss(1, 1))
    agree(*[[a - b for a, b in zip(m.get_weights(), before, strict=True)] for m in (copy, plain)], 1e-4)


def test_repeated_steps_are_equal_to_the_last_bit():
    found = []
    for _ in range(2):
        set_determinism(6, 1)
        network = small_network()
        with quick_layers(network):
            after_steps(network, *small_batch(), quick_adam(1e-3), SegmentationLoss(1, 1), steps=3)
        found.append([keras.ops.convert_to_numpy(v) for v in network.variables])
    assert all(np.array_equal(one, other) for one, other in zip(*found, strict=True))


def test_layers_are_quick_within_and_stay_what_they_are():
    network = build_eunet("B0", 3, 0.9, 1e-3)
    kinds = [type(layer) for layer in network.layers]
    images = small_batch()[0][:, :, :16].repeat(2, axis=1).repeat(2, axis=2)
    wanted = network(images, training=False)
    with pytest.raises(ZeroDivisionError), quick_layers(network):
        changed = [kind for kind, layer in zip(kinds, network.layers, strict=True) if kind is not type(layer)]
        assert {keras.layers.BatchNormalization, keras.layers.DepthwiseConv2D} == set(changed)
        assert changed.count(keras.layers.BatchNormalization) == kinds.count(keras.layers.BatchNormalization)
        assert np.array_equal(network(images, training=False), wanted)
        1 / 0  # noqa: B018
    assert [type(layer) for layer in network.layers] == kinds
