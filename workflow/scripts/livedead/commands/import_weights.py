"""Turn a weights file of `segmentation_models` into a model folder: `python -m livedead.commands.import_weights`."""

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

from ..desk.errors import ModelError
from ..desk.files import whole_file
from ..desk.model_folder import CARD, WEIGHTS, signed_card
from .outcome import exit_status


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the weights and write the folder. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="import_weights", description=__doc__.partition(":")[0] + ".")
    parser.add_argument("weights", type=Path, help="HDF5 file that Keras before version 3 wrote, such as HeLa-b3.h5")
    parser.add_argument("folder", type=Path, help="folder to write: give it to the setting model")
    parser.add_argument("--encoder", required=True, help="EfficientNet of the network, B0 to B7")
    parser.add_argument(
        "--classes",
        default="live,dead,background",
        help="classes in the order of the channels, with commas; injured counts as live (default: %(default)s)",
    )
    parser.add_argument("--pixel-size-um", type=float, help="pixel of the phase images the network learned")
    given = parser.parse_args(arguments)
    return exit_status("import_weights", lambda: _imported(given))


def _imported(given: argparse.Namespace) -> str:
    card = import_weights(given.weights, given.folder, given.encoder, given.classes, given.pixel_size_um)
    merged = [name for name, other in card["counts_as"].items() if name != other]
    note = f"; {', '.join(merged)} counts as live" if merged else ""
    return f"{given.folder}: {card['name']}, {card['parameters']:,} parameters{note}"


def import_weights(weights: Path, folder: Path, encoder: str, classes: str, pixel_size_um: float | None) -> dict:
    """Write the model folder.

    Parameters
    ----------
    weights : path
        File to read.
    folder : path
        Folder to write; made if needed. A network in it is not replaced.
    encoder : str
        "B0" to "B7".
    classes : str
        Classes of the network, with commas.
    pixel_size_um : float or None
        Pixel of the phase it learned.

    Returns
    -------
    dict
        The model card.

    Raises
    ------
    LiveDeadError
        The weights do not fit, a word is not known, or the folder holds a network already.
    """
    # Keras takes seconds to load, and is not wanted for a message about the command line.
    from ..net.imported import imported_network
    from ..net.weight_files import save_weights

    if any((folder / name).exists() for name in (CARD, WEIGHTS)):
        raise ModelError(f"{folder} holds a network already; name another folder, or delete its {CARD} and {WEIGHTS}.")
    if pixel_size_um is not None and not pixel_size_um > 0:
        raise ModelError(f"--pixel-size-um is {pixel_size_um:g}; wanted a number above 0.")
    if not weights.is_file():
        raise ModelError(f"{weights}: no such weights file.")
    with weights.open("rb") as file:
        source = {"file": weights.name, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
    outputs = [word.strip() for word in classes.split(",")]
    model, card = imported_network(weights, encoder, outputs, source, pixel_size_um)
    with whole_file(folder / WEIGHTS) as partial, whole_file(folder / CARD) as text:
        save_weights(model, partial)
        text.write_text(signed_card(card, partial), encoding="utf-8")
    return card


if __name__ == "__main__":
    sys.exit(main())
