"""Supplementary Note 5 from films to figures, on two tiny cohorts: one lends the other its encoder."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from livedead.desk.sheet import COLUMNS
from livedead.desk.tables import read_table

ROOT = Path(__file__).resolve().parents[2]
NOTE5 = {
    "training": {"crop_px": 64, "epochs": 1, "steps_per_epoch": 2, "warmup_steps": 1},
    "encoders": {"trained": {"B0": 2}, "counted": ["B0", "B4"], "image_px": 64, "timed_images": 1},
    "training_fractions": [0.5],
}
TARGETS = ("note5_encoders", "note5_pretraining", "note5_training_size")

pytestmark = [pytest.mark.workflow, pytest.mark.large]


def film(name, cohort, side):
    cells = {"sequence": name, "cohort": cohort, "cell_line": "any", "condition": "stained", "split": side}
    cells |= dict.fromkeys(("raw", "live", "dead"), "simulated")
    cells |= {"pixel_size_um": "0.325", "wavelength_nm": "550", "frame_interval_min": "120"}
    return "\t".join(cells.get(column, "NA") for column in COLUMNS)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("note5")
    for name in ("Snakefile", "config.yaml"):
        shutil.copy(ROOT / name, folder)
    for name in ("workflow", "envs", "profiles", "resources"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    sides = ("train", "train", "validation", "test")
    rows = [film(f"{cohort}-{n}", cohort, side) for cohort in ("hela", "cho") for n, side in enumerate(sides)]
    (folder / "resources/tiny.tsv").write_text("\n".join(["\t".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    tiny = yaml.safe_load((Path(__file__).with_name("tiny.yaml")).read_text(encoding="utf-8"))
    short = {"epochs": 1, "steps_per_epoch": 2, "warmup_steps": 1}
    own = {"cho": {"simulate": {"frames": 3}, "train": short}, "hela": {"train": short}}
    (folder / "tiny.yaml").write_text(yaml.safe_dump(tiny | {"note5": NOTE5, "cohorts": own}), encoding="utf-8")
    command = [sys.executable, "-m", "snakemake", "--cores", "2", "--configfile", "tiny.yaml", "--", *TARGETS]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return folder / "results"


def test_every_variant_has_its_scores_and_a_missing_one_its_reason(finished):
    b0, b4 = read_table(finished / "note5/hela/encoders.tsv")
    assert b0["steps"] == 2 and b0["test_films"] == 1 and b0["reason"] is None and b0["pixel_f1"] > 0
    assert b4["macro_f1"] is None and "counted and timed only" in b4["reason"]
    costs = read_table(finished / "note5/hela/encoder_costs.tsv")
    assert [row["parameters"] for row in costs][0] == 10_115_791
    scratch, pretrained = read_table(finished / "note5/hela/pretraining.tsv")
    assert pretrained["reason"] is None and pretrained["training_films"] == 2
    sizes = read_table(finished / "note5/hela/training_size.tsv")
    assert [(row["start"], row["training_films"]) for row in sizes] == [
        ("scratch", 1), ("scratch", 2), ("pretrained", 1), ("pretrained", 2),
    ]  # fmt: skip
    # The whole set from scratch is one training, shown three times.
    assert scratch == sizes[1] == b0


def test_figures_say_what_the_pretraining_was(finished):
    folder = finished / "figures/hela"
    for name in ("note5_pretraining", "note5_training_size"):
        assert "the images of the cohort cho" in (folder / f"{name}.caption.txt").read_text(encoding="utf-8")
    assert (folder / "note5_training_size.png").stat().st_size > 5000
