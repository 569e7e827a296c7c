"""Public data sets outside the project: where they come from, and whether a folder holds them as published."""

import csv
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .errors import DataError

COLUMNS = (
    "name", "data_set", "folder", "files", "url", "repository", "version", "sha256", "licence", "what", "used_by"
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A part of a data set: a row of `resources/datasets.tsv` and the checksums of its files.

    Attributes
    ----------
    name, data_set : str
        Names of the part and of the data set it belongs to.
    folder : str
        Folder of its files within the user's data folder.
    url : str
        Address of its files, without their names.
    checksums : dict of str
        SHA-256 by file name.
    """

    name: str
    data_set: str
    folder: str
    url: str
    checksums: dict[str, str]


def read_parts(table: str | os.PathLike, data_set: str) -> list[Part]:
    """Read the parts of a data set and the list of checksums beside the table that each row stands for.

    Parameters
    ----------
    table : path
        Tab-separated text with `COLUMNS`; ``datasets/<name>.sha256`` beside it holds the checksums of a row, in the
        form of sha256sum.
    data_set : str
        Name of the data set.

    Returns
    -------
    list of Part

    Raises
    ------
    DataError
        If there is no such data set, or a list is not the one the table was written for.
    """
    with Path(table).open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader((line for line in text if not line.startswith("#")), delimiter="\t"))
    found = [row for row in rows if row["data_set"] == data_set]
    if not found:
        known = ", ".join(dict.fromkeys(row["data_set"] for row in rows))
        raise DataError(f"{table}: no data set {data_set} (wanted one of {known})")
    return [_part(Path(table).parent / "datasets" / f"{row['name']}.sha256", row) for row in found]


def _part(listing: Path, row: dict[str, str]) -> Part:
    content = listing.read_bytes()
    checksums = {name: digest for digest, name in (line.split("  ") for line in content.decode().splitlines())}
    digest = hashlib.sha256(content).hexdigest()
    if digest != row["sha256"] or len(checksums) != int(row["files"]):
        raise DataError(
            f"{listing}: {len(checksums)} files, checksum {digest} (wanted {row['files']} files, {row['sha256']}, as "
            "datasets.tsv says); take both from one version of the project"
        )
    return Part(row["name"], row["data_set"], row["folder"], row["url"], checksums)


def absent_files(parts: Iterable[Part], folder: str | os.PathLike) -> list[tuple[str, Path, str]]:
    """List the files of a data set that a folder lacks, after checking those it has.

    Parameters
    ----------
    parts : iterable of Part
        Parts of the data set.
    folder : path
        The user's data folder.

    Returns
    -------
    list of (str, pathlib.Path, str)
        Address of each absent file, where it belongs, and its checksum.

    Raises
    ------
    DataError
        With every file that differs from the published one.
    """
    absent, changed = [], []
    for part in parts:
        for name, digest in part.checksums.items():
            path = Path(folder) / part.folder / name
            if not path.is_file():
                absent.append((f"{part.url.rstrip('/')}/{name}", path, digest))
                continue
            try:
                require_unchanged(path, path.read_bytes(), digest)
            except DataError as error:
                changed.append(str(error))
    if changed:
        raise DataError("\n".join(changed))
    return absent


def require_unchanged(path: Path, content: bytes, digest: str) -> None:
    """Compare a file with its checksum.

    Parameters
    ----------
    path : pathlib.Path
        Name for the message.
    content : bytes
        The whole file.
    digest : str
        SHA-256 it should have.

    Raises
    ------
    DataError
        If it has another one.
    """
    found = hashlib.sha256(content).hexdigest()
    if found != digest:
        raise DataError(
            f"{path}: its SHA-256 is {found}, that of the published file {digest}; delete the file and fetch it again"
        )
