"""A trained network as a folder: its weights, and the card that says how to build it and what it learned."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from .errors import ModelError

CARD = "model_card.json"
WEIGHTS = "model.weights.h5"
FORMAT = 1
"""Raised when a card says something that older versions of the pipeline would misread."""

_WANTED = f"wanted a folder with {CARD} and {WEIGHTS}, as training writes it to results/train/<cohort>"
# What these files hold is not only numbers: loading one can run any program that its writer put in.
_CODE = (".keras", ".pb", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib")


def model_name(folder: str | os.PathLike) -> str:
    """Name of a model: that of its folder, given with a slash at its end, or as a dot, too.

    Examples
    --------
    >>> model_name("models/hela/"), model_name("./models//hela")
    ('hela', 'hela')
    """
    return os.path.basename(os.path.abspath(folder))


def check_model_folder(folder: str | os.PathLike) -> dict[str, Any]:
    """Look whether a folder holds a network, and read its card.

    Parameters
    ----------
    folder : path
        Folder with the files `CARD` and `WEIGHTS`.

    Returns
    -------
    dict
        The card.

    Raises
    ------
    ModelError
        It is no folder, a file is missing, or the card cannot be read.
    """
    folder = Path(folder)
    if folder.is_file():
        raise ModelError(f"model = {folder} is a file ({_WANTED}; {_what_to_do(folder)})")
    if not folder.is_dir():
        raise ModelError(f"model = {folder} is not there ({_WANTED})")
    missing = [name for name in (CARD, WEIGHTS) if not (folder / name).is_file()]
    if missing:
        others = [path for path in sorted(folder.iterdir()) if path.suffix in (".h5", ".hdf5", *_CODE)]
        hint = f"; {others[0].name}: {_what_to_do(others[0])}" if others and WEIGHTS in missing else ""
        raise ModelError(f"model = {folder} has no {' and no '.join(missing)} ({_WANTED}{hint})")
    return read_card(folder / CARD)


def read_card(path: str | os.PathLike) -> dict[str, Any]:
    """Read a model card.

    Parameters
    ----------
    path : path
        JSON file.

    Returns
    -------
    dict
        The card.

    Raises
    ------
    ModelError
        The file is missing, no JSON text, no object of names and values, or of a later version of the pipeline.
    """
    try:
        card = json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"{path}: no such model card ({_WANTED})") from None
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: not a model card ({error}; wanted the JSON file written with the weights)") from None
    if not isinstance(card, dict):
        raise ModelError(f"{path}: not a model card (wanted the JSON file written with the weights)")
    number = card.get("format", FORMAT)
    if not isinstance(number, int) or number > FORMAT:
        raise ModelError(
            f"{path}: format = {number} (wanted at most {FORMAT}): a later version of the pipeline wrote this model; "
            "use that version, or train again"
        )
    return card


def signed_card(card: dict[str, Any], weights: str | os.PathLike) -> str:
    """Write out a card, with what tells later that the weights beside it are those it was written for.

    Parameters
    ----------
    card : dict
        Model card.
    weights : path
        File with the weights of the network.

    Returns
    -------
    str
        The card with ``format`` and ``weights_sha256``, as JSON.
    """
    return json.dumps(card | {"format": FORMAT, "weights_sha256": _sha256(weights)}, indent=2) + "\n"


def check_signature(card: dict[str, Any], weights: str | os.PathLike) -> None:
    """Refuse weights that are not those a card was written for.

    Parameters
    ----------
    card : dict
        Model card; one that does not say what its weights are fits any.
    weights : path
        Existing file.

    Raises
    ------
    ModelError
        The file has changed, or belongs to another card.
    """
    if "weights_sha256" in card and _sha256(weights) != card["weights_sha256"]:
        raise ModelError(
            f"{weights}: not the weights that the model card beside it was written for (its sha256 is not "
            f"{str(card['weights_sha256'])[:12]}...); copy {CARD} and {WEIGHTS} again, both from one training"
        )


def _sha256(path: str | os.PathLike) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def refuse_code(path: str | os.PathLike) -> None:
    """Refuse a file in place of weights that could run a program when it is loaded.

    Parameters
    ----------
    path : path
        File, or folder, that somebody gives as weights; it is told by its name and its first bytes, not opened.

    Raises
    ------
    ModelError
        It is no HDF5 file of weights.
    """
    path = Path(path)
    if path.is_dir():
        kind = "a SavedModel folder" if (path / "saved_model.pb").exists() else "a folder"
        raise ModelError(f"{path}: {kind}, not weights; {_REFUSED}")
    with path.open("rb") as file:
        start = file.read(8)
    kinds = {b"PK\x03\x04": "a .keras, .pt or other archive", b"\x80": "a Python pickle"}
    found = next((kind for mark, kind in kinds.items() if start.startswith(mark)), "")
    if found or path.suffix in _CODE:
        raise ModelError(f"{path}: {found or f'a {path.suffix} file'}, not weights; {_REFUSED}")


_REFUSED = (
    "such a file can run a program when it is loaded and is not opened. Wanted numbers only: the .weights.h5 that "
    "Keras' model.save_weights writes, from whoever made the network"
)


def _what_to_do(path: Path) -> str:
    if path.suffix in (".h5", ".hdf5"):
        return f"weights alone become a folder with `python -m livedead.commands.import_weights {path.name} ...`"
    return "a file with a whole model can run a program when it is loaded and is not opened; export its weights"
