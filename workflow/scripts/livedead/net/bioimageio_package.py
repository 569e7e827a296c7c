"""A trained network as a package of bioimage.io: weights in two formats with everything needed to run and judge it."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import keras
import numpy as np
import onnx
import yaml
from bioimageio.spec import InvalidDescr, load_description

from ..desk.errors import ModelError
from ..desk.provenance import versions
from .channels import CHANNELS
from .inputs import SIDE_MULTIPLE, STANDARD_SD
from .keras_file import keras_file
from .onnx_check import TOLERANCE
from .onnx_export import INPUT, OUTPUT

FORMAT = "0.5.12"
"""Version of the description: what bioimageio.core 0.11 reads, and later versions of the library too."""
PAPER = {
    "text": "Hu et al., Live-dead assay on unlabeled cells using phase imaging with computational specificity, "
    "Nature Communications 13, 713 (2022)",
    "doi": "10.1038/s41467-022-28214-x",
}
TAGS = (
    *("2d", "cells", "nuclei", "quantitative-phase-imaging", "label-free", "viability", "live-dead"),
    *("transmission-light-microscopy", "semantic-segmentation", "unet", "efficientnet"),
)


def software_facts(citation: str) -> dict:
    """Read from a citation file who made the software.

    Parameters
    ----------
    citation : str
        Text in the Citation File Format.

    Returns
    -------
    dict
        authors (list of str), version, license (SPDX name).
    """
    found = yaml.safe_load(citation)
    names = [one.get("name") or f"{one['given-names']} {one['family-names']}" for one in found["authors"]]
    return {"authors": names, "version": str(found["version"]), "license": found["license"]}


def package_files(network, model: bytes, card: Mapping, phase: np.ndarray, cover: bytes, facts: Mapping) -> dict:
    """Gather the files of a package and have the library of bioimage.io check them.

    Parameters
    ----------
    network : keras.Model
        As of `onnx_export.phase_network`.
    model : bytes
        The same as ONNX.
    card : mapping
        Model card of the training.
    phase : numpy.ndarray
        (height, width), float32, phase as in the training, sides multiples of 32: the input of the test.
    cover : bytes
        PNG, twice as wide as high.
    facts : mapping
        name (of the cohort or model), pixel_size_um, origin (of the images it learned: simulated, real, mixed or
        unknown), authors (list of str), version and license (of the software, an SPDX name).

    Returns
    -------
    dict of bytes
        Content by name: rdf.yaml first.

    Raises
    ------
    ModelError
        If the library finds the package not valid.

    References
    ----------
    bioimage.io model description, format 0.5, https://bioimage-io.github.io/spec-bioimage-io.
    """
    images = phase[None, None].astype(np.float32)
    files = {
        "model.onnx": model,
        "model.keras": keras_file(network),
        "test_input.npy": _npy(images),
        "test_output.npy": _npy(np.asarray(network.predict_on_batch(images))),
        "cover.png": cover,
        "README.md": _readme(card, facts).encode(),
        "model_card.json": (json.dumps(card, indent=2) + "\n").encode(),
    }
    opset = next(entry.version for entry in onnx.load_from_string(model).opset_import if not entry.domain)
    description = _description(card, facts, files, opset)
    files = {"rdf.yaml": yaml.safe_dump(description, sort_keys=False, allow_unicode=True).encode(), **files}
    _check(files)
    return files


def _description(card: Mapping, facts: Mapping, files: Mapping[str, bytes], opset: int) -> dict:
    """Describe the network in the words of bioimage.io."""

    def file(name):
        return {"source": name, "sha256": hashlib.sha256(files[name]).hexdigest()}

    def side(name, size):
        # The library wants size x scale / scale to be size to the last bit: 24 bits keep it, 0.65 itself fails at 416.
        scale = {"unit": "micrometer", "scale": float(np.float32(facts["pixel_size_um"]))}
        return {"type": "space", "id": name, "size": size, **scale}

    unit = card.get("phase_unit", "rad")
    free = {"min": SIDE_MULTIPLE, "step": SIDE_MULTIPLE}
    backend = keras.backend.backend()
    return {
        "format_version": FORMAT,
        "type": "model",
        "name": f"Live-dead nuclei in phase images ({facts['name']} {card['name']})",
        "description": f"Labels every pixel of a quantitative phase image as live nucleus, dead nucleus or background "
        f"({facts['name']}, {facts['origin']} cells).",
        "authors": [{"name": name} for name in facts["authors"]],
        "cite": [PAPER],
        "license": facts["license"],
        "version": facts["version"],
        "tags": list(TAGS),
        "documentation": file("README.md"),
        "covers": [file("cover.png")],
        "attachments": [file("model_card.json")],
        "inputs": [
            {
                "id": INPUT,
                "description": f"Phase in {unit} as measured; the network scales it itself",
                "axes": [
                    {"type": "batch"},
                    {"type": "channel", "channel_names": [INPUT]},
                    side("y", free),
                    side("x", free),
                ],
                "data": {"type": "float32"},
                "test_tensor": file("test_input.npy"),
            }
        ],
        "outputs": [
            {
                "id": OUTPUT,
                "description": "Probability of every class; the three add up to 1",
                "axes": [
                    {"type": "batch"},
                    {"type": "channel", "channel_names": list(CHANNELS)},
                    side("y", {"tensor_id": INPUT, "axis_id": "y"}),
                    side("x", {"tensor_id": INPUT, "axis_id": "x"}),
                ],
                "data": {"type": "float32", "range": [0.0, 1.0]},
                "test_tensor": file("test_output.npy"),
            }
        ],
        "weights": {
            "keras_v3": {
                **file("model.keras"),
                "keras_version": keras.__version__,
                "backend": [backend, _backend_version(backend)],
            },
            "onnx": {**file("model.onnx"), "opset_version": opset, "parent": "keras_v3"},
        },
        "config": {
            "bioimageio": {
                "reproducibility_tolerance": [{"absolute_tolerance": TOLERANCE, "relative_tolerance": 0.0}],
            },
            "livedead": {"phase_unit": unit, "origin": facts["origin"], "settings_hash": card.get("settings_hash")},
        },
    }


def _backend_version(backend: str) -> str:
    found = versions((backend, f"{backend}-cpu"))
    return next(found[name] for name in (backend, f"{backend}-cpu") if found[name] != "not installed")


def _readme(card: Mapping, facts: Mapping) -> str:
    settings, scores = card["settings"], card.get("scores", {})
    unit = card.get("phase_unit", "rad")
    if settings["input_scaling"] == "window":
        low, high = settings["input_window"]
        scaling = f"maps {low:g} to {high:g} {unit} to 0 to 1"
    elif settings["input_scaling"] == "standard":
        below, above = STANDARD_SD
        scaling = (
            f"maps each image from {below:g} standard deviations below its mean to {above:g} above it to 0 to 1 (so "
            "give whole images, no tiles)"
        )
    else:
        scaling = "maps the smallest value of each image to 0 and the largest to 1 (so give whole images, no tiles)"
    dice = "not known" if scores.get("validation_dice") is None else f"{scores['validation_dice']:.3f}"
    return f"""# Live-dead nuclei in phase images ({facts["name"]})

