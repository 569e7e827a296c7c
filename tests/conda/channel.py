"""A conda channel and a folder of wheels made of what is installed here, without a network.

A package of the channel holds links to the files of one installed distribution. So an environment is nearly free,
and in it can be imported what was asked for and what that depends on, nothing else. Python is a link to the running
one beside a `pyvenv.cfg`, as `python -m venv` makes it.
"""

import bz2
import hashlib
import io
import json
import sys
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.contract.project import CONDA_NAMES

SITE_PACKAGES = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
COMMAND = '#!/bin/sh\nexec "$(dirname "$0")/python" -c \'import sys, {module}; sys.exit({module}.{attr}())\' "$@"\n'


def installed() -> dict[str, Distribution]:
    """Every distribution that the running Python can import, by name."""
    found: dict[str, Distribution] = {}
    for distribution in distributions():
        found.setdefault(canonicalize_name(distribution.metadata["Name"]), distribution)
    return found


def requirements(found: dict[str, Distribution], name: str, extra: str = "") -> Iterator[Requirement]:
    """What a distribution needs, and what it wants others to need by their extras, which conda does not have."""
    for needed in map(Requirement, found[name].requires or ()):
        if needed.marker is None or needed.marker.evaluate({"extra": extra}):
            yield needed
            for other in needed.extras:
                yield from requirements(found, canonicalize_name(needed.name), other)


def own_files(distribution: Distribution) -> list[PurePosixPath]:
    """Files of a distribution, relative to site-packages."""
    paths = [PurePosixPath(str(file)) for file in distribution.files or ()]
    return [path for path in paths if not {"..", "__pycache__"} & {*path.parts} and not path.is_absolute()]


def write_channel(folder: Path, extra_files: dict[str, str]) -> None:
    """Write a channel with a package for every installed distribution; `extra_files` come with its Python."""
    found = installed()
    owners = defaultdict(set)
    for name, distribution in found.items():
        for file in own_files(distribution):
            for path in (file, *file.parents):
                owners[path].add(name)
    channel = _Channel(folder / "noarch")
    base = Path(sys._base_executable)
    texts = {"pyvenv.cfg": f"home = {base.parent}\ninclude-system-site-packages = false\n"}
    texts |= {f"{SITE_PACKAGES}/{name}": text for name, text in extra_files.items()}
    python = ".".join(map(str, sys.version_info[:3]))
    channel.add("python", python, [], texts, {"bin/python": str(base), "bin/python3": str(base)})
    for name, distribution in found.items():
        links = {}
        for file in own_files(distribution):
            # A link to the topmost folder that is nobody else's, or to the single file.
            path = next((path for path in (*reversed(file.parents), file) if owners[path] == {name}), None)
            if path is not None:
                links[f"{SITE_PACKAGES}/{path}"] = str(Path(distribution.locate_file(str(path))).absolute())
        commands = [point for point in distribution.entry_points if point.group == "console_scripts"]
        texts = {f"bin/{point.name}": COMMAND.format(module=point.module, attr=point.attr) for point in commands}
        needs = {f"{_conda_name(r.name)} {r.specifier}".strip() for r in requirements(found, name)}
        channel.add(_conda_name(name), distribution.version, ["python", *sorted(needs)], texts, links)
    channel.write_index()


def write_wheels(folder: Path, names: Iterable[str], without: Iterable[str]) -> None:
    """Pack installed distributions, and what they need beside those that are there without pip, as wheels again."""
    found, waiting, done = installed(), [*names], {*without}
    folder.mkdir(parents=True)
    while waiting:
        if (name := canonicalize_name(waiting.pop())) in done:
            continue
        done.add(name)
        waiting.extend(requirement.name for requirement in requirements(found, name))
        distribution = found[name]
        lines = distribution.read_text("WHEEL").splitlines()
        tags = [line.partition(": ")[2] for line in lines if line.startswith("Tag: ")]
        tag = next(tag for tag in tags if not tag.startswith("py2"))
        file_name = f"{name.replace('-', '_')}-{distribution.version}-{tag}.whl"
        with zipfile.ZipFile(folder / file_name, "w") as wheel:
            for file in own_files(distribution):
                if Path(distribution.locate_file(file)).is_file():
                    wheel.write(distribution.locate_file(file), str(file))


def _conda_name(name: str) -> str:
    return CONDA_NAMES.get(name := canonicalize_name(name), name)


class _Channel:
    """The packages of one folder and their index."""

    def __init__(self, folder: Path):
        self.folder, self.packages = folder, {}
        folder.mkdir(parents=True)

    def add(self, name: str, version: str, depends: list[str], texts: dict[str, str], links: dict[str, str]) -> None:
        """Write a package of text files, executable below bin, and of symbolic links."""
        index = {"name": name, "version": version, "build": "0", "build_number": 0, "depends": depends}
        index |= {"subdir": "noarch"}
        paths = [{"_path": path, "path_type": "softlink"} for path in links]
        for path, text in texts.items():
            content = text.encode()
            paths.append({"_path": path, "path_type": "hardlink", "size_in_bytes": len(content)})
            paths[-1]["sha256"] = hashlib.sha256(content).hexdigest()
        about = {"info/index.json": index, "info/paths.json": {"paths": paths, "paths_version": 1}}
        texts = {path: json.dumps(content) for path, content in about.items()} | texts
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w") as archive:
            for path, text in texts.items():
                member = tarfile.TarInfo(path)
                member.size, member.mode = len(text.encode()), 0o755 if path.startswith("bin/") else 0o644
                archive.addfile(member, io.BytesIO(text.encode()))
            for path, target in links.items():
                member = tarfile.TarInfo(path)
                member.type, member.linkname = tarfile.SYMTYPE, target
                archive.addfile(member)
        packed = bz2.compress(stream.getvalue(), 1)
        file_name = f"{name}-{version}-0.tar.bz2"
        (self.folder / file_name).write_bytes(packed)
        digests = {kind: hashlib.new(kind, packed).hexdigest() for kind in ("md5", "sha256")}
        self.packages[file_name] = index | digests | {"size": len(packed)}

    def write_index(self) -> None:
        """Write what conda reads first."""
        index = {"info": {"subdir": "noarch"}, "packages": self.packages, "packages.conda": {}, "repodata_version": 1}
        (self.folder / "repodata.json").write_text(json.dumps(index), encoding="utf-8")
