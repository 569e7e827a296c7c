import keras
import numpy as np
import pytest
from livedead.net.eunet import build_eunet
from livedead.net.fused_decoder import UpsampledConv2D, in_built_in_layers


# 17,868,123 (HeLa) and 75,048,387 (CHO) are the counts of the authors' networks with three classes.
@pytest.mark.parametrize("encoder, parameters", [("B3", 17_868_123), ("B7", 75_048_387)])
def test_parameter_counts(encoder, parameters):
    assert build_eunet(encoder).count_params() == parameters


def test_decoder_layers():
    model = build_eunet("B0", 3, batch_norm_momentum=0.8, batch_norm_epsilon=0.01)
    decoder = [layer for layer in model.layers if layer.name.startswith("decoder")]
    convolutions = [layer for layer in decoder if isinstance(layer, keras.layers.Conv2D)]
    assert [layer.filters for layer in convolutions] == [256, 256, 128, 128, 64, 64, 32, 32, 16, 16]
    assert all(layer.kernel_size == (3, 3) and not layer.use_bias for layer in convolutions)
    upsampled = [layer for layer in decoder if isinstance(layer, UpsampledConv2D)]
    assert upsampled == convolutions[::2]
    assert [len(keras.tree.flatten(layer.input)) for layer in upsampled] == [2, 2, 2, 2, 1]
    norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert {(layer.momentum, layer.epsilon) for layer in norms} == {(0.8, 0.01)}
    assert model.get_layer("final_conv").use_bias and model.layers[-1].name == "softmax"


def test_probabilities_and_save_load(tmp_path):
    model = build_eunet("B0")
    image = np.random.default_rng(0).normal(size=(1, 32, 64, 3)).astype(np.float32)
    probability = keras.ops.convert_to_numpy(model(image, training=False))
    assert probability.shape == (1, 32, 64, 3)
    np.testing.assert_allclose(probability.sum(axis=-1), 1, atol=1e-5)
    in_built_in_layers(model).save(tmp_path / "net.keras")
    # No custom objects are named: everything in the file is built in.
    loaded = keras.saving.load_model(tmp_path / "net.keras", compile=False)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(loaded(image, training=False)), probability, atol=1e-5)


def test_encoder_weights_reach_the_network(tmp_path):
    from livedead.net.encoder import build_encoder

    encoder = build_encoder("B0")
    encoder.save_weights(tmp_path / "encoder.weights.h5")
    model = build_eunet("B0", encoder_weights=tmp_path / "encoder.weights.h5")
    np.testing.assert_array_equal(
        model.get_layer("block5a_dwconv").get_weights()[0], encoder.get_layer("block5a_dwconv").get_weights()[0]
    )
