"""What a case of bad input is, and what must hold for each: one error that names the culprit, and nothing written."""

import hashlib
import re
import runpy
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
import yaml

from tests.scripts.jobs import Files

ROOT = Path(__file__).resolve().parents[2]
# Read once, not for every case.
SCHEMA = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text(encoding="utf-8"))
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))


class Bad(NamedTuple):
    """One case: its name, what spoils the input, and words the only error must hold, as regular expressions."""

    name: str
    spoil: Callable | str | dict | bytes | None
    words: tuple[str, ...]


def cases(table):
    """Cases as parameters of a test, called by their names."""
    assert len({case.name for case in table}) == len(table)
    return pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in table])


def contents(folder):
    """Every file below a folder, and a digest of what it holds."""
    files = (path for path in sorted(Path(folder).rglob("*")) if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def assert_one_error(lines, case):
    """One line, with all words of the case."""
    assert len(lines) == 1, "\n".join(lines)
    for words in case.words:
        assert re.search(words, lines[0]), f"{words!r} is not in: {lines[0]}"


def run_script(rule, folder, source, output, capsys, **job):
    """Run a script that must fail; what it says on the error stream, in lines that begin with the rule's name.

    Nothing may be left of its outputs, and no traceback may be shown.
    """
    made = {name: str(folder / "made" / file) for name, file in output.items()}
    job = SimpleNamespace(
        rule=rule,
        threads=1,
        log=[str(folder / f"{rule}.log")],
        input=Files(**source),
        output=Files(**made),
        wildcards=SimpleNamespace(cohort="c", sequence="s1"),
        params=SimpleNamespace(**job),
    )
    capsys.readouterr()
    with pytest.raises(SystemExit) as stop:
        runpy.run_path(str(ROOT / f"workflow/scripts/{rule}.py"), init_globals={"snakemake": job})
    assert stop.value.code == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert "unforeseen" not in Path(job.log[0]).read_text(encoding="utf-8"), said
    assert not (folder / "made").exists() or not list((folder / "made").iterdir())
    return [line for line in said.splitlines() if line.startswith(f"{rule}:")]
