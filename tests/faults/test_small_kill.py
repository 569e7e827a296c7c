"""A run that is killed while it writes: the next one clears up, goes on and ends in the same files."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress

import pytest
import yaml

from tests.workflow.test_reruns import PHASE, SMALL
from tests.workflow.test_tiny_run import copy_of_project

pytestmark = pytest.mark.faults
TRIES = 20


@pytest.fixture
def project(tmp_path):
    """Give a function that makes a copy of the workflow with settings for one small film."""

    def make(name):
        folder = tmp_path / name
        folder.mkdir()
        copy_of_project(folder)
        (folder / "small.yaml").write_text(yaml.safe_dump(SMALL), encoding="utf-8")
        return folder

    return make


def start(folder):
    """What `make` does: clear up, then run; in a group of processes of its own."""
    steps = ["{0} -m livedead.commands.recover", "{0} -m snakemake --cores 1 --configfile small.yaml -- " + PHASE]
    command = " && ".join(steps).format(sys.executable)
    paths = {"PYTHONPATH": str(folder / "workflow/scripts")}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, shell=True, cwd=folder, env=os.environ | paths, start_new_session=True, **pipes)


def half_written(folder):
    found = []
    for path in folder.rglob(".partial-*"):
        # It gets its name when it is whole, perhaps just now.
        with suppress(FileNotFoundError):
            found += [path] * bool(path.stat().st_size)
    return found


def kill_while_writing(folder, stage):
    """Kill a run when a file of a stage is half written; whether it still was when the run was dead."""
    # Left from a try that came too late: a small file is written in milliseconds.
    shutil.rmtree(folder / "results" / stage, ignore_errors=True)
    shutil.rmtree(folder / "results/phase", ignore_errors=True)
    run = start(folder)
    made = folder / "results" / stage
    while not half_written(made) and run.poll() is None:
        pass
    if run.poll() is None:
        os.killpg(run.pid, signal.SIGKILL)
    screen, _ = run.communicate()
    assert run.returncode in (0, -signal.SIGKILL), screen
    return half_written(made) != []


def test_killed_while_it_simulates_and_while_it_retrieves(project):
    whole, cut = project("whole"), project("cut")
    screen, _ = start(whole).communicate()
    assert (whole / PHASE).exists(), screen
    for stage in ("simulate", "phase"):
        tries = (kill_while_writing(cut, stage) for _ in range(TRIES))
        assert any(tries), f"never met a half-written file of {stage}"
        assert list((cut / ".snakemake/locks").iterdir())
    last = start(cut)
    screen, _ = last.communicate()
    assert last.returncode == 0, screen
    assert "The last run was killed: unlocked the folder and removed " in screen
    # The film was finished before the second kill and is not made again.
    assert "rule simulate_unstained" not in screen
    assert not half_written(cut / "results")
    files = [path.relative_to(whole) for path in (whole / "results").rglob("*.*") if "bodies" in path.parts]
    assert len(files) >= 4
    for file in files:
        if "benchmarks" not in file.parts and "logs" not in file.parts:
            assert (cut / file).read_bytes() == (whole / file).read_bytes(), file
