"""A folder with a network, and files in place of one that are not opened."""

import pickle
import zipfile

import pytest
from livedead.desk.errors import ModelError
from livedead.desk.model_folder import check_model_folder, refuse_code


class Bomb:
    """An object whose pickle runs a program when it is read."""

    def __reduce__(self):
        return (exec, ("raise SystemExit('the program in the file ran')",))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "model_card.json").write_text('{"encoder": "B0"}')
    (tmp_path / "model.weights.h5").write_bytes(b"\x89HDF\r\n\x1a\n")
    return tmp_path


def test_the_card_is_read(folder):
    assert check_model_folder(folder) == {"encoder": "B0"}


def test_what_is_missing_is_named(folder):
    (folder / "model.weights.h5").unlink()
    with pytest.raises(ModelError, match=r"has no model.weights.h5 \(wanted a folder with model_card.json and"):
        check_model_folder(folder)
    (folder / "model_card.json").unlink()
    with pytest.raises(ModelError, match=r"has no model_card.json and no model.weights.h5"):
        check_model_folder(folder)
    (folder / "HeLa-b3.h5").write_bytes(b"")
    with pytest.raises(ModelError, match=r"HeLa-b3.h5: weights alone become a folder with `python -m livedead"):
        check_model_folder(folder)
    with pytest.raises(ModelError, match="is not there"):
        check_model_folder(folder / "none")


@pytest.mark.parametrize(
    "name, hint", [("net.h5", "become a folder with"), ("net.keras", "is not opened"), ("net.pt", "is not opened")]
)
def test_a_file_is_no_folder(folder, name, hint):
    (folder / name).write_bytes(b"")
    with pytest.raises(ModelError, match=f"{name} is a file .*{hint}"):
        check_model_folder(folder / name)


@pytest.mark.parametrize("text", ["{", "[1, 2]", "\N{LATIN SMALL LETTER A WITH DIAERESIS}"])
def test_a_card_that_is_none(folder, text):
    (folder / "model_card.json").write_text(text, encoding="latin-1")
    with pytest.raises(ModelError, match="model_card.json: not a model card"):
        check_model_folder(folder)


def test_files_that_can_run_a_program_are_refused_unopened(tmp_path):
    pickled = tmp_path / "weights.h5"
    pickled.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(ModelError, match="weights.h5: a Python pickle, not weights; such a file can run a program"):
        refuse_code(pickled)
    with zipfile.ZipFile(tmp_path / "whole.h5", "w") as archive:
        archive.writestr("config.json", "{}")
    with pytest.raises(ModelError, match="a .keras, .pt or other archive"):
        refuse_code(tmp_path / "whole.h5")
    (tmp_path / "network.pt").write_bytes(b"old torch")
    with pytest.raises(ModelError, match="a .pt file"):
        refuse_code(tmp_path / "network.pt")
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved/saved_model.pb").write_bytes(b"")
    with pytest.raises(ModelError, match="a SavedModel folder"):
        refuse_code(tmp_path / "saved")


def test_weights_are_let_through(folder):
    assert refuse_code(folder / "model.weights.h5") is None
