"""Phase to probabilities on one image: the engines of the package, and stock networks in stock engines beside them."""

import json
import tempfile
from pathlib import Path

import numpy as np
from livedead.desk.errors import SettingsError
from livedead.net.channels import CHANNELS, label_map, one_hot
from livedead.net.complexity import layer_macs
from livedead.net.determinism import set_determinism
from livedead.net.engines import make_predictor
from livedead.net.eunet import build_eunet
from livedead.net.fused_decoder import UpsampledConv2D
from livedead.net.inference import predict_probability
from livedead.net.inputs import network_input, scale_phase
from livedead.net.int8_check import CHANGES, INT8, int8_record
from livedead.net.onnx_check import onnx_predictor
from livedead.net.onnx_export import onnx_bytes, phase_network

from tests.benchmarks.sidebyside import Table, side_by_side
from tests.stock_network import stock_eunet
from tests.unit.net.exported import CARD, SETTINGS, phase_image

ENCODER, SIDE, THREADS = "B3", 832, 2
FLOOR = "Keras, stock layers, predict"
OPENVINO = {"INFERENCE_NUM_THREADS": THREADS, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": "f32"}
SCALING = (SETTINGS["input_scaling"], SETTINGS["input_window"])
WHOLE = {"adapt_normalisation": 0.0, "tile_px": None, "tile_overlap_px": 0}


def tables() -> list[Table]:
    """Time single images, the scaling of the phase included."""
    set_determinism(1, THREADS)
    phase = phase_image((SIDE, SIDE))
    stock = _trained_a_little(stock_eunet(ENCODER, momentum=0.0))
    candidates = {FLOOR: _predict(stock, phase), "Keras, stock layers, predict_on_batch": _predicting(stock, phase)}
    exported = onnx_bytes(phase_network(stock, SETTINGS), CARD, 0.65)
    candidates["ONNX Runtime, stock layers"] = _onnxruntime(exported, phase)
    candidates["OpenVINO, stock layers"] = _openvino(exported, phase)
    with tempfile.TemporaryDirectory() as folder:
        candidates |= _engines(Path(folder), stock.get_weights(), phase)
    candidates = {name: call for name, call in candidates.items() if call}
    wanted = candidates[FLOOR]()
    notes = {name: _note(call(), wanted) for name, call in candidates.items()}
    name, call = _one_convolution(build_eunet(ENCODER))
    candidates |= {name: call} if call else {}
    title = f"Inference, {ENCODER}, one image of {SIDE} x {SIDE} px, {THREADS} threads"
    return [side_by_side(title, candidates, floor=FLOOR, notes=notes)]


def _trained_a_little(model, steps=12, side=160):
    """Teach it what a cell is: activations of a random network carry rounding further than those of a trained one."""
    images = [phase_image((side, side), seed) for seed in range(4)]
    inputs = np.stack([network_input(scale_phase(image, *SCALING)) for image in images])
    labels = np.stack([np.digitize(image, [0.3, 1.2]) for image in images])
    model.compile("adam", "categorical_crossentropy", jit_compile=False)
    model.fit(inputs, one_hot(labels), batch_size=len(images), epochs=steps, verbose=0)
    # With momentum 0 the batch statistics are those of this pass.
    model(inputs, training=True)
    return model


def _engines(folder, weights, phase):
    """Make the engines as the pipeline does, from a model folder; those that are not installed are left out."""
    model = build_eunet(ENCODER)
    model.set_weights(weights)
    model.save_weights(folder / "model.weights.h5")
    card = CARD | {"encoder": ENCODER, "classes": list(CHANNELS)}
    found = {}
    for engine in ("keras", "onnxruntime", "openvino", "int8"):
        try:
            if engine == "int8":
                _quantize(folder, model)
            made = make_predictor(card, folder / "model.weights.h5", THREADS, WHOLE | {"engine": engine})
        except (SettingsError, ModuleNotFoundError):
            continue
        found[f"livedead, engine {engine}"] = _predicting(made, phase)
    return found


def _quantize(folder, model):
    """Write the quantized network, taken as checked: the note beside the time says how well it agrees."""
    from livedead.net.openvino_engine import write_graph
    from livedead.net.quantization import quantized_network

    frames = [phase_image((SIDE // 2, SIDE // 2), seed)[None] for seed in range(8)]
    write_graph(quantized_network(model, [frames], SETTINGS), folder / INT8, (folder / INT8).with_suffix(".bin"))
    found = {"pixels": 1, "equal_pixels": 1, "nuclei": 1, "frames": 1} | dict.fromkeys(CHANGES, 0)
    record = int8_record(found, folder / "model.weights.h5", WHOLE["adapt_normalisation"])
    (folder / INT8).with_suffix(".json").write_text(json.dumps(record), encoding="utf-8")


def _predict(model, phase):
    return lambda: model.predict(network_input(scale_phase(phase, *SCALING)[None]), batch_size=1, verbose=0)[0]


def _one_convolution(model, channels=816, filters=256, width=52):
    """Give a bound: one convolution of the decoder's first size with all multiplications of the fused network."""
    macs = layer_macs(model, SIDE, SIDE)
    for layer in model.layers:
        if isinstance(layer, UpsampledConv2D):
            # Four products for each large pixel and channel of the small image, not nine.
            macs[layer.name] *= 1 - 5 * layer.small_channels / (9 * layer.kernel.shape[2])
    name = f"OpenVINO, one 3 x 3 convolution with the {sum(macs.values()) / 1e9:.1f} GMAC of the fused network"
    height = round(sum(macs.values()) / (9 * channels * filters * width))
    rng = np.random.default_rng(0)
    kernel = rng.standard_normal((3, 3, channels, filters), np.float32)
    image = rng.standard_normal((1, height, width, channels), np.float32)
    try:
        import openvino
        from openvino import opset13 as op
    except ImportError:
        return name, None
    # Laid out as inside of a network: no copy into another order belongs to it.
    given = op.parameter(image.shape, np.float32)
    first = op.transpose(given, np.array([0, 3, 1, 2]))
    made = op.convolution(first, op.constant(np.transpose(kernel, (3, 2, 0, 1)).copy()), [1, 1], [1, 1], [1, 1], [1, 1])
    graph = openvino.Model([op.result(op.transpose(made, np.array([0, 2, 3, 1])))], [given], "bound")
    request = openvino.Core().compile_model(graph, "CPU", OPENVINO).create_infer_request()
    return name, lambda: request.infer([image])


def _predicting(model, phase):
    return lambda: next(predict_probability(model, [phase], *SCALING, 1))


def _onnxruntime(model, phase):
    predict = onnx_predictor(model, THREADS)
    return lambda: np.moveaxis(predict(phase[None, None])[0], 0, -1)


def _openvino(model, phase):
    """Compile for the size of the image, as OpenVINO wants it; None where it is not installed."""
    try:
        import openvino
    except ImportError:
        return None
    core = openvino.Core()
    read = core.read_model(model)
    read.reshape([1, 1, *phase.shape])
    request = core.compile_model(read, "CPU", OPENVINO).create_infer_request()
    return lambda: np.moveaxis(request.infer([phase[None, None]])[0][0], 0, -1)


def _note(found, wanted):
    equal = np.mean(label_map(found) == label_map(wanted))
    return f"max abs(dp) {np.abs(found - wanted).max():.1e}, {equal:.4%} of pixels of the same class"
