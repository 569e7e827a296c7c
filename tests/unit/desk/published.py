"""A published data set of two files, with its table."""

import hashlib

from livedead.desk.datasets import COLUMNS


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def publish(folder):
    """Write the files and the table into a folder; the table's path."""
    published = folder / "published"
    published.mkdir()
    contents = {"a.png": b"one", "b.png": b"two"}
    for name, content in contents.items():
        (published / name).write_bytes(content)
    listing = "".join(f"{sha256(content)}  {name}\n" for name, content in contents.items())
    (folder / "datasets").mkdir()
    (folder / "datasets/cells.sha256").write_text(listing)
    row = dict.fromkeys(COLUMNS, "x") | {"name": "cells", "data_set": "all", "folder": "HeLa", "files": "2"}
    row |= {"url": published.as_uri(), "sha256": sha256(listing.encode())}
    path = folder / "datasets.tsv"
    path.write_text("# comment\n" + "\t".join(COLUMNS) + "\n" + "\t".join(row[name] for name in COLUMNS) + "\n")
    return path
