"""With `model` no network is trained: every sequence is predicted with the given one, or one message says why not."""

import shutil

import pytest

from tests.workflow.test_bad_sheets import dry_run, mistakes, project, sheet

__all__ = ["project"]

pytestmark = pytest.mark.workflow

OWN = {"cohort": "own", "live": "", "dead": ""}


@pytest.fixture
def plate(project):
    """A sheet of one retrieved phase and one raw film without dyes; a model in the place training would write it to."""
    for name in ("a.tif", "p.tif", "l.tif"):
        (project / name).write_bytes(b"")
    rows = [OWN | {"sequence": "f1", "raw": "a.tif"}, OWN | {"sequence": "f2", "raw": "", "phase": "p.tif"}]
    (project / "plate.tsv").write_text(sheet(*rows), encoding="utf-8")
    folder = project / "results/train/own"
    folder.mkdir(parents=True)
    (folder / "model_card.json").write_text("{}", encoding="utf-8")
    (folder / "model.weights.h5").write_bytes(b"")
    return project


def jobs(plate, *options):
    status, screen = dry_run(plate, "--quiet", "host", *options)
    assert status == 0, screen
    lines = [line.split() for line in screen.splitlines()]
    return {line[0]: int(line[1]) for line in lines if len(line) == 2 and line[0].isidentifier() and line[1].isdigit()}


@pytest.mark.parametrize("folder", ["results/train/own", "own"])
def test_a_plate_without_dyes_is_predicted(plate, folder):
    if folder == "own":
        # Called as the cohort: a folder is not taken for a network the cohort trains.
        shutil.copytree(plate / "results/train/own", plate / "own")
    counts = jobs(plate, "--config", "sheet=plate.tsv", f"model={folder}", "--", "predict")
    counts.pop("total")
    assert counts == {
        "retrieve_phase": 1,
        "import_phase": 1,
        "predict_sequence": 2,
        "measure_nuclei": 2,
        "predict": 1,
    }


def test_everything_that_needs_no_training_can_be_asked_for(plate):
    counts = jobs(plate, "--config", "sheet=plate.tsv", "model=results/train/own", "--", "all")
    assert not {"train_network", "label_nuclei", "match_nuclei"} & counts.keys()
    assert counts["predict_sequence"] == 2


def test_rows_with_truth_are_tests_of_the_model(plate):
    rows = [OWN | {"sequence": "f2", "raw": "", "phase": "p.tif", "labels": "l.tif", "split": ""}]
    (plate / "plate.tsv").write_text(sheet(*rows), encoding="utf-8")
    counts = jobs(plate, "--config", "sheet=plate.tsv", "model=results/train/own", "--", "evaluate")
    assert counts["match_nuclei"] == counts["score_cells"] == 1
    assert not {"train_network", "score_baseline"} & counts.keys()
    rows[0]["split"] = "train"
    (plate / "plate.tsv").write_text(sheet(*rows), encoding="utf-8")
    status, screen = dry_run(plate, "--config", "sheet=plate.tsv", "model=results/train/own")
    assert status != 0
    assert mistakes(screen)[0].startswith("f2: split = train, but the cohort uses the network of results/train/own")


def test_a_model_that_is_none_stops_before_any_job(plate):
    status, screen = dry_run(plate, "--config", "sheet=plate.tsv", "model=models/hela")
    assert status != 0
    assert mistakes(screen)[0].startswith("model = models/hela is not there (wanted a folder with model_card.json and")
