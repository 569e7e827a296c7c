"""What a result was made with."""

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib.metadata import PackageNotFoundError, distributions, version
from pathlib import Path

# The folder of Snakefile and config.yaml, and what of it decides on the results.
PROJECT = Path(__file__).resolve().parents[4]
_SOURCES = ("Snakefile", "config.yaml", "workflow", "resources", "envs", "profiles")


def versions(names: Iterable[str]) -> dict[str, str]:
    """Look up the installed versions of Python and of packages.

    Parameters
    ----------
    names : iterable of str
        Names of distributions, such as ``"scikit-image"``.

    Returns
    -------
    dict
        Version of ``python`` and of each package; ``"not installed"`` where there is none.
    """
    found = {"python": platform.python_version()}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def run_record(config: Mapping, command: str, cards: Mapping[str, Mapping]) -> dict:
    """Write down what a run was: code, settings, sheet, seeds, networks, packages and machine.

    Parameters
    ----------
    config : mapping
        All settings of the run.
    command : str
        Command line that started it.
    cards : mapping
        Model card of every network it trained, by cohort.

    Returns
    -------
    dict
        Plain types only: finished (local time), command, code (see `code_state`), config (sha256 of its canonical
        JSON, and the settings), sheet (file, sha256), seeds, networks (versions and device of each training), packages
        (version of everything installed), machine.
    """
    settings = json.dumps(config, sort_keys=True)
    installed = {package.metadata["Name"] for package in distributions()}
    return {
        "finished": datetime.now().astimezone().isoformat(timespec="seconds"),
        "command": command,
        "code": code_state(PROJECT),
        "config": {"sha256": hashlib.sha256(settings.encode()).hexdigest(), "settings": json.loads(settings)},
        "sheet": {"file": str(config["sheet"]), "sha256": file_hash(config["sheet"])},
        "seeds": {"run": config["seed"], "training": {cohort: card["seed"] for cohort, card in cards.items()}},
        "networks": {
            cohort: card["versions"] | {"device": card.get("ran", {}).get("device")} for cohort, card in cards.items()
        },
        "packages": versions(sorted(installed, key=str.lower)),
        "machine": {"platform": platform.platform(), "cpu": _cpu(), "cores": os.cpu_count()},
    }


def code_state(project: str | os.PathLike) -> dict:
    """Say which version of the code a folder holds.

    Parameters
    ----------
    project : path
        Folder of the project.

    Returns
    -------
    dict
        commit, and changed: the files that differ from it or are new, without data and results; both None where the
        folder is no git repository.
    """
    commit = _git(project, "rev-parse", "HEAD")
    if commit is None:
        return {"commit": None, "changed": None}
    lines = _git(project, "status", "--porcelain", "--untracked-files=all", "--", *_SOURCES) or ""
    return {"commit": commit.strip(), "changed": [line[3:] for line in lines.splitlines()]}


def file_hash(path: str | os.PathLike) -> str:
    """SHA-256 of a file's content, in hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _git(project: str | os.PathLike, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(project), *arguments], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def _cpu() -> str:
    """Name of the processor, as well as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return next(iter(names), platform.processor() or platform.machine())
