"""Files are whole or not there."""

import pytest
from livedead.desk.files import whole_file


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
