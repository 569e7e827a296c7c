"""Clear up after a run that was killed, so that the next one can go on: `python -m livedead.commands.recover`.

A run that ends by itself, by an error or by Ctrl-C leaves nothing to do. After a kill or a power loss Snakemake's lock
is left, and files that were being written. Both are removed here, but only when no run goes on in the folder.
"""

import argparse
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import psutil

from ..desk.errors import OutputError
from ..desk.files import PARTIAL, check_writable
from .outcome import exit_status

# Folders of a run, in the folder in which it was started.
RESULTS, STATE = Path("results"), Path(".snakemake")
# Results lie in results/<stage>/<cohort>, comparisons of trainings one folder deeper.
_LEVELS = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Clear up and say what was found; nothing is said where nothing was left. Returns the exit status."""
    argparse.ArgumentParser(prog="recover", description=__doc__.partition(":")[0] + ".").parse_args(arguments)
    return exit_status("recover", recover)


def recover() -> str:
    """Make the working folder ready for a run.

    Returns
    -------
    str
        What was done; empty where nothing was left.

    Raises
    ------
    OutputError
        If another run holds the folder, it cannot be unlocked, or nothing can be written there.
    """
    check_writable(RESULTS, _LEVELS)
    locked = any((STATE / "locks").glob("*.lock"))
    runs = [run for run in psutil.process_iter() if works_here(run)]
    if runs and locked:
        _refuse(runs)
    if runs:
        # A run that has only just begun, or a plan of one: its own lock will say if they are in each other's way.
        return ""
    if locked:
        _refuse_what_is_not_seen()
        _unlock()
    rests = list(leftovers())
    for rest in rests:
        rest.unlink()
    done = ["unlocked the folder"] * locked + [f"removed {len(rests)} unfinished files"] * bool(rests)
    return f"The last run was killed: {' and '.join(done)}; finished results are kept." if done else ""


def leftovers() -> Iterator[Path]:
    """Find what a killed run had not finished: files half written, and scripts in the state it kept them for a job.

    Yields
    ------
    pathlib.Path
        Files that nobody reads.
    """
    yield from RESULTS.rglob(f"{PARTIAL}*")
    yield from (STATE / "scripts").glob("tmp*")


def works_here(process: psutil.Process) -> bool:
    """Say whether a process is a run of Snakemake in the working folder, or a job that its end has left behind.

    Parameters
    ----------
    process : psutil.Process
        Any process.

    Returns
    -------
    bool
        False, too, for one that ended meanwhile or whose folder may not be known.
    """
    try:
        words = process.cmdline()
        is_run = "snakemake" in [Path(word).name for word in words[:3]]
        is_job = any(f"{STATE}/scripts/" in word for word in words) and "python" in Path(words[0]).name
        return (is_run or is_job) and Path(process.cwd()).samefile(".")
    except (psutil.Error, OSError):
        return False


def _refuse(runs: Sequence[psutil.Process]) -> None:
    numbers = " ".join(str(run.pid) for run in runs)
    raise OutputError(
        f"another run goes on in this folder (process {numbers}); wait for its end, or stop it with `kill {numbers}`"
    )


def _refuse_what_is_not_seen() -> None:
    """Refuse to unlock what a run of another user or on another machine may hold: its processes cannot be seen."""
    locks = [lock.stat() for lock in (STATE / "locks").glob("*.lock")]
    owners = {lock.st_uid for lock in locks} - {os.getuid()}
    if owners and os.getuid() != 0:
        _say_unseen(f"of another user (number {', '.join(map(str, sorted(owners)))})")
    host = _host_of_run(min((lock.st_mtime for lock in locks), default=0.0))
    if host is not None and host != platform.node():
        _say_unseen(f"that was started on {host}, and this is {platform.node()}")


def _host_of_run(locked_at: float) -> str | None:
    """Find the machine of the run that holds the lock: the first to write to its log after it locked the folder."""
    logs = sorted((STATE / "log").glob("*.log"))
    # Later logs are of plans and checks, which lock nothing. Two clocks may differ a little.
    for log in [log for log in logs if log.stat().st_mtime >= locked_at - 2] or logs[-1:]:
        said = re.search(r"^\s*[Hh]ost: (\S+)$", log.read_text(encoding="utf-8", errors="replace"), re.M)
        if said:
            return said[1]
    return None


def _say_unseen(run: str) -> NoReturn:
    raise OutputError(
        f"the folder is locked by a run {run}; if it goes on, wait for its end, else unlock with "
        "`.venv/bin/snakemake --unlock`"
    )


def _unlock() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--unlock", "--cores", "1"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise OutputError(f"the folder cannot be unlocked after a kill:\n{(done.stdout + done.stderr).strip()}")


if __name__ == "__main__":
    sys.exit(main())
