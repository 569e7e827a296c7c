"""Files are whole or not there."""

import errno
import os
import re
import resource
import shutil
import time
import zipfile
from contextlib import contextmanager

import pytest
from livedead.desk.errors import DataError, OutputError
from livedead.desk.files import check_writable, whole_file, write_archive


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


@contextmanager
def small_files():
    """No file may become larger than 10 kB. Not a fixture: pytest may write its own progress into a larger one."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_file_that_does_not_fit_is_named_and_the_older_one_stays(tmp_path):
    target = tmp_path / "a.tsv"
    target.write_text("old")
    said = r"a\.tsv: not written, it is larger than .* and run again"
    with pytest.raises(OutputError, match=said), small_files(), whole_file(target) as partial:
        partial.write_bytes(bytes(20_000))
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    "code, said",
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, "can only be read"),
        (errno.EIO, "does not work"),
    ],
)
def test_every_reason_of_the_disk_has_its_words(tmp_path, code, said):
    with pytest.raises(OutputError, match=f"a.tif: not written, .*{said}"), whole_file(tmp_path / "a.tif"):
        raise OSError(code, os.strerror(code))


def test_permission_counts_for_what_is_written_not_for_what_is_read(tmp_path):
    said = f"permission to write in {re.escape(str(tmp_path))}"
    with pytest.raises(OutputError, match=said), whole_file(tmp_path / "a.tif") as partial:
        raise PermissionError(errno.EACCES, "denied", str(partial))
    with pytest.raises(PermissionError), whole_file(tmp_path / "a.tif"):
        raise PermissionError(errno.EACCES, "denied", "elsewhere/raw.tif")


def test_with_no_space_left_any_failure_of_a_library_is_for_want_of_it(tmp_path, monkeypatch):
    free = shutil.disk_usage(tmp_path)._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)
    with pytest.raises(OutputError, match="the disk is full"), whole_file(tmp_path / "a.h5"):
        raise RuntimeError("unable to write")
    # What the user did wrong is said as it is.
    with pytest.raises(DataError), whole_file(tmp_path / "a.h5"):
        raise DataError("no cells")


def test_a_folder_that_may_not_be_written_to_is_found_before(tmp_path, monkeypatch):
    (tmp_path / "results/phase/hela").mkdir(parents=True)
    check_writable(tmp_path / "results", below=2)
    check_writable(tmp_path / "new/results")
    closed = []
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: str(path) not in closed and allowed(path, mode))
    closed.append(str(tmp_path / "results/phase/hela"))
    check_writable(tmp_path / "results", below=1)
    with pytest.raises(OutputError, match="results/phase/hela: nothing can be written in this folder"):
        check_writable(tmp_path / "results", below=2)
    closed.append(str(tmp_path))
    with pytest.raises(OutputError, match=f"^{re.escape(str(tmp_path))}: nothing can be written"):
        check_writable(tmp_path / "new/results")
    (tmp_path / "results/phase/file").write_text("")
    with pytest.raises(OutputError, match="phase/file: this is a file"):
        check_writable(tmp_path / "results/phase/file")
