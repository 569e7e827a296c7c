"""Scripts of the claims, run without Snakemake on small tables, and the block of the first page."""

import json
import runpy
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from livedead.desk.evidence import KINDS
from livedead.desk.tables import read_table, write_table
from livedead.optics.stacks import write_stack

from tests.contract import readme_claims
from tests.scripts.jobs import Files

ROOT = Path(__file__).resolve().parents[2]


def run(rule, folder, files, output, **params):
    job = {"rule": rule, "log": [str(folder / f"{rule}.log")], "params": SimpleNamespace(**params)}
    job = SimpleNamespace(**job, input=Files(**files), output=Files(**output))
    runpy.run_path(str(ROOT / f"workflow/scripts/{rule}.py"), init_globals={"snakemake": job})
    return next(iter(output.values()))


def stack(path, shape, channels, pixel_size_um):
    form = {"dtype": "uint16", "channels": channels, "pixel_size_um": pixel_size_um, "frame_interval_min": 60}
    write_stack(path, np.zeros(shape, np.uint16), **form)
    return str(path)


@pytest.fixture
def images(tmp_path):
    films = [
        {"sequence": name, "cohort": cohort, "cell_line": "HeLa", "replicate": "r1", "well": None}
        | {"condition": "stained", "confluence": None, "data": "simulated"}
        for name, cohort in [("f1", "hela"), ("f2", "lab")]
    ]
    raw = [stack(tmp_path / "f1.raw.tif", (10, 4, 64, 64), ["0", "pi/2", "pi", "3pi/2"], 0.1625)]
    phase = [stack(tmp_path / f"{n}.phase.tif", (10, 1, 32, 32), ["phase"], 0.325) for n in ("f1", "f2")]
    table = {"table": str(tmp_path / "images.tsv")}
    params = {"sequences": films, "with_raw": ["f1"], "raw_files": [1], "interferograms": [4]}
    return run("survey_images", tmp_path, {"phase": phase, "raw": raw}, table, **params)


def judged(folder, images, **given):
    files = dict.fromkeys(KINDS, []) | given
    files |= {"numbers": str(ROOT / "resources/paper_numbers.tsv"), "images": images}
    path = run("judge_claims", folder, files, {"table": str(folder / "claims.tsv")})
    return {row["claim"]: row for row in read_table(path)}


def test_survey_reads_the_files(images):
    first, second = read_table(images)
    assert (first["interferograms"], first["camera_pixel_um"], first["pixel_um"]) == (4, 0.1625, 0.325)
    assert (first["frames"], first["duration_h"], first["shifts"]) == (10, 9, "0, pi/2, pi, 3pi/2")
    assert second["interferograms"] is None and second["height_px"] == 32


def test_a_run_with_nothing_but_films_still_gets_every_verdict(tmp_path, images):
    rows = judged(tmp_path, images)
    assert len(rows) >= 80
    assert all(row["verdict"] and row["reason"] for row in rows.values())
    assert rows["camera-pixel-in-sample"]["verdict"] == rows["phase-shifts"]["verdict"] == "reproduced"
    assert rows["camera-image"]["verdict"] == "not reproduced"
    assert rows["mean-f1-cho"]["reason"] == "the sheet has no cohort cho"
    assert rows["mean-f1-hela"]["reason"] == "the cohort hela has no test films with known states"
    assert rows["dye-volume"]["verdict"] == rows["mean-f1-hela"]["verdict"] == "not testable here"


def test_tables_of_a_cohort_are_found_by_their_folder(tmp_path, images):
    score = {"subset": "all", "low": 0.93, "high": 0.97, "nuclei": 900, "sequences": 4}
    names = ("macro_f1_matched", "f1_live_matched", "f1_dead_matched")
    write_table(tmp_path / "hela/scores.tsv", [{"score": name, "value": 0.95} | score for name in names])
    card = {"encoder": "B0", "scores": {"validation_loss": 0.2, "best_epoch": 1}}
    (tmp_path / "hela/model_card.json").write_text(json.dumps(card))
    files = {"scores": [str(tmp_path / "hela/scores.tsv")], "cards": [str(tmp_path / "hela/model_card.json")]}
    rows = judged(tmp_path, images, **files)
    assert (rows["mean-f1-hela"]["ours"], rows["mean-f1-hela"]["verdict"]) == (0.95, "reproduced")
    assert rows["mean-f1-hela"]["reason"].startswith("simulated cells: 0.95, wanted at least 0.937")
    assert rows["encoder-hela"]["reason"].endswith("resources/presets/paper.yaml sets train.encoder")
    assert rows["beta-1-hela"]["verdict"] == "not testable here"


def test_page_and_first_page(tmp_path, images, monkeypatch):
    judged(tmp_path, images)
    claims = str(tmp_path / "claims.tsv")
    output = {kind: str(tmp_path / f"claims_table.{kind}") for kind in ("html", "tsv", "caption")}
    page = Path(run("claims_table", tmp_path, {"claims": claims}, output)).read_text(encoding="utf-8")
    assert page.count('<tr class="good">') + page.count('<tr class="bad">') + page.count('<tr class="open">') == len(
        read_table(claims)
    )
    assert read_table(output["tsv"]) == read_table(claims)
    assert "simulated cells" in Path(output["caption"]).read_text()
    (tmp_path / "results/claims").mkdir(parents=True)
    shutil.copy(claims, tmp_path / "results/claims")
    shutil.copy(ROOT / "README.md", tmp_path)
    monkeypatch.setattr(readme_claims, "ROOT", tmp_path)
    readme_claims.rewrite()
    text, before = (
        (tmp_path / "README.md").read_text(encoding="utf-8"),
        (ROOT / "README.md").read_text(encoding="utf-8"),
    )
    assert "| mean F1 of live and dead HeLa nuclei | 0.967 | NA | not testable here |" in text
    assert text.split("<!-- claims:begin -->")[0] == before.split("<!-- claims:begin -->")[0]
    assert text.split("<!-- claims:end -->")[1] == before.split("<!-- claims:end -->")[1]
