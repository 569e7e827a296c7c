"""Files are whole or not there."""

import time
import zipfile

import pytest
from livedead.desk.files import whole_file, write_archive


def test_file_appears_with_its_content(tmp_path):
    target = tmp_path / "new" / "a.ome.tif"
    with whole_file(target) as partial:
        partial.write_text("done")
        assert not target.exists()
        assert partial.parent == target.parent
        assert partial.name.endswith("a.ome.tif")
    assert target.read_text() == "done"
    assert list(target.parent.iterdir()) == [target]


def test_error_leaves_the_older_file_and_no_rest(tmp_path):
    target = tmp_path / "a.tsv"
    target.write_text("old")
    with pytest.raises(RuntimeError), whole_file(target) as partial:
        partial.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_nothing_written_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError), whole_file(tmp_path / "a.tsv"):
        pass
    assert not list(tmp_path.iterdir())


def test_archives_hold_their_files_and_are_the_same_at_any_time(tmp_path, monkeypatch):
    members = [("a.txt", b"one"), ("b/c.tif", bytes(range(256)))]
    write_archive(tmp_path / "first.zip", iter(members))
    monkeypatch.setattr(time, "time", lambda: 2e9)
    write_archive(tmp_path / "later.zip", members)
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "later.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "first.zip") as archive:
        assert archive.testzip() is None
        assert [(name, archive.read(name)) for name in archive.namelist()] == members


def test_a_broken_archive_leaves_nothing(tmp_path):
    def members():
        yield "a.txt", b"one"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_archive(tmp_path / "a.zip", members())
    assert not list(tmp_path.iterdir())
