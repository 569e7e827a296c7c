import keras
import numpy as np
import pytest
from livedead.desk.errors import ModelError, SettingsError
from livedead.net.encoder import SKIP_LAYERS, build_encoder, load_weights


def randomise(model, seed):
    """Random weights with batch statistics that matter."""
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            shapes = [weight.shape for weight in layer.get_weights()]
            layer.set_weights([rng.uniform(0.5, 1.5, shape) for shape in shapes])


def test_layers_and_numbers_are_those_of_keras_applications():
    ours = build_encoder("B0")
    reference = keras.applications.EfficientNetB0(include_top=False, weights=None, input_shape=(None, None, 3))
    randomise(ours, seed=1)
    named = {layer.name: layer for layer in reference.layers if layer.weights}
    # The reference scales its input itself.
    scaling = [name for name in named if name.startswith("normalization")]
    ours_named = {layer.name: layer for layer in ours.layers if layer.weights}
    assert set(ours_named) == set(named) - set(scaling)
    for name, layer in ours_named.items():
        named[name].set_weights(layer.get_weights())

    image = np.random.default_rng(2).uniform(0, 1, (1, 64, 96, 3)).astype(np.float32)
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(ours(image)), keras.ops.convert_to_numpy(reference(image * 255)), atol=2e-5
    )


def test_only_built_in_layers_and_given_batch_norm_constants():
    encoder = build_encoder("B0", batch_norm_momentum=0.7, batch_norm_epsilon=0.02)
    norms = [layer for layer in encoder.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert len(norms) == 49
    assert {(layer.momentum, layer.epsilon) for layer in norms} == {(0.7, 0.02)}
    assert all(type(layer).__module__.startswith("keras.") for layer in encoder.layers)
    swish = [layer for layer in encoder.layers if isinstance(layer, keras.layers.Activation)]
    assert {keras.activations.serialize(layer.activation) for layer in swish} == {"silu"}


def test_drop_connect_rises_with_the_unscaled_number_of_blocks():
    encoder = build_encoder("B3")
    drops = {layer.name: layer.rate for layer in encoder.layers if isinstance(layer, keras.layers.Dropout)}
    # Block k of B3 (from 0): 1a 1b 2a 2b 2c ...; only blocks with a residual connection have a drop.
    assert drops["block1b_drop"] == pytest.approx(0.2 * 1 / 16)
    assert drops["block2b_drop"] == pytest.approx(0.2 * 3 / 16)
    assert drops["block7b_drop"] == pytest.approx(0.2 * 25 / 16)
    assert all(
        layer.noise_shape == (None, 1, 1, 1) for layer in encoder.layers if isinstance(layer, keras.layers.Dropout)
    )


def test_skip_layers_have_the_published_channels():
    encoder = build_encoder("B3")
    assert [encoder.get_layer(name).output.shape[-1] for name in SKIP_LAYERS] == [816, 288, 192, 144]
    assert encoder.count_params() == 10_783_528


def test_weights_file_round_trip(tmp_path):
    first = build_encoder("B0")
    first.save_weights(tmp_path / "encoder.weights.h5")
    second = build_encoder("B0", weights=tmp_path / "encoder.weights.h5")
    for one, other in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_bad_encoder_and_weights(tmp_path):
    with pytest.raises(SettingsError, match="train.encoder is 'B9'; wanted one of B0"):
        build_encoder("B9")
    with pytest.raises(ModelError, match="no such weights file"):
        build_encoder("B0", weights=tmp_path / "missing.weights.h5")
    other = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    other.save_weights(tmp_path / "other.weights.h5")
    with pytest.raises(ModelError, match="do not fit EfficientNet-B0 with 4,049,564 parameters"):
        build_encoder("B0", weights=tmp_path / "other.weights.h5")
    (tmp_path / "broken.weights.h5").write_bytes(b"no weights")
    with pytest.raises(ModelError, match="do not fit the network"):
        load_weights(other, tmp_path / "broken.weights.h5", "the network")
