"""Fetch a public data set, or check a folder that holds it: `python -m livedead.commands.fetch_data`."""

import argparse
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from ..desk.datasets import Part, absent_files, read_parts, require_unchanged
from ..desk.errors import DataError
from ..desk.files import whole_file
from .outcome import exit_status

_SECONDS = 60


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch what is absent and check the rest. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="fetch_data", description=__doc__.partition(":")[0] + ".")
    parser.add_argument("data_set", help="name of a data set of the table")
    parser.add_argument("folder", type=Path, help="folder of the data; files that are there are checked, not fetched")
    parser.add_argument("--table", type=Path, default=Path("resources/datasets.tsv"), help="default: %(default)s")
    given = parser.parse_args(arguments)
    return exit_status("fetch_data", lambda: _fetched(given))


def _fetched(given: argparse.Namespace) -> str:
    parts = read_parts(given.table, given.data_set)
    fetched = fetch_absent(parts, given.folder)
    return f"{given.folder}: {sum(len(p.checksums) for p in parts)} files as published, {fetched} of them fetched now"


def fetch_absent(parts: Sequence[Part], folder: Path) -> int:
    """Fetch the files of a data set that a folder lacks; all files are checked.

    Parameters
    ----------
    parts : sequence of Part
        Parts of the data set.
    folder : pathlib.Path
        The user's data folder; made if needed.

    Returns
    -------
    int
        Files fetched.

    Raises
    ------
    DataError
        If a file is not the published one, or cannot be fetched.
    """
    absent = absent_files(parts, folder)
    for number, (address, path, digest) in enumerate(absent):
        try:
            with urllib.request.urlopen(address, timeout=_SECONDS) as answer:
                content = answer.read()
        except (urllib.error.URLError, OSError) as error:
            reason = getattr(error, "reason", error)
            raise DataError(
                f"{path}: absent, and {address} cannot be reached ({reason}); {len(absent) - number} files are still "
                f"to fetch. Without a network, place them in {folder} by hand (folders: resources/datasets.tsv)"
            ) from None
        require_unchanged(path, content, digest)
        with whole_file(path) as partial:
            partial.write_bytes(content)
    return len(absent)


if __name__ == "__main__":
    sys.exit(main())
