"""Snakemake runs of which every job tells its time and its memory when it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

# Python imports a module of this name when it starts: in every job, and in Snakemake itself. A job opens its log when
# it has imported what it needs.
_WATCH = r"""
import atexit, json, os, resource, sys, time
begin, opened = time.perf_counter(), []
def hear(event, details):
    if event == "open" and not opened and str(details[0]).endswith(".log") and details[1] == "w":
        opened.append(time.perf_counter())
def tell():
    end, job = time.perf_counter(), getattr(sys.modules["__main__"], "snakemake", None)
    rule = getattr(job, "rule", "snakemake")
    about = [rule, job.wildcards.sequence] if rule != "snakemake" else [rule, ""]
    line = [*about, end - begin, end - (opened or [begin])[0], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]
    with open(os.environ["WATCHED_JOBS"], "a") as file:
        file.write(json.dumps(line) + "\n")
sys.addaudithook(hear)
atexit.register(tell)
"""


class Job(NamedTuple):
    """What a job told.

    Attributes
    ----------
    rule, sequence : str
        Whose it was; rule "snakemake" and no sequence for Snakemake itself.
    whole_s, work_s : float
        Seconds from the start of Python, and those after its imports.
    peak_kib : int
        Largest resident memory.
    """

    rule: str
    sequence: str
    whole_s: float
    work_s: float
    peak_kib: int


def run_watched(project: Path, *arguments: str) -> list[Job]:
    """Run Snakemake on one core.

    Parameters
    ----------
    project : path
        Folder with the Snakefile.
    *arguments : str
        Further words of the command line.

    Returns
    -------
    list of Job
        In the order in which they ended; the last one is Snakemake.

    Raises
    ------
    RuntimeError
        If the run fails; with what it said last.
    """
    hook, told = project / "watch", project / "watched.jsonl"
    hook.mkdir(exist_ok=True)
    (hook / "sitecustomize.py").write_text(_WATCH, encoding="utf-8")
    told.write_text("", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "1", "--quiet", "host", "reason", *arguments],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(hook), "WATCHED_JOBS": str(told), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {(done.stdout + done.stderr)[-3000:]}")
    return [Job(*json.loads(line)) for line in told.read_text(encoding="utf-8").splitlines()]
