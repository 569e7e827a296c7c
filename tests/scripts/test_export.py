"""Scripts of the export, run without Snakemake: from a trained network to ONNX and a package of bioimage.io."""

import json
import zipfile

import keras
import numpy as np
import pytest
from bioimageio.spec import load_description
from livedead.desk.tables import read_table
from livedead.net.eunet import build_eunet
from livedead.net.inputs import network_input, scale_phase

from tests.contract.project import ROOT
from tests.scripts.jobs import Files
from tests.scripts.test_cells import run, write
from tests.unit.net.exported import CARD, phase_image

SLOW = pytest.mark.large


@SLOW
def test_from_a_network_to_other_programs(tmp_path):
    settings = CARD["settings"] | {"batch_norm_epsilon": 1e-3}
    card = CARD | {"name": "eunet_b0", "settings": settings, "pixel_size_um": 1.3}
    # A pass with momentum 0 leaves batch statistics that fit what it will see, as in a trained network: without them
    # logits grow into the hundreds, and where two classes are near each other rounding decides.
    keras.utils.set_random_seed(1)
    model = build_eunet("B0", batch_norm_momentum=0.0)
    window = settings["input_scaling"], settings["input_window"]
    noise = np.random.default_rng(2).uniform(-0.5, 2, (4, 192, 224)).astype(np.float32)
    seen = [*noise, *(phase_image((192, 224), seed) for seed in range(4))]
    model(np.stack([network_input(scale_phase(image, *window)) for image in seen]), training=True)
    last = model.get_layer("final_conv")
    last.kernel.assign(0.2 * last.kernel)
    model.save_weights(tmp_path / "model.weights.h5")
    (tmp_path / "model_card.json").write_text(json.dumps(card))
    frames = [phase_image((400, 480), seed)[None] for seed in range(3)]
    source = Files(
        weights=str(tmp_path / "model.weights.h5"),
        card=str(tmp_path / "model_card.json"),
        phase=write(tmp_path / "phase.ome.tif", frames, ["phase [rad]"]),
    )
    exported = Files(onnx=str(tmp_path / "model.onnx"), agreement=str(tmp_path / "agreement.tsv"))
    run("export_onnx", source, exported, seed=1)
    rows = read_table(exported.agreement)
    # The phase has 0.65 um pixels and the network 1.3.
    assert [(row["height_px"], row["width_px"]) for row in rows][:2] == [(192, 224), (96, 96)]
    assert all(row["largest_difference"] <= 1e-4 for row in rows)

    names = {"name": "hela", "origin": "simulated"}
    package = Files(package=str(tmp_path / "model.bioimageio.zip"))
    source = Files(**vars(source), onnx=exported.onnx, citation=str(ROOT / "CITATION.cff"))
    run("package_network", source, package, names=names, test_px=64)
    assert load_description(package.package, perform_io_checks=True).validation_summary.status == "valid-format"
    with zipfile.ZipFile(package.package) as archive:
        assert archive.read("model.onnx") == (tmp_path / "model.onnx").read_bytes()
        assert archive.namelist()[0] == "rdf.yaml"
