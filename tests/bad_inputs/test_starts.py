"""Bad input through a real start of Snakemake: not a job, or one that fails, and nothing left of it."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from livedead.optics.stacks import write_stack

from tests.bad_inputs.catalogue import contents
from tests.workflow.test_bad_sheets import mistakes, project, sheet

__all__ = ["project"]

pytestmark = [pytest.mark.workflow, pytest.mark.inputs]

OWN = {"cohort": "own", "live": "", "dead": ""}


def start(project, *options):
    """Exit status and screen of a real run, no dry one."""
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--quiet", "host", *options]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, errors="replace")
    return done.returncode, done.stdout + done.stderr


def files(project):
    """Every file but Snakemake's own notes and what Python compiles."""
    own = {".snakemake", "__pycache__"}
    return {path: digest for path, digest in contents(project).items() if not own & set(path.split(os.sep))}


def later_model(project):
    folder = project / "model"
    folder.mkdir()
    (folder / "model_card.json").write_text(json.dumps({"format": 9}), encoding="utf-8")
    (folder / "model.weights.h5").touch()


def settings(content):
    return lambda project: (project / "config.yaml").write_text(content, encoding="utf-8")


def added(content):
    def spoil(project):
        with (project / "config.yaml").open("a", encoding="utf-8") as file:
            file.write(content)

    return spoil


def rows(*changes):
    return lambda project: (project / "resources/sequences.tsv").write_text(sheet(*changes), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "options", "wanted"),
    [
        (settings("train:\n\tepochs: 3\n"), (), ["config.yaml:2: not readable as YAML"]),
        (settings("seed: !!python/object/apply:os.system ['touch hacked']\n"), (), ["config.yaml:1: could not"]),
        (added("seed: 3\n"), (), ["config.yaml:"]),
        (later_model, ("--config", "model=model"), ["model/model_card.json: format = 9"]),
        (rows({"sequence": "../../x"}), (), ["resources/sequences.tsv:2: sequence = ../../x"]),
        (
            rows({"cohort": "a/b", "cell_line": "HEK"}, {"sequence": "s2", "raw": "gone.tif", "live": "", "dead": ""}),
            ("--config", "seed=-1"),
            [
                "--config: seed = -1",
                "resources/sequences.tsv:2: cohort = a/b",
                "resources/sequences.tsv:2: cell_line = HEK",
                "resources/sequences.tsv:3: raw = gone.tif",
            ],
        ),
    ],
    ids=["tabs", "a program", "key twice", "a later model", "a path for a name", "many mistakes"],
)
def test_nothing_is_run(project, spoil, options, wanted):
    spoil(project)
    before = files(project)
    status, screen = start(project, *options)
    assert status != 0
    found = mistakes(screen)
    assert len(found) == len(wanted), screen
    assert all(line.startswith(words) for line, words in zip(found, wanted, strict=True)), screen
    assert files(project) == before


def test_no_target_leads_out_of_the_results(project):
    """Wildcards fit the names of the sheet only, so a target with dots is nobody's file."""
    before = files(project)
    status, screen = start(project, "--", "results/phase/hela/../../../../out.phase.ome.tif")
    assert status != 0
    assert "MissingRuleException" in screen
    assert "Traceback" not in screen
    assert files(project) == before


def film(path, frames):
    channels = [str(number) for number in range(frames.shape[1])]
    write_stack(path, frames, dtype=frames.dtype, channels=channels, pixel_size_um=0.325, frame_interval_min=60)


def cut_off(project):
    film(project / "a.tif", np.ones((2, 4, 64, 64), np.uint16))
    (project / "a.tif").write_bytes((project / "a.tif").read_bytes()[:20_000])
    rows(OWN | {"sequence": "s1", "raw": "a.tif"})(project)


def no_nucleus(project):
    """The map of nuclei is written whole before it is found to be empty."""
    film(project / "p.tif", np.ones((2, 1, 64, 64), np.float32))
    film(project / "l.tif", np.zeros((2, 1, 64, 64), np.uint8))
    rows(OWN | {"sequence": "s1", "raw": "", "phase": "p.tif", "labels": "l.tif", "split": "test"})(project)
    later_model(project)
    (project / "model/model_card.json").write_text("{}", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "rule", "words", "options"),
    [
        (cut_off, "retrieve_phase", "a.tif: ", ("--", "phase")),
        (no_nucleus, "import_labels", "l.tif", ("--config", "model=model", "--", "labels")),
    ],
)
def test_the_first_job_fails_and_leaves_nothing(project, spoil, rule, words, options):
    spoil(project)
    before = files(project)
    status, screen = start(project, *options)
    assert status not in (0, -signal.SIGKILL)
    said = [line for line in screen.splitlines() if line.startswith(f"{rule}: ")]
    assert len(said) == 1, screen
    assert words in said[0]
    assert "Traceback" not in screen
    new = files(project).keys() - before.keys()
    assert all(str(project / "results/logs") in path for path in new), new
