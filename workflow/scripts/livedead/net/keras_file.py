"""A network as one Keras file whose bytes depend on the network only."""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)
"""Earliest time a zip archive can hold."""


def keras_file(network) -> bytes:
    """Save a network in the format of Keras 3, without the times and addresses that Keras writes into it.

    Parameters
    ----------
    network : keras.Model
        Made of Keras' own layers and operations.

    Returns
    -------
    bytes
        `.keras` file.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.keras"
        network.save(file)
        buffer = io.BytesIO()
        with zipfile.ZipFile(file) as saved, zipfile.ZipFile(buffer, "w") as archive:
            for name in sorted(saved.namelist()):
                content = saved.read(name)
                if name == "metadata.json":
                    content = json.dumps(json.loads(content) | {"date_saved": "1980-01-01@00:00:00"}).encode()
                elif name == "config.json":
                    content = _numbered(content.decode()).encode()
                archive.writestr(zipfile.ZipInfo(name, date_time=EPOCH), content)
    return buffer.getvalue()


def _numbered(config: str) -> str:
    """Give small numbers to the objects that layers share; Keras writes their place in memory."""
    numbers: dict[str, int] = {}
    return re.sub(
        r'("shared_object_id": )(\d+)', lambda found: found[1] + str(numbers.setdefault(found[2], len(numbers))), config
    )
