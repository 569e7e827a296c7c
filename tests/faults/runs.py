"""Runs of the tiny workflow by `make` in a folder of their own: watched, killed, and what they leave."""

import base64
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from tests.workflow.test_tiny_run import ROOT, copy_of_project

STEPS = re.compile(r"^(\d+) of (\d+) steps .* done$", re.M)


def project(folder):
    """A copy of the project with the tiny sheet, in which `make` finds the packages of this Python."""
    folder.mkdir(exist_ok=True)
    copy_of_project(folder)
    for name in ("Makefile", "requirements.lock", "CITATION.cff"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    # Its own mark of what is installed, newer than the lock: nothing may be installed by a test.
    (folder / ".venv").mkdir()
    for part in Path(sys.prefix).iterdir():
        if part.name != "installed":
            (folder / ".venv" / part.name).symlink_to(part)
    (folder / ".venv/installed").touch()
    return folder


def make(folder, cores=2, options="", settings="tiny.yaml"):
    """Command line that makes everything of the tiny workflow as `make` does."""
    snakemake = f"SNAKEMAKE=.venv/bin/snakemake --cores {cores} {options} --configfile {settings}"
    return ["make", "-C", str(folder), "--no-print-directory", snakemake]


class Run:
    """One `make`, in a group of processes of its own.

    Parameters
    ----------
    folder : pathlib.Path
        The project.
    **how
        See `make`.
    """

    def __init__(self, folder, **how):
        self.screen = folder / "screen.txt"
        self.started = time.monotonic()
        with self.screen.open("w") as screen:
            self.process = subprocess.Popen(
                make(folder, **how), stdout=screen, stderr=subprocess.STDOUT, start_new_session=True
            )

    @property
    def seconds(self):
        return time.monotonic() - self.started

    def left(self):
        """Steps that are still to do; None before the plan is known."""
        text = self.text()
        if done := STEPS.findall(text):
            return int(done[-1][1]) - int(done[-1][0])
        planned = re.search(r"^total +(\d+)$", text, re.M)
        return int(planned[1]) if planned else 0 if "Nothing to be done" in text else None

    def text(self):
        """All that it has written on the screen."""
        return self.screen.read_text(errors="replace")

    def wait(self):
        """Let it end; its exit status."""
        return self.process.wait()

    def kill(self):
        """Kill everything at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        while any(_is_of_group(process, self.process.pid) for process in psutil.process_iter()):
            time.sleep(0.01)


def _is_of_group(process, group):
    try:
        return os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, ProcessLookupError):
        return False


def cut_off(folder):
    """Stages (folders of results) that had a file in the making when the run was killed."""
    state = folder / ".snakemake/incomplete"
    # Snakemake names a mark by the file in base 64, cut into parts that begin with @.
    marks = ("".join(part.lstrip("@") for part in m.relative_to(state).parts) for m in state.rglob("*") if m.is_file())
    files = (base64.urlsafe_b64decode(mark).decode() for mark in marks)
    return {Path(name).parts[1] for name in files if name.startswith("results/")}


def leftovers(folder):
    """What only an unfinished run has: half-written files, states of trainings, scripts of jobs, marks and locks."""
    found = [*(folder / "results").rglob(".*"), *(folder / "results").rglob("unfinished")]
    for state in ("locks", "incomplete", "scripts"):
        found += (folder / ".snakemake" / state).glob("*")
    return sorted(str(path.relative_to(folder)) for path in found)
