"""What predicts: a trained network in the engine that the settings name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

import numpy as np

from ..desk.errors import SettingsError
from .inference import Predictor, keras_predictor, restore_network
from .int8_check import accepted_network
from .modelcard import check_card
from .tiles import tiled

# What scales phase inside an exported network has nothing left to do: images come scaled.
_SCALED = {"input_scaling": "window", "input_window": (0, 1)}


def make_predictor(card: Mapping, weights, threads: int, settings: Mapping) -> Predictor:
    """Make what predicts phase images, from a model folder and the settings.

    Parameters
    ----------
    card : mapping
        Model card.
    weights : str or pathlib.Path
        Its weights. The engine int8 takes the quantized network beside them, see `int8_check`.
    threads : int
        CPU threads.
    settings : mapping
        Of the section `predict`: engine (keras, onnxruntime, openvino or int8), adapt_normalisation, tile_px and
        tile_overlap_px.

    Returns
    -------
    Predictor
        For `inference.predict_probability` and what rests on it. The probabilities of keras, onnxruntime and openvino
        differ by rounding.

    Raises
    ------
    ModelError
        If card and weights do not fit, or the quantized network may not be used.
    SettingsError
        If a package that the engine needs is not installed, or the tiles do not fit their overlap.
    """
    check_card(card, weights)
    engine, adapted = settings["engine"], settings["adapt_normalisation"]
    with _packages(engine):
        if engine == "int8":
            predict = _int8(accepted_network(weights, adapted), threads)
        else:
            predict = _EXACT[engine](restore_network(card, weights, threads, adapted), threads)
    return Predictor(_name(card), tiled(predict, settings["tile_px"], settings["tile_overlap_px"]))


def make_quantized(
    card: Mapping, weights, threads: int, adapted: float, films: Sequence
) -> tuple[Predictor, Predictor, Callable]:
    """Quantize a network.

    Parameters
    ----------
    card, weights, threads
        As for `make_predictor`.
    adapted : float
        Setting predict.adapt_normalisation.
    films : sequence of readers
        Films it was trained on: phase (1, height, width).

    Returns
    -------
    original, quantized : Predictor
        The network as it is, and with integers.
    write : callable
        Writes the second: `openvino_engine.write_graph` without its first argument.

    Raises
    ------
    ModelError
        If card and weights do not fit.
    SettingsError
        If OpenVINO or NNCF is not installed.
    """
    with _packages("int8"):
        from .openvino_engine import openvino_predictor, write_graph
        from .quantization import quantized_network
    model = restore_network(card, weights, threads, adapted)
    graph = quantized_network(model, films, card["settings"])
    original, quantized = keras_predictor(model), openvino_predictor(graph, threads)
    return Predictor(_name(card), original), Predictor(_name(card), quantized), partial(write_graph, graph)


@contextmanager
def _packages(engine: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"predict.engine is {engine}, and the package {error.name} is not installed; install it with `pip install "
            "'openvino~=2026.4.1' 'nncf~=3.4.0' 'onnx~=1.23' 'onnxruntime~=1.32' 'tf2onnx~=1.17.0'` (the extra engines "
            "of this project), or set predict.engine: keras"
        ) from error


def _keras(model, threads: int) -> Callable[[np.ndarray], np.ndarray]:
    # Keras was given its threads when the network was restored.
    return keras_predictor(model)


def _onnxruntime(model, threads: int) -> Callable[[np.ndarray], np.ndarray]:
    from .onnx_check import onnx_predictor
    from .onnx_export import onnx_bytes, phase_network

    predict = onnx_predictor(onnx_bytes(phase_network(model, _SCALED), {"name": model.name}, 1.0), threads)
    return lambda images: np.moveaxis(predict(images[:, np.newaxis]), 1, -1)


def _openvino(model, threads: int) -> Callable[[np.ndarray], np.ndarray]:
    from .openvino_engine import openvino_predictor
    from .openvino_graph import openvino_graph

    return openvino_predictor(openvino_graph(model), threads)


def _int8(file, threads: int) -> Callable[[np.ndarray], np.ndarray]:
    from .openvino_engine import openvino_predictor, read_graph

    return openvino_predictor(read_graph(file), threads)


_EXACT = {"keras": _keras, "onnxruntime": _onnxruntime, "openvino": _openvino}


def _name(card: Mapping) -> str:
    return card.get("name", f"eunet_{card['encoder'].lower()}")
