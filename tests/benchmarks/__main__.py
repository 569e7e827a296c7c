"""Measure what is named, or all, and write docs/performance.md between its markers: `python -m tests.benchmarks`."""

import platform
import sys
from datetime import UTC, datetime
from importlib import import_module, metadata
from pathlib import Path

from livedead.desk.files import whole_file

PERFORMANCE = Path(__file__).parents[2] / "docs/performance.md"
# Each module has a function tables() that gives its `sidebyside.Table`s or `listing.Listing`s. The last two need the
# results of a `make`.
MODULES = ("retrieval", "network", "training", "live", "scaling", "stages")
PACKAGES = ("numpy", "tensorflow-cpu", "keras", "scikit-image", "onnxruntime", "openvino", "numba")


def machine() -> str:
    """Name processor, cores, Python and packages."""
    info = Path("/proc/cpuinfo")
    models = [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            found.append(f"no {name}")
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    return f"{when}; {len(models)} cores of {models[0]}; Python {platform.python_version()}; {', '.join(found)}."


def rewrite(text: str, name: str, content: str) -> str:
    """Replace what stands between the markers of a module."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    if begin not in text:
        # A module that is new: its heading is written by hand afterwards.
        text = f"{text.rstrip()}\n\n{begin}\n{end}\n"
    before, rest = text.split(begin)
    return f"{before}{begin}\n{content}\n{end}{rest.split(end)[1]}"


def main(names: list[str]) -> None:
    """Measure one module after the other; what is done is written at once."""
    unknown = sorted(set(names) - set(MODULES))
    if unknown:
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(MODULES)}")
    for name in names or MODULES:
        tables = [table.markdown() for table in import_module(f"tests.benchmarks.{name}").tables()]
        print("\n".join(tables), flush=True)
        text = rewrite(PERFORMANCE.read_text(encoding="utf-8"), name, "\n".join([machine(), "", *tables]))
        with whole_file(PERFORMANCE) as part:
            Path(part).write_text(text, encoding="utf-8")


main(sys.argv[1:])
