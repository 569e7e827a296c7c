"""What an edit of the library runs again, and what a broken image leaves behind."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PHASE = "results/phase/bodies/bodies-no-halo.phase.ome.tif"
SMALL = {
    "cohorts": {
        "bodies": {"simulate": {"frames": 1, "optics": {"frame_px": [256, 256]}, "camera": {"read_noise_e": 1.0}}}
    }
}

pytestmark = pytest.mark.workflow


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the workflow in which one small film is simulated and its phase retrieved."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("Snakefile", "config.yaml"):
        shutil.copy(ROOT / name, folder)
    for name in ("workflow", "envs", "profiles", "resources"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "small.yaml").write_text(yaml.safe_dump(SMALL), encoding="utf-8")
    status, screen = snakemake(folder)
    assert status == 0, screen
    return folder


def snakemake(project, *options):
    command = [sys.executable, "-m", "snakemake", "--cores", "1", *options, "--configfile", "small.yaml", "--", PHASE]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def rerun(project):
    """Names of the rules that a dry run would run."""
    status, screen = snakemake(project, "-n")
    assert status == 0, screen
    rules = ("simulate_unstained", "retrieve_phase")
    return [rule for rule in rules if any(line.startswith(f"{rule} ") for line in screen.splitlines())]


def test_edits_run_what_they_feed(project):
    assert rerun(project) == []
    library = project / "workflow/scripts/livedead"
    module = library / "optics/phase_maps.py"
    text = module.read_text(encoding="utf-8")
    module.write_text(text + "\n# A remark.\n", encoding="utf-8")
    assert rerun(project) == []
    module.write_text(text + "\nREMARK = 1\n", encoding="utf-8")
    assert rerun(project) == ["retrieve_phase"]
    module.write_text(text, encoding="utf-8")
    simulator = library / "optics/simulator.py"
    text = simulator.read_text(encoding="utf-8")
    simulator.write_text(text + "\nREMARK = 1\n", encoding="utf-8")
    assert rerun(project) == ["simulate_unstained", "retrieve_phase"]
    simulator.write_text(text, encoding="utf-8")


def test_broken_image_stops_with_one_sentence_and_no_output(project):
    raw = project / "results/simulate/bodies/bodies-no-halo.raw.ome.tif"
    whole = raw.read_bytes()
    raw.write_bytes(whole[: len(whole) // 2])
    status, screen = snakemake(project, "--forcerun", "retrieve_phase")
    raw.write_bytes(whole)
    assert status != 0
    sentences = [line for line in screen.splitlines() if line.startswith("retrieve_phase: ")]
    assert len(sentences) == 1
    assert raw.name in sentences[0]
    assert not (project / PHASE).exists()
    assert not list((project / "results/phase").rglob(".partial-*"))
