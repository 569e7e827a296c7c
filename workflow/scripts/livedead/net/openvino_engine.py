"""A graph of OpenVINO as something that predicts images."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import openvino

from .openvino_graph import sized


def openvino_predictor(graph: openvino.Model, threads: int) -> Callable[[np.ndarray], np.ndarray]:
    """Set up a graph for the sizes of the images that come.

    Parameters
    ----------
    graph : openvino.Model
        As of `openvino_graph.openvino_graph`, or its quantized form.
    threads : int
        CPU threads.

    Returns
    -------
    callable
        From images (batch, height, width), float32, 0 to 1, sides multiples of 32, to probabilities (batch, height,
        width, classes), float32. It is compiled anew when the size differs from that of the call before.

    References
    ----------
    OpenVINO, properties of the CPU device: without the hint of precision a newer CPU would compute in bfloat16.
    """
    core = openvino.Core()
    settings = {
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": 1,
        "INFERENCE_PRECISION_HINT": "f32",
        "PERFORMANCE_HINT": "LATENCY",
    }
    ready = {}

    def predict(images):
        shape = images.shape
        if shape not in ready:
            # Only one: every size has memory of its own.
            ready.clear()
            ready[shape] = core.compile_model(sized(graph, shape), "CPU", settings).create_infer_request()
        found = ready[shape].infer([np.ascontiguousarray(images[:, np.newaxis], np.float32)])
        return np.moveaxis(found[0], 1, -1)

    return predict


def read_graph(path) -> openvino.Model:
    """Read a graph that OpenVINO has written.

    Parameters
    ----------
    path : str or pathlib.Path
        The `.xml` file of `write_graph`; the numbers are in the `.bin` file of the same name.

    Returns
    -------
    openvino.Model
    """
    return openvino.Core().read_model(path)


def write_graph(graph: openvino.Model, path, numbers) -> None:
    """Write a graph.

    Parameters
    ----------
    graph : openvino.Model
        As of `openvino_graph.openvino_graph`, or its quantized form.
    path, numbers : str or pathlib.Path
        The `.xml` file of the operations and the `.bin` file of the numbers.
    """
    openvino.serialize(graph, path, numbers)
