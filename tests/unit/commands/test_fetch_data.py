import pytest
from livedead.commands.fetch_data import main

from tests.unit.desk.published import publish


@pytest.fixture
def table(tmp_path):
    return publish(tmp_path)


def test_what_is_absent_is_fetched_and_checked(table, tmp_path, capsys):
    call = ["all", str(tmp_path / "mine"), "--table", str(table)]
    assert main(call) == 0
    assert (tmp_path / "mine/HeLa/b.png").read_bytes() == b"two"
    assert "2 files as published, 2 of them fetched now" in capsys.readouterr().out
    assert main(call) == 0
    assert "0 of them fetched now" in capsys.readouterr().out


def test_another_file_than_the_published_one_is_not_kept(table, tmp_path, capsys):
    (tmp_path / "published/b.png").write_bytes(b"half of it")
    assert main(["all", str(tmp_path / "mine"), "--table", str(table)]) == 1
    assert "HeLa/b.png: its SHA-256 is" in capsys.readouterr().err
    assert not (tmp_path / "mine/HeLa/b.png").exists()


def test_without_the_source_the_message_says_what_to_do(table, tmp_path, capsys):
    (tmp_path / "published/a.png").unlink()
    assert main(["all", str(tmp_path / "mine"), "--table", str(table)]) == 1
    message = capsys.readouterr().err
    assert "a.png cannot be reached" in message
    assert "2 files are still to fetch" in message
    assert "place them in" in message
