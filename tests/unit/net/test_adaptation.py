import keras
import numpy as np
import pytest
from livedead.net.adaptation import adapt_normalisation
from livedead.net.eunet import build_eunet


@pytest.fixture(scope="module")
def network():
    keras.utils.set_random_seed(2)
    return build_eunet("B0")


def images(number, seed=0):
    return np.random.default_rng(seed).normal(size=(number, 32, 32, 3)).astype(np.float32)


def one_normalisation(mean, variance, gamma, beta):
    model = keras.Sequential([keras.Input((None, None, 1)), keras.layers.BatchNormalization(epsilon=1e-3)])
    model.set_weights([np.array([value], np.float32) for value in (gamma, beta, mean, variance)])
    return model


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_mean_and_variance_meet_those_of_the_image(share):
    image = 3 + 2 * images(1)[..., :1]
    model = adapt_normalisation(one_normalisation(1.0, 0.5, 1.5, -0.2), share)
    mean, variance = share * image.mean() + (1 - share) * 1.0, share * image.var() + (1 - share) * 0.5
    expected = 1.5 * (image - mean) / np.sqrt(variance + 1e-3) - 0.2
    np.testing.assert_allclose(model.predict_on_batch(image), expected, atol=1e-5)


def test_no_share_is_the_network_itself(network):
    assert adapt_normalisation(network, 0) is network
    nearly = adapt_normalisation(network, 1e-9)
    np.testing.assert_allclose(nearly.predict_on_batch(images(2)), network.predict_on_batch(images(2)), atol=1e-5)


def test_every_layer_is_adapted_and_every_weight_kept(network):
    adapted = adapt_normalisation(network, 0.5)
    assert [weight.path for weight in adapted.weights] == [weight.path for weight in network.weights]
    for one, other in zip(adapted.get_weights(), network.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert np.abs(adapted.predict_on_batch(images(1)) - network.predict_on_batch(images(1))).max() > 1e-3


def test_an_image_does_not_depend_on_those_beside_it(network):
    adapted, batch = adapt_normalisation(network, 0.5), images(3)
    alone = adapted.predict_on_batch(batch[:1])
    np.testing.assert_allclose(adapted.predict_on_batch(batch)[:1], alone, atol=1e-5)


def test_another_contrast_disturbs_less():
    """The same picture, fainter and brighter: with nothing but its own statistics the network sees no difference."""
    model = one_normalisation(0.0, 1.0, 1.0, 0.0)
    image = images(1)[..., :1]
    shifted = 0.4 * image + 2
    change = [
        np.abs(net.predict_on_batch(shifted) - net.predict_on_batch(image)).mean()
        for net in (model, adapt_normalisation(model, 0.5), adapt_normalisation(model, 1.0))
    ]
    assert change[0] > change[1] > change[2]
    assert change[2] < 0.02