An E-U-Net with encoder EfficientNet-{card["encoder"]} ({card["parameters"]:,} parameters) labels every pixel of a
quantitative phase image as live nucleus, dead nucleus or background. It was trained on {facts["origin"]} cells.

- Input `{INPUT}`: (batch, 1, y, x), float32, phase in {unit}, {facts["pixel_size_um"]:g} um per pixel, sides multiples
  of {SIDE_MULTIPLE}. Nothing is to be scaled before: the network {scaling}, copies it into
  three channels and normalises them.
- Output `{OUTPUT}`: (batch, 3, y, x), float32; channels {", ".join(CHANNELS)}; they add up to 1.
- Resample images with other pixels first. Background phase is 0.

# Validation

Mean Dice score of live and dead pixels on whole validation films, in the epoch of their lowest loss: {dice}.
On images of other cells, another microscope or another halo, label some nuclei with a viability stain and compare
before you trust it: count for each stained nucleus the most frequent predicted class inside it.

# Citation

{PAPER["text"]}, doi:{PAPER["doi"]}; and the software livedead {facts["version"]}, {", ".join(facts["authors"])}.
"""


def _npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def _check(files: Mapping[str, bytes]) -> None:
    """Let the library of bioimage.io read the package, files and all."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        found = load_description(Path(folder) / "rdf.yaml", perform_io_checks=True)
    if isinstance(found, InvalidDescr):
        reasons = "; ".join(error.msg for detail in found.validation_summary.details for error in detail.errors)
        raise ModelError(f"The package is not what bioimage.io wants ({reasons}); compare the versions of its library.")
