import numpy as np
from livedead.net.encoder import build_encoder
from livedead.net.eunet import build_eunet
from livedead.net.films import predict_film
from livedead.net.pretrained import take_encoder


def test_the_encoder_of_a_network_starts_another_one(tmp_path):
    trained = build_eunet("B0")
    # Running means and variances are part of what was learned.
    trained.set_weights([weights + 0.01 * n for n, weights in enumerate(trained.get_weights())])
    file = tmp_path / "encoder.weights.h5"
    take_encoder(trained, "B0").save_weights(file)
    started = build_eunet("B0", encoder_weights=file)
    layers = [layer for layer in build_encoder("B0").layers if layer.weights]
    assert len(layers) > 100
    for layer in layers:
        both = trained.get_layer(layer.name).get_weights(), started.get_layer(layer.name).get_weights()
        for learned, taken in zip(*both, strict=True):
            np.testing.assert_array_equal(learned, taken)
    decoders = [model.get_layer("decoder_stage0a_conv").get_weights()[0] for model in (trained, started)]
    assert not np.array_equal(*decoders)


def test_a_film_is_predicted_as_labels_and_bytes():
    phase = np.random.default_rng(0).normal(0.5, 0.3, (3, 1, 40, 36)).astype(np.float32)
    settings = {"input_scaling": "window", "input_window": [-0.6, 2.4]}
    film = predict_film(build_eunet("B0"), phase, settings, 2)
    assert film["channels"] == ("live", "dead", "background")
    assert [frame.shape for frame in film["probability"]] == [(3, 40, 36)] * 3
    for labels, probability in zip(film["semantic"], film["probability"], strict=True):
        assert labels.shape == (1, 40, 36) and labels.dtype == probability.dtype == np.uint8
        np.testing.assert_array_equal(labels[0], np.array([1, 2, 0])[probability.argmax(axis=0)])
