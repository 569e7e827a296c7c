import json
import os
import subprocess
import sys

import keras
import numpy as np
import pytest
from livedead.desk.errors import ModelError, SettingsError
from livedead.net import engines
from livedead.net.channels import CHANNELS
from livedead.net.engines import make_predictor, make_quantized
from livedead.net.eunet import build_eunet
from livedead.net.inference import predict_probability
from livedead.net.inputs import network_input, scale_phase
from livedead.net.int8_check import CHANGES, int8_record

from tests.unit.net.exported import SETTINGS, phase_image, small_network

CARD = {"name": "eunet_b0", "encoder": "B0", "classes": list(CHANNELS), "settings": SETTINGS, "seed": 1}
WHOLE = {"engine": "keras", "adapt_normalisation": 0.0, "tile_px": None, "tile_overlap_px": 0}
WINDOW = (SETTINGS["input_scaling"], SETTINGS["input_window"])


# Their means are those of the batch statistics: elsewhere a random network multiplies rounding from layer to layer.
SEEN = [phase_image((128, 160), seed) for seed in range(6)]
FRAMES = [image[:118, :150] for image in SEEN[:2]]


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """Weights of a B0 whose batch statistics fit cells."""
    keras.utils.set_random_seed(1)
    model = build_eunet("B0", batch_norm_momentum=0.0)
    model(np.stack([network_input(scale_phase(image, *WINDOW)) for image in SEEN]), training=True)
    last = model.get_layer("final_conv")
    # Not surer of its classes than a network of a few steps.
    last.kernel.assign(0.2 * last.kernel)
    file = tmp_path_factory.mktemp("model") / "model.weights.h5"
    model.save_weights(file)
    return file


def predicted(weights, frames, **settings):
    network = make_predictor(CARD, weights, 1, WHOLE | settings)
    assert network.name == "eunet_b0"
    return np.stack(list(predict_probability(network, frames, *WINDOW, len(frames))))


@pytest.mark.parametrize("adapted", [0.0, 0.5])
def test_openvino_gives_the_numbers_of_keras(weights, adapted):
    pytest.importorskip("openvino", reason="openvino is not installed (extra engines)")
    wanted = predicted(weights, FRAMES, adapt_normalisation=adapted)
    found = predicted(weights, FRAMES, adapt_normalisation=adapted, engine="openvino")
    assert found.shape == (2, 118, 150, 3)
    assert np.ptp(wanted[..., 0]) > 0.1
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-5)


def test_onnx_runtime_gives_the_numbers_of_keras(weights, monkeypatch):
    # The conversion of a whole network takes its time and is tested with its export.
    monkeypatch.setattr(engines, "restore_network", lambda *given: small_network())
    wanted = predicted(weights, FRAMES)
    found = predicted(weights, FRAMES, engine="onnxruntime")
    assert np.ptp(wanted[..., 0]) > 0.1
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-5)


def test_tiles_are_those_of_the_settings(weights, monkeypatch):
    monkeypatch.setattr(engines, "restore_network", lambda *given: small_network())
    frame = phase_image((160, 96), 7)
    found = predicted(weights, [frame], tile_px=96, tile_overlap_px=32)
    # The seam is in the middle of what the two tiles share.
    top, bottom = predicted(weights, [frame[:96]]), predicted(weights, [frame[64:]])
    np.testing.assert_allclose(found[0], np.concatenate([top[0, :80], bottom[0, 16:]]), atol=1e-5)
    with pytest.raises(SettingsError, match="wanted an overlap smaller than the tile"):
        predicted(weights, [frame], tile_px=96, tile_overlap_px=96)


@pytest.mark.parametrize(
    ("engine", "package", "modules"),
    [
        ("onnxruntime", "onnxruntime", ["onnx_check"]),
        ("openvino", "openvino", ["openvino_engine", "openvino_graph"]),
    ],
)
def test_a_package_that_is_missing_is_named(weights, monkeypatch, engine, package, modules):
    monkeypatch.setattr(engines, "restore_network", lambda *given: small_network())
    monkeypatch.setitem(sys.modules, package, None)
    for name in modules:
        monkeypatch.delitem(sys.modules, f"livedead.net.{name}", raising=False)
    with pytest.raises(SettingsError, match=f"predict.engine is {engine}, and the package {package} is not installed"):
        predicted(weights, FRAMES, engine=engine)


def test_int8_without_its_check_is_refused(weights):
    with pytest.raises(ModelError, match="predict.engine is int8, and .*model.int8.xml is not there"):
        predicted(weights, FRAMES, engine="int8")


def test_quantized_network(weights, tmp_path):
    for package in ("openvino", "nncf"):
        pytest.importorskip(package, reason=f"{package} is not installed (extra engines)")
    film = [image[None] for image in SEEN]
    original, quantized, write = make_quantized(CARD, weights, 1, 0.0, [film[:3], film[3:]])
    wanted, found = (
        np.stack(list(predict_probability(network, FRAMES, *WINDOW, 2))) for network in (original, quantized)
    )
    np.testing.assert_allclose(wanted, predicted(weights, FRAMES), atol=1e-6)
    # Eight bits are seen, and are not far off.
    assert 1e-5 < np.abs(found - wanted).max() < 0.3
    assert np.abs(found - wanted).mean() < 0.03
    copy = tmp_path / "model.weights.h5"
    copy.write_bytes(weights.read_bytes())
    write(tmp_path / "model.int8.xml", tmp_path / "model.int8.bin")
    counts = {"frames": 2, "pixels": 1, "equal_pixels": 1, "nuclei": 1} | dict.fromkeys(CHANGES, 0)
    (tmp_path / "model.int8.json").write_text(json.dumps(int8_record(counts, copy, 0.0)))
    np.testing.assert_allclose(predicted(copy, FRAMES, engine="int8"), found, atol=1e-6)
    # At another size than that of the calibration, too.
    [larger] = predicted(copy, [phase_image((128, 192), 9)], engine="int8")
    [original] = predicted(weights, [phase_image((128, 192), 9)])
    assert np.abs(larger - original).mean() < 0.03


def test_nothing_is_reported_to_the_makers_of_the_engines(tmp_path):
    for package in ("openvino", "nncf"):
        pytest.importorskip(package, reason=f"{package} is not installed (extra engines)")
    program = "import livedead.net.quantization, sys; print(sys.modules['openvino_telemetry'])"
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program], env=variables, capture_output=True, text=True, check=True)
    assert done.stdout == "None\n"
    # Where they keep the number by which they know a user, and how often it was sent.
    assert not (tmp_path / "intel").exists()


def test_layers_that_openvino_is_not_told_of():
    graph = pytest.importorskip("openvino", reason="openvino is not installed (extra engines)") and pytest.importorskip(
        "livedead.net.openvino_graph"
    )
    with pytest.raises(ModelError, match=r"first layer .* is no 3 x 3 convolution"):
        graph.openvino_graph(small_network())
    image = keras.Input((None, None, 3))
    x = keras.layers.Conv2D(4, 3, strides=2, padding="same", use_bias=False)(image)
    with pytest.raises(ModelError, match=r"layer pool \(MaxPooling2D\) is not known to the engine openvino"):
        graph.openvino_graph(keras.Model(image, keras.layers.MaxPooling2D(name="pool")(x)))
    with pytest.raises(ModelError, match="activation gelu"):
        graph.openvino_graph(keras.Model(image, keras.layers.Activation("gelu")(x)))
