"""Whether a quantized network may be used: what was found when it was tried beside the one it was made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..desk.errors import ModelError
from ..desk.provenance import versions

INT8 = "model.int8.xml"
"""Quantized network in a model folder; its numbers and its record have the same name with `.bin` and `.json`."""

LEAST_EQUAL = 0.999
"""Least part of the pixels of the validation films that must have the same class."""
CHANGES = {"missed_nuclei": "missed", "new_nuclei": "new", "other_state_nuclei": "of another state"}


def int8_record(found: Mapping[str, int], weights, adapted: float) -> dict[str, Any]:
    """Write down what a comparison has found, and for which network.

    Parameters
    ----------
    found : mapping
        frames, pixels, equal_pixels, nuclei and the numbers of `CHANGES`, as of
        `livedead.cells.same_nuclei.compare_films`, over the validation films.
    weights : str or pathlib.Path
        Weights it was made from.
    adapted : float
        Setting predict.adapt_normalisation with which both were tried.

    Returns
    -------
    dict
        For a JSON file beside the quantized network: `found`, passed, weights_sha256, adapt_normalisation, versions.
    """
    equal = found["equal_pixels"] >= LEAST_EQUAL * found["pixels"]
    same = found["nuclei"] > 0 and not any(found[name] for name in CHANGES)
    return {
        "passed": bool(equal and same),
        **found,
        "weights_sha256": _sha256(weights),
        "adapt_normalisation": adapted,
        "versions": versions(("openvino", "nncf")),
    }


def accepted_network(weights, adapted: float) -> Path:
    """Find the quantized network beside the original, if it may be used.

    Parameters
    ----------
    weights : str or pathlib.Path
        Weights of the network that is to be predicted with.
    adapted : float
        Setting predict.adapt_normalisation.

    Returns
    -------
    pathlib.Path
        File of the graph, for `openvino_engine.read_graph`.

    Raises
    ------
    ModelError
        If it is not there, was made from another network, or says something else than it: then with the numbers.
    """
    graph = Path(weights).with_name(INT8)
    files = [graph.with_suffix(suffix) for suffix in (".xml", ".bin", ".json")]
    missing = [file for file in files if not file.is_file()]
    if missing:
        raise ModelError(
            f"predict.engine is int8, and {missing[0]} is not there; wanted a network whose training also wrote "
            "model.int8.xml, .bin and .json. Set predict.engine: openvino, or train here with predict.engine: int8"
        )
    record = json.loads(files[-1].read_text(encoding="utf-8"))
    if record["weights_sha256"] != _sha256(weights):
        raise ModelError(
            f"{graph}: made from other weights than {weights}; remove it, so that it is made again, or set "
            "predict.engine: openvino"
        )
    if record["adapt_normalisation"] != adapted:
        raise ModelError(
            f"{graph}: checked with predict.adapt_normalisation {record['adapt_normalisation']:g}, and it is "
            f"{adapted:g} now; remove it, so that it is made again, or set predict.engine: openvino"
        )
    if not record["passed"]:
        changes = ", ".join(f"{record[name]} {word}" for name, word in CHANGES.items())
        equal = record["equal_pixels"] / max(record["pixels"], 1)
        raise ModelError(
            f"{graph}: the int8 network does not say what the original says. Of {record['pixels']} pixels in "
            f"{record['frames']} validation frames {equal:.3%} have the same class (wanted {LEAST_EQUAL:.1%}), and of "
            f"{record['nuclei']} nuclei {changes} (wanted some nuclei, and none of these). Set predict.engine: openvino"
        )
    return graph


def _sha256(path) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
