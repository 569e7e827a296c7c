"""What a result was made with."""

import hashlib
import json
import platform
import subprocess

import numpy
import pytest
from livedead.desk.provenance import code_state, run_record, versions


def test_versions_of_python_and_packages():
    assert versions(["numpy", "no-such-package"]) == {
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "no-such-package": "not installed",
    }


@pytest.fixture
def repository(tmp_path):
    """A project of one commit; a function runs git in it."""

    def git(*words):
        who = ["-c", "user.name=me", "-c", "user.email=me@example.com"]
        return subprocess.run(["git", "-C", str(tmp_path), *who, *words], capture_output=True, text=True, check=True)

    git("init", "-q")
    (tmp_path / "workflow").mkdir()
    (tmp_path / "Snakefile").write_text("rule all:\n")
    git("add", "Snakefile")
    git("commit", "-q", "-m", "first")
    return git


def test_commit_and_changed_files_of_the_code(repository, tmp_path):
    commit = repository("rev-parse", "HEAD").stdout.strip()
    (tmp_path / "results").mkdir()
    (tmp_path / "results/table.tsv").write_text("no code")
    assert code_state(tmp_path) == {"commit": commit, "changed": []}
    (tmp_path / "workflow/new.py").write_text("")
    (tmp_path / "Snakefile").write_text("rule other:\n")
    assert code_state(tmp_path) == {"commit": commit, "changed": ["Snakefile", "workflow/new.py"]}


def test_a_copy_without_git_has_no_commit(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert code_state(tmp_path) == {"commit": None, "changed": None}
    monkeypatch.setenv("PATH", "")
    assert code_state(tmp_path) == {"commit": None, "changed": None}


def test_record_of_a_run(tmp_path):
    sheet = tmp_path / "sheet.tsv"
    sheet.write_bytes(b"sequence\n")
    config = {"seed": 7, "sheet": str(sheet), "phase": {"b": 1, "a": [1, 2]}}
    cards = {
        "hela": {"seed": 11, "versions": {"keras": "3"}, "ran": {"device": "cpu:0"}},
        "old": {"seed": 2, "versions": {}},
    }
    record = run_record(config, "snakemake --cores 2", cards)
    assert json.loads(json.dumps(record)) == record
    assert record["command"] == "snakemake --cores 2"
    assert record["seeds"] == {"run": 7, "training": {"hela": 11, "old": 2}}
    assert record["networks"] == {"hela": {"keras": "3", "device": "cpu:0"}, "old": {"device": None}}
    assert record["sheet"] == {"file": str(sheet), "sha256": hashlib.sha256(b"sequence\n").hexdigest()}
    assert record["config"]["settings"] == config and record["packages"]["numpy"] == numpy.__version__
    # The order of keys is no setting.
    same = run_record(dict(reversed(config.items())), "", {})
    assert same["config"]["sha256"] == record["config"]["sha256"]
    assert run_record(config | {"seed": 8}, "", {})["config"]["sha256"] != record["config"]["sha256"]
    assert record["machine"]["cores"] >= 1 and record["machine"]["cpu"]
