import io
import json
import zipfile

import keras
import numpy as np
import pytest
import yaml
from bioimageio.spec import load_description
from bioimageio.spec.model.v0_5 import ModelDescr
from livedead.desk.errors import ModelError
from livedead.desk.files import write_archive
from livedead.net.bioimageio_package import package_files, software_facts
from livedead.net.onnx_check import onnx_predictor
from livedead.net.onnx_export import onnx_bytes, phase_network

from tests.contract.project import ROOT
from tests.unit.net.exported import CARD, FACTS, phase_image, small_network


def cover():
    buffer = io.BytesIO()
    from matplotlib.image import imsave

    imsave(buffer, np.zeros((100, 200, 3)), format="png")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def parts():
    network = phase_network(small_network(), CARD["settings"])
    # 416 pixels of 0.65 um: a size that rounding makes invalid where the scale has more bits than needed.
    return network, onnx_bytes(network, CARD, 0.65), CARD, phase_image((64, 416)), cover()


@pytest.fixture(scope="module")
def package(parts, tmp_path_factory):
    path = tmp_path_factory.mktemp("package") / "model.bioimageio.zip"
    write_archive(path, package_files(*parts, FACTS).items())
    return path


def test_the_library_of_bioimage_io_takes_it(package):
    found = load_description(package, perform_io_checks=True)
    assert found.validation_summary.status == "valid-format"
    assert isinstance(found, ModelDescr)
    (phase,), (probability,) = found.inputs, found.outputs
    for tensor, channels in ((phase, ["phase"]), (probability, ["live", "dead", "background"])):
        axes = {axis.id: axis for axis in tensor.axes}
        assert list(axes) == ["batch", "channel", "y", "x"]
        assert axes["channel"].channel_names == channels
        assert [axes[side].scale for side in "yx"] == pytest.approx([0.65, 0.65], rel=1e-7)
        assert {axes[side].unit for side in "yx"} == {"micrometer"}
    assert (phase.axes[2].size.min, phase.axes[2].size.step) == (32, 32)
    assert found.license == "BSD-3-Clause"
    assert [entry.doi for entry in found.cite] == ["10.1038/s41467-022-28214-x"]
    assert [author.name for author in found.authors] == FACTS["authors"]
    assert (found.weights.onnx.parent, found.weights.keras_v3.parent) == ("keras_v3", None)


def test_both_networks_reproduce_the_test_output(package, tmp_path):
    with zipfile.ZipFile(package) as archive:
        archive.extractall(tmp_path)
    given, wanted = (np.load(tmp_path / f"test_{name}.npy") for name in ("input", "output"))
    assert (given.shape, wanted.shape) == ((1, 1, 64, 416), (1, 3, 64, 416))
    np.testing.assert_allclose(onnx_predictor((tmp_path / "model.onnx").read_bytes())(given), wanted, atol=1e-4)
    network = keras.saving.load_model(tmp_path / "model.keras")  # safe mode: no code of ours in it
    np.testing.assert_allclose(network.predict_on_batch(given), wanted, atol=1e-6)
    assert json.loads((tmp_path / "model_card.json").read_text()) == CARD
    text = (tmp_path / "README.md").read_text()
    assert "maps -0.6 to 2.4 rad to 0 to 1" in text
    assert "0.65 um per pixel" in text
    assert "lowest loss: 0.800" in text


def test_bioimageio_core_runs_it(package):
    reason = "bioimageio.core is not installed (an environment of its own: see docs/exchange.md)"
    core = pytest.importorskip("bioimageio.core", reason=reason)
    assert core.test_model(package).status == "passed"


def test_same_parts_same_bytes(parts):
    again = phase_network(small_network(), CARD["settings"])
    first, second = (package_files(network, *parts[1:], FACTS) for network in (parts[0], again))
    names = {name for name in first if first[name] != second[name]}
    # Keras counts its layers on in one process, so only in another one the second network has the same names.
    assert names <= {"model.keras", "rdf.yaml"}
    assert package_files(*parts, FACTS) == first


def test_a_card_of_another_kind(parts):
    card = CARD | {"settings": CARD["settings"] | {"input_scaling": "per_image"}, "scores": {}, "phase_unit": "grey"}
    files = package_files(parts[0], parts[1], card, parts[3], parts[4], FACTS | {"origin": "unknown"})
    text = files["README.md"].decode()
    assert "smallest value of each image to 0" in text
    assert "lowest loss: not known" in text
    assert yaml.safe_load(files["rdf.yaml"])["config"]["livedead"]["phase_unit"] == "grey"
    card = card | {"settings": CARD["settings"] | {"input_scaling": "standard"}}
    files = package_files(parts[0], parts[1], card, parts[3], parts[4], FACTS)
    assert "3 standard deviations below its mean to 5.5 above" in files["README.md"].decode()


def test_what_the_library_refuses_is_said(parts):
    with pytest.raises(ModelError, match="not what bioimage.io wants .*BSD"):
        package_files(*parts, FACTS | {"license": "our own"})


def test_makers_of_the_software():
    found = software_facts((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert found == {name: FACTS[name] for name in ("authors", "version", "license")}
    text = "authors: [{given-names: Ada, family-names: Byron}]\nversion: 2\nlicense: MIT"
    assert software_facts(text) == {"authors": ["Ada Byron"], "version": "2", "license": "MIT"}
