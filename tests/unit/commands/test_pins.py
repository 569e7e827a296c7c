"""Pin files: what conda lists for every environment that pip adds nothing to."""

import os
import sys

import pytest
from livedead.commands import pins

LISTED = "@EXPLICIT\nhttps://channel/noarch/six-1.17.0-0.conda#0123\n"
CONDA = f"""#!{sys.executable}
import sys
match sys.argv[1:3]:
    case ["--version"]:
        print("conda {{version}}")
    case ["info", "--json"]:
        print('{{{{"platform": "linux-64"}}}}')
    case ["env", "create"]:
        sys.exit({{failure!r}} or 0)
    case ["list", "--explicit"]:
        print({LISTED!r}, end="")
"""


@pytest.fixture
def envs(tmp_path, monkeypatch):
    """A folder of two environment files, one with a part from pip, and a PATH on which only `conda` may be."""
    folder = tmp_path / "envs"
    folder.mkdir()
    (folder / "plain.yaml").write_text("channels:\n  - conda-forge\ndependencies:\n  - six =1.17\n", encoding="utf-8")
    mixed = "channels:\n  - conda-forge\ndependencies:\n  - pip\n  - pip:\n      - six ~=1.17.0\n"
    (folder / "mixed.yaml").write_text(mixed, encoding="utf-8")
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return folder


def place_conda(version="26.7.1", failure=""):
    path = os.path.join(os.environ["PATH"], "conda")
    with open(path, "w", encoding="utf-8") as file:
        file.write(CONDA.format(version=version, failure=failure))
    os.chmod(path, 0o755)


def test_every_environment_is_pinned_or_named(envs, capsys):
    place_conda()
    assert pins.main([str(envs)]) == 0
    assert (envs / "plain.linux-64.pin.txt").read_text(encoding="utf-8") == LISTED
    assert sorted(path.name for path in envs.glob("*.pin.txt")) == ["plain.linux-64.pin.txt"]
    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith("mixed.yaml: no pin file, because a part comes from pip")
    assert said[1].endswith("plain.linux-64.pin.txt: 1 packages")


def test_without_conda_one_sentence_says_so(envs, capsys):
    assert pins.main([str(envs)]) == 1
    assert capsys.readouterr().err.startswith("pins: conda was not found (wanted 24.7.1 or newer on the PATH)")


@pytest.mark.parametrize("version", ["4.14.0", "24.7.0"])
def test_an_old_conda_is_refused(envs, capsys, version):
    place_conda(version)
    assert pins.main([str(envs)]) == 1
    assert capsys.readouterr().err.startswith(f"pins: conda is {version} (wanted 24.7.1 or newer)")


def test_what_conda_says_is_passed_on_and_old_pins_stay(envs, capsys):
    place_conda(failure="nothing provides six =1.17")
    (envs / "plain.linux-64.pin.txt").write_text("old", encoding="utf-8")
    assert pins.main([str(envs)]) == 1
    said = capsys.readouterr().err
    assert "conda env create" in said and "nothing provides six =1.17" in said
    assert (envs / "plain.linux-64.pin.txt").read_text(encoding="utf-8") == "old"


def test_a_folder_without_environment_files(tmp_path, capsys):
    assert pins.main([str(tmp_path)]) == 1
    assert "no environment files" in capsys.readouterr().err
