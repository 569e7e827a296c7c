import pytest
from livedead.desk.datasets import absent_files, read_parts
from livedead.desk.errors import DataError

from tests.contract.project import ROOT
from tests.unit.desk.published import publish, sha256


@pytest.fixture
def table(tmp_path):
    return publish(tmp_path)


def test_absent_files_are_listed_and_changed_ones_named(table, tmp_path):
    parts, folder = read_parts(table, "all"), tmp_path / "mine"
    (folder / "HeLa").mkdir(parents=True)
    (folder / "HeLa/a.png").write_bytes(b"one")
    ((address, path, digest),) = absent_files(parts, folder)
    assert (address, path) == (f"{parts[0].url}/b.png", folder / "HeLa/b.png")
    assert digest == sha256(b"two")
    for name in ("a.png", "b.png"):
        (folder / "HeLa" / name).write_bytes(b"other")
    with pytest.raises(DataError) as caught:
        absent_files(parts, folder)
    lines = str(caught.value).splitlines()
    assert len(lines) == 2
    assert f"SHA-256 is {sha256(b'other')}" in lines[0]


def test_an_unknown_data_set_and_a_changed_list_are_refused(table):
    with pytest.raises(DataError, match="no data set hela .wanted one of all"):
        read_parts(table, "hela")
    listing = table.parent / "datasets/cells.sha256"
    listing.write_text(listing.read_text().replace("a.png", "c.png"))
    with pytest.raises(DataError, match="2 files, checksum .*wanted 2 files"):
        read_parts(table, "all")


def test_the_projects_own_table_and_lists_agree():
    parts = read_parts(ROOT / "resources/datasets.tsv", "authors")
    assert {part.folder: len(part.checksums) for part in parts} == {
        "HeLa_labelled/images": 6,
        "HeLa_labelled/gt_maps": 6,
        "HeLa": 40,
        "CHO": 61,
    }
