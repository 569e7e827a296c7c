"""The fused stages of the decoder against the three stock layers they stand for."""

import keras
import numpy as np
import pytest
from livedead.net.eunet import build_eunet
from livedead.net.fused_decoder import UpsampledConv2D, in_built_in_layers
from livedead.net.losses import SegmentationLoss
from livedead.net.weight_files import load_by_name, load_weights

from tests.stock_network import stock_eunet

from .old_keras import randomise, write_old_weights


def three_layers(filters, small, large):
    """Upsampling, joining, convolution."""
    x = keras.layers.UpSampling2D(2)(small)
    x = x if large is None else keras.layers.Concatenate()([x, large])
    return keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)


def pair(channels, joined, filters):
    """The fused layer and the three layers as networks with one kernel of random numbers."""
    inputs = [keras.Input((None, None, channels))] + ([keras.Input((None, None, joined))] if joined else [])
    given = inputs if joined else inputs[0]
    fused = keras.Model(given, UpsampledConv2D(filters)(given))
    plain = keras.Model(given, three_layers(filters, inputs[0], inputs[1] if joined else None))
    kernel = np.random.default_rng(channels).standard_normal((3, 3, channels + joined, filters)).astype(np.float32)
    for network in (fused, plain):
        network.set_weights([kernel])
    return fused, plain


def images(channels, joined, height, width, batch=2):
    rng = np.random.default_rng(0)
    small = rng.standard_normal((batch, height, width, channels)).astype(np.float32)
    return [small, rng.standard_normal((batch, 2 * height, 2 * width, joined)).astype(np.float32)] if joined else small


def gradients(model, given, wanted, loss):
    """Steps of plain gradient descent at rate 1, whatever the backend: the gradient of every weight."""
    before = [keras.ops.convert_to_numpy(w) for w in model.trainable_variables]
    model.compile(keras.optimizers.SGD(1.0), loss=loss, jit_compile=False)
    model.train_on_batch(given, wanted)
    return [b - keras.ops.convert_to_numpy(w) for b, w in zip(before, model.trainable_variables, strict=True)]


# The last two have many channels per filter: the other way of computing.
SIZES = [(5, 3, 4), (8, 0, 3), (1, 1, 1), (3, 7, 2), (25, 3, 5), (11, 0, 1)]


@pytest.mark.parametrize("height, width", [(1, 1), (1, 5), (4, 3)])
@pytest.mark.parametrize("channels, joined, filters", SIZES)
def test_outputs_up_to_the_edges(channels, joined, filters, height, width):
    fused, plain = pair(channels, joined, filters)
    given = images(channels, joined, height, width)
    found, wanted = fused.predict_on_batch(given), plain.predict_on_batch(given)
    assert found.shape == (2, 2 * height, 2 * width, filters)
    np.testing.assert_allclose(found, wanted, atol=1e-5 * np.abs(wanted).max())


@pytest.mark.parametrize("channels, joined, filters", SIZES)
def test_gradients_of_kernel_and_images(channels, joined, filters):
    found = []
    for network in pair(channels, joined, filters):
        # A convolution before it: its gradient passes through the gradient of the image.
        first = keras.layers.Conv2D(channels, 1, kernel_initializer="ones", name="first")
        inputs = [keras.Input((None, None, channels))] + ([keras.Input((None, None, joined))] if joined else [])
        changed = first(inputs[0])
        output = network([changed, inputs[1]] if joined else changed)
        model = keras.Model(inputs, output)
        given = images(channels, joined, 3, 5)
        target = np.random.default_rng(1).standard_normal((2, 6, 10, filters)).astype(np.float32)
        found.append(gradients(model, given, target, "mse"))
    assert len(found[0]) == 3
    for one, other in zip(*found, strict=True):
        assert np.abs(other).max() > 0
        np.testing.assert_allclose(one, other, atol=2e-5 * np.abs(other).max())


@pytest.fixture(scope="module")
def networks():
    """The network of the package and the stock one, with the same uneven weights."""
    keras.utils.set_random_seed(3)
    fused, plain = build_eunet("B0", 3, 0.9, 1e-3), randomise(stock_eunet("B0", 3, 0.9, 1e-3), seed=4)
    fused.set_weights(plain.get_weights())
    return fused, plain


