"""After a kill: the folder is unlocked and cleared, but never under a run that goes on."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from livedead.commands import recover

ROOT = Path(__file__).parents[3]


@pytest.fixture
def locked(tmp_path, monkeypatch):
    """A project whose run was killed: a lock, a half-written file, a script of a job, and a finished table."""
    monkeypatch.chdir(tmp_path)
    for name, text in (
        ("Snakefile", "rule all:\n    input: []\n"),
        (".snakemake/locks/0.output.lock", "results/phase/hela/f1.phase.ome.tif\n"),
        (".snakemake/scripts/tmp1.retrieve_phase.py", ""),
        ("results/phase/hela/.partial-12345678-f1.phase.ome.tif", "half"),
        ("results/phase/hela/f0.quality.tsv", "whole"),
    ):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    return tmp_path


@pytest.fixture
def run(tmp_path_factory):
    """Start something that is called as a run of Snakemake, in a folder."""
    script, started = tmp_path_factory.mktemp("bin") / "snakemake", []
    script.write_text("print(flush=True)\nimport time\ntime.sleep(600)\n")

    def start(folder, *words):
        command = [sys.executable, *(words or [script])]
        started.append(subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE))
        started[-1].stdout.readline()
        return started[-1].pid

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_killed_run_is_cleared_and_its_results_are_kept(locked, capsys):
    assert recover.main([]) == 0
    assert capsys.readouterr().out == (
        "The last run was killed: unlocked the folder and removed 2 unfinished files; finished results are kept.\n"
    )
    assert not list(locked.rglob("*.lock")) and not list(recover.leftovers())
    assert Path("results/phase/hela/f0.quality.tsv").read_text() == "whole"
    assert recover.main([]) == 0
    assert capsys.readouterr().out == ""


def test_a_run_that_goes_on_is_left_alone_and_named(locked, run, tmp_path_factory, capsys):
    elsewhere = run(tmp_path_factory.mktemp("other"))
    here = run(locked)
    assert recover.main([]) == 1
    said = capsys.readouterr().err
    assert f"another run goes on in this folder (process {here})" in said and f"`kill {here}`" in said
    assert str(elsewhere) not in said.split("process ")[1]
    assert len(list(locked.rglob("*.lock"))) == 1 and len(list(recover.leftovers())) == 2
    # Before it has locked the folder, too, its files are not touched.
    (locked / ".snakemake/locks/0.output.lock").unlink()
    assert recover.main([]) == 0
    assert len(list(recover.leftovers())) == 2


def test_a_job_that_outlived_its_run_is_waited_for(locked, run, capsys):
    script = locked / ".snakemake/scripts/tmp1.retrieve_phase.py"
    script.write_text("print(flush=True)\nimport time\ntime.sleep(600)\n")
    pid = run(locked, script)
    assert recover.main([]) == 1
    assert f"(process {pid})" in capsys.readouterr().err


def test_a_lock_of_another_machine_is_not_broken(locked, capsys):
    log = locked / ".snakemake/log/2026.snakemake.log"
    log.parent.mkdir()
    log.write_text("SNAKEMAKE\n=====\n  Host: node17\n  User: me\n")
    assert recover.main([]) == 1
    assert "was started on node17" in capsys.readouterr().err
    assert len(list(locked.rglob("*.lock"))) == 1 and len(list(recover.leftovers())) == 2


def test_a_run_of_make_says_on_which_machine_it_is(locked, monkeypatch, capsys):
    """With the flags that `make` gives, and with the log of a plan after it."""
    flags = re.search(r"^RUN := \$\(SNAKEMAKE\)(.*)$", (ROOT / "Makefile").read_text(), re.M)[1].split()
    shutil.rmtree(locked / ".snakemake/locks")
    for options in (flags, ["-n", "--quiet", "host"]):
        command = [sys.executable, "-m", "snakemake", "--cores", "1", *options]
        subprocess.run(command, cwd=locked, capture_output=True, check=True)
        # As if the first run had been killed: its lock is older than the end of its log.
        (locked / ".snakemake/locks").mkdir(exist_ok=True)
        lock = locked / ".snakemake/locks/0.output.lock"
        if not lock.exists():
            lock.touch()
    monkeypatch.setattr(recover.platform, "node", lambda: "elsewhere")
    assert recover.main([]) == 1
    assert f"was started on {os.uname().nodename}, and this is elsewhere" in capsys.readouterr().err
    assert lock.exists() and list(recover.leftovers())
    monkeypatch.undo()
    monkeypatch.chdir(locked)
    assert recover.main([]) == 0


def test_a_lock_of_another_user_is_not_broken(locked, capsys, monkeypatch):
    owner = os.getuid()
    monkeypatch.setattr(recover.os, "getuid", lambda: owner + 1)
    assert recover.main([]) == 1
    assert f"locked by a run of another user (number {owner})" in capsys.readouterr().err
    assert len(list(locked.rglob("*.lock"))) == 1 and len(list(recover.leftovers())) == 2


def test_a_project_that_cannot_be_read_stays_locked(locked, capsys):
    (locked / "Snakefile").write_text("rule all\n")
    assert recover.main([]) == 1
    assert "the folder cannot be unlocked after a kill:\n" in capsys.readouterr().err
    assert len(list(locked.rglob("*.lock"))) == 1
