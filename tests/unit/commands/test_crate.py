"""The results as an RO-Crate, read back by the package that archives use."""

import hashlib
import json
import shutil
import sys
from pathlib import Path

import pytest
import yaml
from livedead.commands import crate
from livedead.desk.provenance import run_record
from livedead.desk.sheet import COLUMNS

from tests.contract.project import ROOT


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one image of its own, one elsewhere, and two results."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("Snakefile", "config.yaml", "CITATION.cff"):
        shutil.copy(ROOT / name, folder)
    for name in ("workflow", "envs", "results/logs", "results/claims", "results/train/hela/unfinished"):
        (folder / name).mkdir(parents=True)
    (folder / "phase.tif").write_bytes(b"phase")
    (tmp_path / "labels.tif").write_bytes(b"labels")
    (folder / "dark.tif").write_bytes(b"dark")
    cells = {"sequence": "f1", "cohort": "hela", "cell_line": "HeLa", "condition": "stained", "phase": "phase.tif"}
    cells |= {"labels": str(tmp_path / "labels.tif"), "pixel_size_um": "0.5", "wavelength_nm": "550"}
    cells |= {"frame_interval_min": "30"}
    (folder / "plate.tsv").write_text("\t".join(COLUMNS) + "\n" + "\t".join(cells.get(c, "NA") for c in COLUMNS) + "\n")
    for name in ("claims/claims.tsv", "logs/job.log", "train/hela/unfinished/state.npz", "claims/.partial-1-a.tsv"):
        (folder / "results" / name).write_text(name)
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8")) | {"sheet": "plate.tsv", "cohorts": {}}
    config["phase"]["background_frame"] = "dark.tif"
    record = run_record(config, "snakemake --cores 2", {})
    (folder / "results/provenance.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def test_crate_is_read_back_with_workflow_run_inputs_and_results(project, capsys):
    reader = pytest.importorskip("rocrate.rocrate")
    assert crate.main([]) == 0
    assert "describes 2 results" in capsys.readouterr().out
    read = reader.ROCrate(project)
    assert read.mainEntity.id == "Snakefile" and "ComputationalWorkflow" in read.mainEntity.type
    assert read.mainEntity["programmingLanguage"]["name"] == "Snakemake"
    assert read.license["name"] == "BSD-3-Clause" and read.creator[0]["name"] == "The livedead contributors"
    profiles = {profile.id.rpartition("/")[0] for profile in read.root_dataset["conformsTo"]}
    assert {f"https://w3id.org/ro/wfrun/{kind}" for kind in ("process", "workflow")} < profiles
    assert "https://w3id.org/workflowhub/workflow-ro-crate" in profiles
    (run,) = read.root_dataset["mentions"]
    assert run.type == "CreateAction" and run["instrument"] == read.mainEntity
    assert "snakemake --cores 2" in run["name"]
    outside = (project.parent / "labels.tif").as_uri()
    assert {file.id for file in run["object"]} == {"config.yaml", "plate.tsv", "phase.tif", "dark.tif", outside}
    made = {file.id: file for file in run["result"]}
    assert made.keys() == {"results/claims/claims.tsv", "results/provenance.json"}
    assert made["results/claims/claims.tsv"]["sha256"] == hashlib.sha256(b"claims/claims.tsv").hexdigest()
    assert made["results/claims/claims.tsv"]["encodingFormat"] == "text/tab-separated-values"
    software = {item["name"]: item["softwareVersion"] for item in read.mainEntity["softwareRequirements"]}
    assert software["numpy"] and software["snakemake"]
    # Every file that lies in the folder is there, or the crate would promise what it does not hold.
    files = [entity for entity in read.data_entities if entity.type == "File" and "://" not in entity.id]
    assert len(files) >= 6 and all((project / entity.id).is_file() for entity in files)


def test_without_a_finished_run_or_the_package_one_sentence_says_so(project, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "rocrate.model", None)
    assert crate.main([]) == 1
    assert "rocrate cannot be loaded" in capsys.readouterr().err
    Path("results/provenance.json").unlink()
    assert crate.main([]) == 1
    assert "run `make` first" in capsys.readouterr().err
    assert not crate.METADATA.exists()
