"""Phase to probabilities on one image: engines, each with the stock network and with that of the package."""

import numpy as np
from livedead.net.determinism import set_determinism
from livedead.net.eunet import build_eunet
from livedead.net.inference import predict_probability
from livedead.net.inputs import network_input, scale_phase
from livedead.net.onnx_check import onnx_predictor
from livedead.net.onnx_export import onnx_bytes, phase_network

from tests.benchmarks.sidebyside import Table, side_by_side
from tests.stock_network import stock_eunet
from tests.unit.net.exported import CARD, SETTINGS, phase_image

ENCODER, SIDE, THREADS = "B3", 832, 2
FLOOR = "Keras, stock layers"


def tables() -> list[Table]:
    """Time single images, the scaling of the phase included; the network has random weights."""
    set_determinism(1, THREADS)
    phase = phase_image((SIDE, SIDE))
    # A pass with momentum 0 leaves batch statistics that fit, as in a trained network: without them activations grow
    # from layer to layer, and rounding with them.
    stock, fused = stock_eunet(ENCODER, momentum=0.0), build_eunet(ENCODER)
    stock(network_input(scale_phase(phase, SETTINGS["input_scaling"], SETTINGS["input_window"]))[None], training=True)
    fused.set_weights(stock.get_weights())
    candidates = {FLOOR: _keras(stock, phase), "Keras, fused stages": _keras(fused, phase)}
    for layers, network in (("stock layers", stock), ("fused stages", fused)):
        model = onnx_bytes(phase_network(network, SETTINGS), CARD, 0.65)
        candidates[f"ONNX Runtime, {layers}"] = _onnxruntime(model, phase)
        candidates[f"OpenVINO, {layers}"] = _openvino(model, phase)
    candidates = {name: call for name, call in candidates.items() if call}
    wanted = candidates[FLOOR]()
    off = {name: np.abs(call() - wanted).max() for name, call in candidates.items()}
    notes = {name: f"max abs(dp) {value:.1e}" for name, value in off.items()}
    title = f"Inference, {ENCODER}, one image of {SIDE} x {SIDE} px, {THREADS} threads"
    return [side_by_side(title, candidates, floor=FLOOR, notes=notes)]


def _keras(model, phase):
    return lambda: next(predict_probability(model, [phase], SETTINGS["input_scaling"], SETTINGS["input_window"], 1))


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
    settings = {"INFERENCE_NUM_THREADS": THREADS, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": "f32"}
    request = core.compile_model(read, "CPU", settings).create_infer_request()
    return lambda: np.moveaxis(request.infer([phase[None, None]])[0][0], 0, -1)
