"""Describe the results as an RO-Crate, for an archive or a colleague: `python -m livedead.commands.crate`.

The folder of the project becomes the crate: `ro-crate-metadata.json` in it names the workflow, its inputs, every result
with its SHA-256, the software, authors and licence. Nothing is copied; to hand it on, pack the folder.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..desk.errors import DataError, LiveDeadError
from ..desk.files import whole_file
from ..desk.model_folder import CARD, WEIGHTS
from ..desk.provenance import file_hash
from ..desk.series import is_pattern, series_files
from ..desk.settings import settings_for
from ..desk.sheet import SIMULATED, read_sheet
from ..desk.yaml_text import read_yaml
from .outcome import exit_status

METADATA = Path("ro-crate-metadata.json")
RESULTS, RECORD = Path("results"), Path("results/provenance.json")
IMAGES = ("raw", "live", "dead", "phase", "labels")
# What is no result: it says how the run went.
_ABOUT_THE_RUN = ("logs", "benchmarks")
# https://www.researchobject.org/workflow-run-crate/profiles/workflow_run_crate; `rocrate` adds that of a workflow.
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
}
_FORMATS = {
    ".tsv": "text/tab-separated-values",
    ".tif": "image/tiff",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".html": "text/html",
    ".txt": "text/plain",
    ".mp4": "video/mp4",
    ".h5": "application/x-hdf5",
    ".yaml": "application/yaml",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the description of the working folder. Returns the exit status."""
    argparse.ArgumentParser(prog="crate", description=__doc__.partition(":")[0] + ".").parse_args(arguments)
    return exit_status("crate", _write)


def _write() -> str:
    if not RECORD.exists():
        raise DataError(f"{RECORD} is not there; run `make` first, it writes down what the results were made with")
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    citation = read_yaml("CITATION.cff")
    results = result_files()
    described = describe(record, citation, input_files(record["config"]["settings"]), results)
    with whole_file(METADATA) as file:
        file.write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")
    return f"{METADATA} describes {len(results)} results; pack this folder to hand it on"


def result_files() -> list[Path]:
    """List the results: every whole file below `results`, without logs, benchmarks and unfinished trainings."""
    found = (path for path in RESULTS.rglob("*") if path.is_file() and not path.name.startswith("."))
    return sorted(path for path in found if path.parts[1] not in _ABOUT_THE_RUN and "unfinished" not in path.parts)


def input_files(settings: Mapping) -> list[Path]:
    """List what a run has read: sheet, images that it names, dark frames and a given network.

    Parameters
    ----------
    settings : mapping
        All settings of the run.

    Returns
    -------
    list of pathlib.Path
        Simulated images are results, not inputs.
    """
    network = [Path(settings["model"]) / name for name in (CARD, WEIGHTS)] if settings["model"] else []
    return [Path(settings["sheet"]), *dict.fromkeys(_images(settings)), *network]


def _images(settings: Mapping) -> Iterator[Path]:
    for row in read_sheet(settings["sheet"], settings["data_folder"]):
        for column in IMAGES:
            named = getattr(row, column)
            if named and named != SIMULATED:
                yield from map(Path, series_files(named) if is_pattern(named) else [named])
        if dark := settings_for(settings, "phase", row.cohort)["background_frame"]:
            yield Path(dark)


def describe(record: Mapping, citation: Mapping, inputs: Sequence[Path], results: Sequence[Path]) -> dict:
    """Describe a run as a Workflow Run RO-Crate.

    Parameters
    ----------
    record : mapping
        As of `desk.provenance.run_record`.
    citation : mapping
        Content of CITATION.cff.
    inputs, results : sequence of pathlib.Path
        Files read and written, relative to the folder of the project, or absolute.

    Returns
    -------
    dict
        JSON-LD.

    Raises
    ------
    LiveDeadError
        If the package `rocrate` is not installed.

    References
    ----------
    RO-Crate: Soiland-Reyes et al., Data Science 5:97 (2022). Workflow Run RO-Crate: Leo et al., PLoS ONE 19:e0309210
    (2024).
    """
    crate, entity = _rocrate()
    licence = f"https://spdx.org/licenses/{citation['license']}"
    crate.name = f"Results of {citation['title']}"
    crate.description = " ".join(citation["abstract"].split())
    crate.license = crate.add(entity(crate, licence, properties={"@type": "CreativeWork", "name": citation["license"]}))
    crate.creator = [
        crate.add(entity(crate, f"#author-{number}", properties=_person(author)))
        for number, author in enumerate(citation["authors"], start=1)
    ]
    crate.root_dataset["conformsTo"] = [
        crate.add(entity(crate, url, properties={"@type": "CreativeWork", "name": name, "version": url.split("/")[-1]}))
        for url, name in PROFILES.items()
    ]
    packages = record["packages"]
    workflow = crate.add_workflow("Snakefile", "Snakefile", main=True, lang="snakemake")
    workflow["name"], workflow["version"] = citation["title"], record["code"]["commit"] or citation["version"]
    workflow["license"], workflow["creator"] = crate.license, crate.creator
    workflow["softwareRequirements"] = [
        crate.add(entity(crate, f"#{name}", properties=_software(name, version))) for name, version in packages.items()
    ]
    for folder in ("workflow", "envs"):
        crate.add_directory(folder, folder, properties={"description": "Rules, scripts and library, or their packages"})
    read = [_add_file(crate, path) for path in (Path("config.yaml"), *inputs)]
    made = [_add_file(crate, path) for path in results]
    action = {
        "@type": "CreateAction",
        "name": f"Run of {record['command']}",
        "endTime": record["finished"],
        "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
        "description": f"On {record['machine']['platform']}, {record['machine']['cpu']}; seed {record['seeds']['run']}",
    }
    run = crate.add(entity(crate, "#run", properties=action))
    run["instrument"], run["object"], run["result"] = workflow, read, made
    crate.root_dataset["mentions"] = [run]
    return crate.metadata.generate()


def _rocrate():
    try:
        from rocrate.model import ContextEntity
        from rocrate.rocrate import ROCrate
    except ImportError as error:
        raise LiveDeadError(
            f"rocrate cannot be loaded ({error}); install it into this environment with "
            "`.venv/bin/python -m pip install rocrate`"
        ) from None
    return ROCrate(), ContextEntity


def _person(author: Mapping) -> dict:
    """Give a person or a group of CITATION.cff in the words of schema.org."""
    name = author.get("name") or " ".join(author[key] for key in ("given-names", "family-names"))
    return {"@type": "Organization" if "name" in author else "Person", "name": name}


def _software(name: str, version: str) -> dict:
    return {"@type": "SoftwareApplication", "name": name, "softwareVersion": version}


def _add_file(crate, path: Path):
    """Add a file that lies in the folder, or by its address one that lies elsewhere."""
    words = {"contentSize": str(path.stat().st_size), "sha256": file_hash(path)}
    words |= {"encodingFormat": _FORMATS[path.suffix]} if path.suffix in _FORMATS else {}
    inside = path.resolve().is_relative_to(Path.cwd())
    place = path.resolve().relative_to(Path.cwd()).as_posix() if inside else path.resolve().as_uri()
    return crate.add_file(str(path) if inside else place, place if inside else None, properties=words)


if __name__ == "__main__":
    sys.exit(main())
