"""The paper's preset plans its jobs: every film, both networks, and on request Supplementary Note 5."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.workflow


def planned(folder, *options):
    """Number of jobs by rule that a run would make in a project without results."""
    for name in ("Snakefile", "config.yaml"):
        shutil.copy(ROOT / name, folder)
    for name in ("workflow", "envs", "profiles", "resources"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "snakemake", "-n", "--cores", "2", "--quiet", "host", "reason", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    return {line[0]: int(line[1]) for line in lines if len(line) == 2 and line[1].isdigit()}


def test_paper_preset(tmp_path):
    jobs = planned(tmp_path, "--configfile", "resources/presets/paper.yaml", "--", "all", "note5")
    # 63 HeLa and 44 CHO films, 6 of growth (half of them unstained), 6 stained afterwards, 2 for calibration.
    assert jobs["simulate_sequence"] == 63 + 44 + 3 + 6
    assert jobs["simulate_unstained"] == 3 + 2
    assert jobs["train_network"] == 2
    # Eight encoders, scratch, three more losses, and four smaller sets from either start: none is left out.
    assert jobs["train_variant"] == jobs["score_variant"] == 8 + 1 + 3 + 8
    assert "take_encoder" not in jobs


def test_note5_is_no_part_of_a_plain_run(tmp_path):
    assert not {"train_variant", "measure_encoders"} & planned(tmp_path).keys()


@pytest.mark.parametrize(
    "target, variants",
    [("note5_encoders", 4), ("note5_pretraining", 2), ("note5_losses", 4), ("note5_training_size", 6)],
)
def test_one_comparison_alone(tmp_path, target, variants):
    jobs = planned(tmp_path, "--", target)
    assert jobs["train_variant"] == variants
    assert jobs["compare_variants"] == 1
