import json

import numpy as np
import onnx
import pytest
from livedead.desk.errors import ModelError
from livedead.net.graph_order import order_graph
from livedead.net.inference import predict_probability
from livedead.net.onnx_check import (
    TOLERANCE,
    agreement,
    check_images,
    cropped,
    example_image,
    labels_of,
    onnx_predictor,
)
from livedead.net.onnx_export import onnx_bytes, phase_network

from tests.unit.net.exported import CARD, SETTINGS, phase_image, small_network

PER_IMAGE = SETTINGS | {"input_scaling": "per_image"}
STANDARD = SETTINGS | {"input_scaling": "standard"}


@pytest.fixture(scope="module", params=[SETTINGS, PER_IMAGE, STANDARD], ids=["window", "per_image", "standard"])
def exported(request):
    model = small_network()
    return model, request.param, onnx_bytes(phase_network(model, request.param), CARD, 0.65)


def test_onnx_says_what_the_pipeline_says(exported):
    model, settings, content = exported
    rows = agreement(model, settings, content, check_images(phase_image(), seed=5), threads=1)
    assert [(row["image"], row["batch"], row["height_px"], row["width_px"]) for row in rows] == [
        ("phase", 1, 96, 128), ("phase", 2, 32, 64), ("noise", 1, 32, 32), ("noise", 3, 64, 160),
        ("constant", 1, 96, 64),
    ]  # fmt: skip
    assert all(row["largest_difference"] <= 1e-5 and row["changed_pixels"] == 0 for row in rows)


def test_every_image_is_scaled_by_itself(exported):
    model, settings, content = exported
    # Brighter than the window, darker, and without contrast.
    images = np.stack([phase_image(seed=1) * 3, phase_image(seed=2) - 1, np.full((96, 128), 0.7, np.float32)])
    ours = list(predict_probability(model, images, settings["input_scaling"], settings["input_window"], 1))
    theirs = onnx_predictor(content)(images[:, None])
    assert theirs.shape == (3, 3, 96, 128)
    np.testing.assert_allclose(np.moveaxis(theirs, 1, -1), ours, atol=1e-5)
    # The classes differ from place to place, or equal answers would mean nothing.
    assert np.ptp(theirs[0, 0]) > 0.2


def test_a_user_finds_everything_in_the_file(exported):
    model = onnx.load_from_string(exported[2])
    sizes = [
        [axis.dim_param or axis.dim_value for axis in value.type.tensor_type.shape.dim]
        for value in (*model.graph.input, *model.graph.output)
    ]
    assert [value.name for value in (*model.graph.input, *model.graph.output)] == ["phase", "probability"]
    assert sizes == [["batch", 1, "height", "width"], ["batch", 3, "height", "width"]]
    found = {entry.key: entry.value for entry in model.metadata_props}
    assert json.loads(found.pop("model_card")) == CARD
    assert found == {
        "classes": "live,dead,background",
        "pixel_size_um": "0.65",
        "phase_unit": "rad",
        "side_multiple": "32",
    }
    assert "rad, 0.65 um per pixel" in model.doc_string


def test_a_different_network_is_refused(exported):
    _, settings, content = exported
    with pytest.raises(ModelError, match=r"differs from the original by .* on phase of 96 x 128 pixels"):
        agreement(small_network(4), settings, content, check_images(phase_image(), 5), 1)


def test_bytes_do_not_depend_on_the_order_and_names_of_the_conversion(exported):
    _, _, content = exported
    shuffled = onnx.load_from_string(content)
    graph = shuffled.graph
    rng = np.random.default_rng(0)
    names = {name: f"x{rng.integers(2**40)}" for node in graph.node for name in node.output}
    names |= {one.name: f"w{rng.integers(2**40)}" for one in graph.initializer}
    kept = {"phase": "phase", "probability": "probability"}
    for node in graph.node:
        node.name = f"n{rng.integers(2**40)}"
        node.input[:] = [(names | kept).get(name, name) for name in node.input]
        node.output[:] = [(names | kept).get(name, name) for name in node.output]
    for one in graph.initializer:
        one.name = names[one.name]
    for field in (graph.node, graph.initializer):
        order = rng.permutation(len(field))
        content_of = [type(field[0]).FromString(field[k].SerializeToString()) for k in order]
        del field[:]
        field.extend(content_of)
    assert shuffled.SerializeToString(deterministic=True) != content
    order_graph(graph, kept)
    assert shuffled.SerializeToString(deterministic=True) == content


class Film(list):
    def __init__(self, frames, pixel_size_um):
        super().__init__(frames)
        self.info = type("Info", (), {"pixel_size_um": pixel_size_um})


def test_the_image_to_try_a_network_on():
    frames = [np.full((1, 80, 100), number, np.float64) for number in range(5)]
    found = example_image(Film(frames, 0.65), CARD)
    assert (found.shape, found.dtype, found[0, 0]) == ((80, 100), np.float32, 2)
    assert example_image(Film(frames, 0.325), CARD).shape == (40, 50)
    assert cropped(found).shape == (64, 96)
    assert cropped(phase_image((200, 100)), largest=70).shape == (64, 64)
    image = np.arange(100)[:, None] * np.ones(64)
    assert cropped(image)[:, 0].tolist() == list(range(2, 98))
    with pytest.raises(ModelError, match="has 20 x 64 pixels; wanted at least 32 on each side"):
        cropped(np.zeros((20, 64)))


def test_labels_and_tolerance():
    phase = phase_image((64, 64))
    network = phase_network(small_network(), SETTINGS)
    [probability] = predict_probability(small_network(), [phase], "window", (-0.6, 2.4), 1)
    assert np.array_equal(labels_of(network, phase), np.array([1, 2, 0])[probability.argmax(axis=-1)])
    assert TOLERANCE == 1e-4