def scene(batch=2, height=64, width=96):
    rng = np.random.default_rng(2)
    image = rng.standard_normal((batch, height, width, 3)).astype(np.float32)
    return image, np.eye(3, dtype=np.float32)[rng.integers(0, 3, (batch, height, width))]


def test_whole_networks_say_the_same(networks):
    fused, plain = networks
    image, _ = scene()
    found, wanted = (network.predict_on_batch(image) for network in networks)
    assert np.ptp(wanted) > 0.1
    np.testing.assert_allclose(found, wanted, atol=1e-5)
    assert [w.path for w in fused.weights] == [w.path for w in plain.weights]
    assert [w.shape for w in fused.weights] == [w.shape for w in plain.weights]
    assert sum(isinstance(layer, UpsampledConv2D) for layer in fused.layers) == 5


def test_same_first_weights_from_the_same_seed():
    built = []
    for build in (build_eunet, stock_eunet):
        keras.utils.set_random_seed(11)
        built.append(build("B0").get_weights())
    assert all(np.array_equal(one, other) for one, other in zip(*built, strict=True))


def test_weight_files_fit_both_ways(networks, tmp_path):
    stock = networks[1]
    fused, plain = build_eunet("B0", 3, 0.9, 1e-3), stock_eunet("B0", 3, 0.9, 1e-3)
    stock.save_weights(tmp_path / "stock.weights.h5")
    load_weights(fused, tmp_path / "stock.weights.h5", "the network")
    fused.save_weights(tmp_path / "fused.weights.h5")
    load_weights(plain, tmp_path / "fused.weights.h5", "the network")
    for one, other, wanted in zip(fused.get_weights(), plain.get_weights(), stock.get_weights(), strict=True):
        np.testing.assert_array_equal(one, wanted)
        np.testing.assert_array_equal(other, wanted)


@pytest.mark.parametrize("load", [load_by_name, load_weights])
def test_files_of_older_keras(networks, tmp_path, load):
    stock, fused = networks[1], build_eunet("B0", 3, 0.9, 1e-3)
    write_old_weights(tmp_path / "old.h5", stock)
    load(fused, tmp_path / "old.h5", "the network")
    assert all(np.array_equal(a, b) for a, b in zip(fused.get_weights(), stock.get_weights(), strict=True))


def test_a_whole_file_names_the_layer_of_this_package(tmp_path):
    fused, _ = pair(5, 3, 4)
    given = images(5, 3, 2, 2)
    fused.save(tmp_path / "net.keras")
    loaded = keras.saving.load_model(tmp_path / "net.keras")
    assert isinstance(loaded.layers[-1], UpsampledConv2D)
    np.testing.assert_array_equal(loaded.predict_on_batch(given), fused.predict_on_batch(given))


def test_built_in_layers_say_the_same_to_anyone(networks):
    fused, _ = networks
    plain = in_built_in_layers(fused)
    image, _ = scene()
    np.testing.assert_allclose(plain.predict_on_batch(image), fused.predict_on_batch(image), atol=1e-5)
    assert {type(layer).__module__.partition(".")[0] for layer in plain.layers} == {"keras"}


@pytest.fixture
def double_precision():
    single, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    # Once a policy was set, layers follow it alone.
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx(single)
    keras.config.set_dtype_policy(policy)


@pytest.mark.skipif(keras.backend.backend() == "jax", reason="JAX computes in single precision unless told otherwise")
def test_gradient_of_every_weight(double_precision):
    # In single precision rounding can push one value over the kink of a ReLU, and the gradient jumps.
    keras.utils.set_random_seed(3)
    fused, plain = build_eunet("B0", 3, 0.9, 1e-3), randomise(stock_eunet("B0", 3, 0.9, 1e-3), seed=4)
    fused.set_weights(plain.get_weights())
    image, truth = scene()
    found = []
    for network in (fused, plain):
        # Drop-connect draws anew in every network.
        for layer in network.layers:
            if isinstance(layer, keras.layers.Dropout):
                layer.rate = 0
        found.append(gradients(network, image, truth, SegmentationLoss(1, 1)))
    assert {gradient.dtype for gradient in found[1]} == {np.dtype("float64")}
    largest = max(np.abs(gradient).max() for gradient in found[1])
    assert largest > 0
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-12 * largest)
