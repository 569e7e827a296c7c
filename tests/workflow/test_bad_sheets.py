"""A wrong setting or sheet stops the workflow before any job, with every mistake named once."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SHEET = (ROOT / "resources/sequences.tsv").read_text(encoding="utf-8").splitlines()
HEADER, ROW = SHEET[2].split("\t"), SHEET[3].split("\t")

pytestmark = pytest.mark.workflow


@pytest.fixture
def project(tmp_path):
    """A copy of the workflow without results."""
    for name in ("Snakefile", "config.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("workflow", "envs", "profiles", "resources"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def dry_run(project, *options):
    """Exit status and screen of `snakemake -n`."""
    command = [sys.executable, "-m", "snakemake", "-n", "--cores", "1", *options]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def sheet(*changes):
    rows = [dict(zip(HEADER, ROW, strict=True)) | change for change in changes]
    return "\n".join("\t".join(row) for row in (HEADER, *(r.values() for r in rows))) + "\n"


def mistakes(screen):
    assert screen.count("Nothing was run. Please correct:") == 1
    assert "Traceback" not in screen
    return screen.split("Please correct:\n")[1].strip().splitlines()


def test_wrong_settings(project):
    config = yaml.safe_load((project / "config.yaml").read_text(encoding="utf-8"))
    del config["labels"]["dead_ratio"]
    config["train"]["learningrate"] = 0.1
    config["phase"]["illumination"] = "flatt"
    config["predict"]["batch_size"] = 0
    (project / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    status, screen = dry_run(project)
    assert status != 0
    assert sorted(mistakes(screen)) == [
        "config.yaml: labels.dead_ratio = nothing (wanted a number above 0 and at most 100)",
        "config.yaml: phase.illumination = flatt (wanted quadratic|flat; did you mean flat?)",
        "config.yaml: predict.batch_size = 0 (wanted a whole number at least 1 and at most 1024)",
        "config.yaml: train.learningrate = 0.1 (unknown key; did you mean learning_rate?)",
    ]
    assert not (project / "results").exists()


def test_wrong_preset_and_command_line(project):
    (project / "mine.yaml").write_text("cohorts: {helo: {}, lung: {}}\n", encoding="utf-8")
    status, screen = dry_run(project, "--configfile", "mine.yaml")
    assert status != 0
    assert [line.split("; ")[0] for line in mistakes(screen)] == [
        "mine.yaml: cohorts.helo (no such cohort in the sheet",
        "mine.yaml: cohorts.lung (no such cohort in the sheet",
    ]
    status, screen = dry_run(project, "--config", "seed=-1")
    assert status != 0
    assert mistakes(screen) == ["--config: seed = -1 (wanted a whole number at least 0 and at most 2147483647)"]


def test_wrong_sheet(project):
    rows = [
        {"cell_line": "HELA"},
        {"sequence": "f2", "pixel_size_um": "0"},
        {"sequence": "f3", "raw": "f3.tif", "live": "f3-live.tif", "dead": "f3-dead.tif"},
        {"split": "valid"},
    ]
    (project / "resources/sequences.tsv").write_text(sheet(*rows), encoding="utf-8")
    status, screen = dry_run(project)
    assert status != 0
    assert mistakes(screen) == [
        "resources/sequences.tsv:2: cell_line = HELA (wanted HeLa|CHO|any; did you mean HeLa?)",
        "resources/sequences.tsv:3: pixel_size_um = 0 (wanted a number above 0)",
        "resources/sequences.tsv:4: raw = f3.tif (wanted an existing file; f3.tif is not there)",
        "resources/sequences.tsv:4: live = f3-live.tif (wanted an existing file; f3-live.tif is not there)",
        "resources/sequences.tsv:4: dead = f3-dead.tif (wanted an existing file; f3-dead.tif is not there)",
        "resources/sequences.tsv:5: split = valid (wanted train|validation|test|predict|NA; did you mean validation?)",
        "resources/sequences.tsv:5: sequence = hela-r1-f1 (wanted one of its own; line 2 has it too)",
    ]


def test_no_sheet_and_too_few_sequences(project):
    status, screen = dry_run(project, "--config", "sheet=none.tsv")
    assert status != 0
    assert mistakes(screen) == ["none.tsv: no such sheet (wanted the file named by `sheet` in the config)"]
    (project / "resources/sequences.tsv").write_text(sheet({}, {"sequence": "f2"}), encoding="utf-8")
    status, screen = dry_run(project)
    assert status != 0
    assert "cohort hela: no sequence on the side test" in "\n".join(mistakes(screen))


def test_good_sheet_with_an_own_plate(project):
    """Raw without dyes is predicted, a ready phase and map are taken over, nothing of it is simulated."""
    for name in ("a", "p", "l"):
        (project / f"{name}.tif").write_bytes(b"")
    own = {"cohort": "own", "live": "", "dead": ""}
    ready = own | {"raw": "", "phase": "p.tif", "labels": "l.tif", "split": "train"}
    rows = [own | {"sequence": "plate-1", "raw": "a.tif"}]
    for side in ("train", "validation", "test"):
        shutil.copy(project / "p.tif", project / f"{side}.tif")
        rows.append(ready | {"sequence": side, "phase": f"{side}.tif", "split": side})
    (project / "resources/sequences.tsv").write_text(sheet(*rows), encoding="utf-8")
    (project / "mine.yaml").write_text("cohorts: {own: {train: {epochs: 2}}}\n", encoding="utf-8")
    status, screen = dry_run(project, "--configfile", "mine.yaml", "--quiet", "host", "--", "predict", "evaluate")
    assert status == 0, screen
    counts = dict(line.split() for line in screen.splitlines() if len(line.split()) == 2 and line[-1].isdigit())
    assert (counts["retrieve_phase"], counts["import_phase"], counts["import_labels"]) == ("1", "3", "3")
    assert counts["predict_sequence"] == "2"
    assert counts["match_nuclei"] == "1"
    assert "simulate_sequence" not in counts
    assert "label_nuclei" not in counts
