"""The whole workflow on a tiny simulated cohort: every output, the report, and the same tables twice."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from livedead.desk.sheet import COLUMNS
from livedead.desk.tables import read_table

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.workflow


def run_in(folder, *options, settings=("tiny.yaml",)):
    given = ["--configfile", *settings] if settings else []
    command = [sys.executable, "-m", "snakemake", "--cores", "2", *options, *given]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def sheet_row(**cells):
    usual = {"cell_line": "any", "condition": "stained", "raw": "simulated", "pixel_size_um": "0.325"}
    usual |= {"wavelength_nm": "550", "frame_interval_min": "120", "start_h": "0"}
    return "\t".join((usual | cells).get(column, "NA") for column in COLUMNS)


def copy_of_project(folder):
    for name in ("Snakefile", "config.yaml"):
        shutil.copy(ROOT / name, folder)
    for name in ("workflow", "envs", "profiles", "resources"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(Path(__file__).with_name("tiny.yaml"), folder)
    films = [
        sheet_row(sequence=f"f{n}", cohort="hela", cell_line="HeLa", replicate="r1", live="simulated", dead="simulated")
        for n in range(6)
    ]
    dyes = {"live": "simulated", "dead": "simulated"}
    cho = [
        sheet_row(sequence=f"c{n}", cohort="cho", cell_line="CHO", confluence=confluence, split=side, **dyes)
        for n, (confluence, side) in enumerate([("low", "train"), ("high", "validation"), ("medium", "test")])
    ]
    growth = [
        sheet_row(sequence=f"g{n}", cohort="hela-growth", well=f"w{n}", frame_interval_min="30", condition=arm, **given)
        for n, (arm, given) in enumerate([("stained", dyes), ("stained", dyes), ("unstained", {}), ("unstained", {})])
    ]
    after = [sheet_row(sequence="s0", cohort="hela-stained-after", condition="stained_after", **dyes)]
    calibration = [sheet_row(sequence=name, cohort=name, condition="unstained") for name in ("no-halo", "bodies")]
    sheet = ["\t".join(COLUMNS), *films, *cho, *growth, *after, *calibration]
    (folder / "resources/tiny.tsv").write_text("\n".join(sheet) + "\n")
    return folder


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = copy_of_project(tmp_path_factory.mktemp("tiny"))
    done = run_in(folder)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return folder


def tables(folder):
    """Checksum of every table of results, without what the speed of the machine decides."""
    timed = (b"inference-time\t", b"slim-rate\t")
    return {
        str(path.relative_to(folder)): hashlib.sha256(
            b"".join(line for line in path.read_bytes().splitlines(True) if not line.startswith(timed))
        ).hexdigest()
        for path in sorted((folder / "results").rglob("*.tsv"))
        if "benchmarks" not in path.parts and path.name != "frame_rate.tsv"
    }


def test_checks_pass_and_every_stage_left_its_table(finished):
    checks = read_table(finished / "results/checks/stage_checks.tsv")
    assert {row["passed"] for row in checks} == {True, None}
    stages = {row["check"].split(":")[0] for row in checks}
    assert stages == {"simulate", "phase", "labels", "split", "evaluate", "track", "compare"}
    assert len(tables(finished)) > 100


def test_counts_add_up_from_labels_to_scores(finished):
    results = finished / "results"
    split = read_table(results / "split/hela/split.tsv")
    assert sorted(row["side"] for row in split) == ["test"] + ["train"] * 4 + ["validation"]
    test = next(row["sequence"] for row in split if row["side"] == "test")
    counts = read_table(results / f"labels/hela/{test}.counts.tsv")
    nuclei = read_table(results / f"labels/hela/{test}.nuclei.tsv")
    matches = read_table(results / f"evaluate/hela/{test}.matches.tsv")
    assert sum(row["kept"] for row in counts) == len(nuclei) == len(matches) > 0
    scores = read_table(results / "evaluate/hela/scores.tsv")
    assert {row["nuclei"] for row in scores if row["subset"] == "all"} == {len(matches)}


def test_nuclei_of_the_arms_add_up_from_predictions_to_the_comparison(finished):
    results = finished / "results"
    for film in ("g0", "g1", "g2", "g3"):
        nuclei = read_table(results / f"predict/hela-growth/{film}.nuclei.tsv")
        (counts,) = read_table(results / f"track/hela-growth/{film}.track_counts.tsv")
        dropped = sum(value for name, value in counts.items() if name.startswith("dropped_"))
        assert counts["found"] == len(nuclei) == counts["linked"] + dropped > 0
    for arm in read_table(results / "compare/hela-growth/arms.tsv"):
        lost = sum(value for name, value in arm.items() if name.startswith("lost_"))
        assert arm["nuclei_at_start"] == arm["not_linked"] + arm["kept"] + lost
    assert not (results / "labels/hela-growth/g2.labels.ome.tif").exists()


def test_what_goes_through_every_stage_adds_up(finished):
    counts = read_table(finished / "results/checks/counts.tsv")
    assert all(row["n_in"] == row["n_out"] + row["n_dropped"] for row in counts)
    stages = ["simulate", "phase", "labels", "split", "train", "predict", "evaluate", "track", "compare"]
    assert list(dict.fromkeys(row["stage"] for row in counts)) == stages
    films = {row["cohort"]: (row["n_in"], row["reasons"]) for row in counts if row["unit"] == "films"}
    assert films["hela"] == (6, "train 4; validation 1") and films["bodies"] == (1, "without network 1")
    frames = [row for row in counts if (row["stage"], row["unit"]) == ("phase", "frames")]
    # Six films of HeLa, three of CHO and two for calibration; four of growth; one image stained afterwards.
    assert sum(row["n_out"] for row in frames) == 11 * 3 + 4 * 4 + 1


def test_every_number_of_the_paper_has_a_verdict_and_its_reason(finished):
    claims = read_table(finished / "results/claims/claims.tsv")
    assert len(claims) >= 60
    assert {row["verdict"] for row in claims} == {"reproduced", "not reproduced", "not testable here"}
    assert all(row["reason"] for row in claims)


def test_history_and_card_describe_the_training(finished):
    history = read_table(finished / "results/train/hela/history.tsv")
    assert [row["epoch"] for row in history] == [1, 2]
    assert all(row["train_loss"] > 0 and row["validation_loss"] > 0 for row in history)


def test_every_figure_has_a_picture_a_vector_and_its_data(finished):
    folder = finished / "results/figures/hela"
    for name in ("figure1", "figure2", "figure3", "../cho/figure4", "../hela-growth/figure5"):
        assert all((folder / f"{name}.{suffix}").stat().st_size > 5000 for suffix in ("svg", "png"))
        assert read_table(folder / f"{name}.tsv")


def test_report_holds_the_figures_and_calls_them_simulated(finished):
    done = run_in(finished, "--report", "results/report.html")
    assert done.returncode == 0, done.stderr[-3000:]
    report = (finished / "results/report.html").read_text()
    assert len(report) > 500_000
    assert "simulated" in report
    for title in ("Fig. 1b-e", "Fig. 2d", "Fig. 3", "Fig. 5", "Table 1", "Table 2", "Note 4", "Stage checks"):
        assert title in report


def test_a_second_run_does_nothing(finished):
    done = run_in(finished, "-n")
    assert "Nothing to be done" in done.stdout + done.stderr


def test_a_run_from_scratch_gives_the_same_tables(finished, tmp_path):
    again = copy_of_project(tmp_path)
    assert run_in(again).returncode == 0
    first, second = tables(finished), tables(again)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_a_failed_check_fails_the_run_and_names_it(finished):
    (finished / "strict.yaml").write_text("checks: {macro_f1: 1.0}\n")
    done = run_in(finished, settings=("tiny.yaml", "strict.yaml"))
    assert done.returncode != 0
    assert re.search(r"\d of \d+ stage checks failed: .*evaluate: mean object F1, hela = ", done.stdout + done.stderr)
    assert not (finished / "results/checks/passed.txt").exists()


# Last, because it leaves further tables in the finished run.
def test_raw_files_of_an_own_plate_become_a_viability_curve(finished):
    for arguments in (
        ["practice"],
        ["sheet", "practice", "--pixel-size-um", "0.325", "--wavelength-nm", "550", "--frame-interval-min", "120"],
    ):
        said = subprocess.run(
            [sys.executable, "-m", f"livedead.commands.{arguments[0]}", *arguments[1:]],
            cwd=finished,
            env=os.environ | {"PYTHONPATH": str(finished / "workflow/scripts")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 0, said.stderr
    done = run_in(finished, "viability", "--config", "sheet=plate.tsv", "model=results/train/hela", settings=())
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert not {"train_network", "label_nuclei"} & set(re.findall(r"rule (\w+):", done.stderr))
    plate = finished / "results/viability/practice"
    (film,) = {row["sequence"] for row in read_table(plate / "quality.tsv")}
    predicted = read_table(finished / f"results/predict/practice/{film}.nuclei.tsv")
    times = read_table(plate / "viability.tsv")
    assert [row["time_h"] for row in times] == [0, 2, 4]
    counted = sum(row["n_live"] + row["n_dead"] + row["n_uncertain"] for row in times)
    assert counted == len(predicted) == len(read_table(plate / "nuclei.tsv")) > 0
    whole = read_table(finished / "results/viability/counts.tsv")
    assert {row["stage"] for row in whole} == {"phase", "split", "predict", "viability"}
    assert next(row for row in whole if row["stage"] == "viability" and row["unit"] == "nuclei")["n_in"] == counted
    assert (plate / "viability_curve.png").stat().st_size > 10_000
    assert "simulated cells" in (plate / "viability_curve.caption.txt").read_text()
    # The same pixels by another road: what the network saw of the film itself.
    test = next(r["sequence"] for r in read_table(finished / "results/split/hela/split.tsv") if r["side"] == "test")
    known = read_table(finished / f"results/predict/hela/{test}.nuclei.tsv")
    assert [(r["x_um"], r["p_dead"]) for r in predicted] == [(r["x_um"], r["p_dead"]) for r in known]
