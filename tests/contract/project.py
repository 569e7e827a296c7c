"""The project as the contract tests see it: files, imports and rules, read from the text."""

import ast
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "workflow/scripts"
LIBRARY = SCRIPTS / "livedead"
ENVS = ROOT / "envs"
# Packages that PyPI and conda-forge call differently.
CONDA_NAMES = {"tensorflow-cpu": "tensorflow"}


@dataclass(frozen=True)
class Rule:
    """A rule that runs a script: its name, its file and the text of each directive."""

    name: str
    file: str
    directives: dict[str, str]

    @property
    def env(self) -> str:
        """Name of its environment file, without the suffix."""
        return re.search(r"envs/(\w+)\.yaml", self.directives["conda"])[1]


def library_files() -> list[Path]:
    return sorted(LIBRARY.rglob("*.py"))


def script_files() -> list[Path]:
    return sorted(SCRIPTS.glob("*.py"))


def module_name(path: Path) -> str:
    """Name of a library file below the library's root: cells/semantic.py -> cells.semantic."""
    return ".".join(path.relative_to(LIBRARY).with_suffix("").parts)


@cache
def imports(path: Path) -> tuple[set[str], set[str]]:
    """Modules of the library (as cells.semantic) and names of other packages that a file imports."""
    inside, outside = set(), set()
    package = path.relative_to(LIBRARY).parts[:-1] if path.is_relative_to(LIBRARY) else ()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            base = [*package[: len(package) + 1 - node.level], *(node.module or "").split(".")]
            base = ".".join(part for part in base if part)
            names = [f"livedead.{base}.{a.name}" if base else f"livedead.{a.name}" for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            if name.startswith("livedead."):
                inside.add(_module(name.removeprefix("livedead.")))
            elif name.partition(".")[0] not in sys.stdlib_module_names:
                outside.add(name.partition(".")[0])
    return inside, outside


def _module(name: str) -> str:
    """Module that holds a name: cells.semantic.label -> cells.semantic."""
    while name and not (LIBRARY.joinpath(*name.split(".")).with_suffix(".py")).is_file():
        name = name.rpartition(".")[0]
    return name


def modules_behind(modules: set[str]) -> set[str]:
    """The modules and everything of the library that they import."""
    found, waiting = set(), list(modules)
    while waiting:
        name = waiting.pop()
        if name and name not in found:
            found.add(name)
            waiting.extend(imports(LIBRARY.joinpath(*name.split(".")).with_suffix(".py"))[0])
    return found


def packages_behind(path: Path) -> set[str]:
    """Packages that a script needs, its own imports and those of the library behind it."""
    inside, outside = imports(path)
    for name in modules_behind(inside):
        outside = outside | imports(LIBRARY.joinpath(*name.split(".")).with_suffix(".py"))[1]
    return outside


@cache
def rules() -> list[Rule]:
    """Every rule of the project that runs a script."""
    found = []
    for file in sorted((ROOT / "workflow/rules").glob("*.smk")):
        blocks = re.split(r"^rule (\w+):\n", file.read_text(encoding="utf-8"), flags=re.M)
        for name, body in zip(blocks[1::2], blocks[2::2], strict=True):
            # A rule ends with the first line that is not indented.
            body = re.split(r"^(?=\S)", body, maxsplit=1, flags=re.M)[0]
            parts = re.split(r"^    (\w+):", body, flags=re.M)
            found.append(Rule(name, file.name, dict(zip(parts[1::2], parts[2::2], strict=True))))
    return found


def env_packages(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """What an environment file asks of conda and what of pip: package -> version, or its first parts."""
    conda, pip = {}, {}
    for spec in yaml.safe_load(path.read_text(encoding="utf-8"))["dependencies"]:
        if isinstance(spec, dict):
            # pip's `efficientnet ~=1.1.1` holds the minor version as conda's `numpy =2.4` does.
            lines = (line.split(" ~=") for line in spec["pip"])
            pip |= {name: version.rpartition(".")[0] for name, version in lines}
        elif spec != "pip":
            name, version = spec.split(" =")
            conda[name] = version
    return conda, pip
