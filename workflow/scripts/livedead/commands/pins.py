"""Write down the exact packages of the conda environments of rules: `python -m livedead.commands.pins`."""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ..desk.errors import CondaError
from ..desk.files import whole_file
from .outcome import exit_status

# What Snakemake wants.
_OLDEST = (24, 7, 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a pin file beside every environment file that can have one. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="pins", description=__doc__.partition(":")[0] + ".")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("envs"), help="default: %(default)s")
    given = parser.parse_args(arguments)
    return exit_status("pins", lambda: "\n".join(write_pins(given.folder)))


def write_pins(folder: Path) -> list[str]:
    """Build every environment once and list its packages as <name>.<platform>.pin.txt, which Snakemake then takes.

    An environment that pip adds to gets none: Snakemake installs what a pin file lists and nothing else.

    Parameters
    ----------
    folder : pathlib.Path
        Where the environment files are.

    Returns
    -------
    list of str
        What became of each file.

    Raises
    ------
    CondaError
        If there is no environment file or no conda that Snakemake could use, or conda fails; older pin files stay.
    """
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise CondaError(f"{folder}: no environment files (wanted <name>.yaml)")
    _require_conda()
    platform = json.loads(_conda("info", "--json"))["platform"]
    said = []
    for file in files:
        pins = file.with_suffix(f".{platform}.pin.txt")
        if re.search(r"^\s*- pip:", file.read_text(encoding="utf-8"), flags=re.M):
            said.append(f"{file}: no pin file, because a part comes from pip")
            continue
        with tempfile.TemporaryDirectory() as scratch:
            prefix = f"{scratch}/env"
            _conda("env", "create", "--quiet", "--file", str(file), "--prefix", prefix)
            listed = _conda("list", "--explicit", "--md5", "--prefix", prefix)
        with whole_file(pins) as partial:
            partial.write_text(listed, encoding="utf-8")
        said.append(f"{pins}: {listed.count('://')} packages")
    return said


def _require_conda() -> None:
    wanted = ".".join(map(str, _OLDEST))
    if shutil.which("conda") is None:
        raise CondaError(
            f"conda was not found (wanted {wanted} or newer on the PATH). Without conda, versions are held by "
            "requirements.lock and no pin file is needed"
        )
    found = _conda("--version").split()[-1]
    if tuple(map(int, re.findall(r"\d+", found)))[:3] < _OLDEST:
        raise CondaError(f"conda is {found} (wanted {wanted} or newer); update it with `conda update -n base conda`")


def _conda(*words: str) -> str:
    done = subprocess.run(["conda", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise CondaError(f"`conda {' '.join(words)}` failed:\n{done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
