"""Scripts of figures and tables, run without Snakemake from small stacks and tables."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from livedead.desk.tables import read_table, write_table
from livedead.optics.stacks import write_stack

from tests.scripts.jobs import Files

ROOT = Path(__file__).resolve().parents[2]
FRAMES = 3


def run(rule, folder, source, kinds, **params):
    output = Files(**{kind: str(folder / f"{rule}.{kind}") for kind in (*kinds, "tsv", "caption")})
    log = [str(folder / f"{rule}.log")]
    job = SimpleNamespace(rule=rule, log=log, input=Files(**source), output=output, params=SimpleNamespace(**params))
    runpy.run_path(str(ROOT / f"workflow/scripts/{rule}.py"), init_globals={"snakemake": job})
    assert all(Path(path).stat().st_size for path in output)
    return read_table(output.tsv), Path(output.caption).read_text(encoding="utf-8")


def draw(*arguments, **params):
    return run(*arguments, ("svg", "png"), cells="simulated", **params)


def stack(path, value, dtype, channel, pixels=32):
    image = np.zeros((FRAMES, 1, pixels, pixels), dtype)
    image[:, :, pixels // 4 : pixels // 2, pixels // 4 : pixels // 2] = value
    form = {"pixel_size_um": 0.65, "frame_interval_min": 60, "compression": "none"}
    write_stack(path, image, dtype=dtype, channels=[channel], **form)
    return str(path)


@pytest.fixture
def files(tmp_path):
    nuclei = [
        {"sequence": "s1", "frame": frame, "time_h": 1.0 + frame, "label": 1, "x_um": 7.5, "y_um": 7.5, "state": "dead"}
        for frame in range(FRAMES)
    ]
    write_table(tmp_path / "nuclei.tsv", nuclei)
    matches = [nucleus | {"true_state": "dead", "predicted_state": "live"} for nucleus in nuclei]
    write_table(tmp_path / "matches.tsv", matches)
    return {
        "phase": stack(tmp_path / "phase.ome.tif", 1.0, "float32", "phase [rad]"),
        "labels": stack(tmp_path / "labels.ome.tif", 2, "uint8", "labels"),
        "live": stack(tmp_path / "live.ome.tif", 900, "uint16", "NucBlue", 64),
        "dead": stack(tmp_path / "dead.ome.tif", 500, "uint16", "NucGreen", 64),
        "nuclei": str(tmp_path / "nuclei.tsv"),
        "matches": str(tmp_path / "matches.tsv"),
    }


def test_figure1_shows_the_frames_nearest_to_the_wanted_times(tmp_path, files):
    source = {name: path for name, path in files.items() if name != "matches"}
    rows, caption = draw("figure1", tmp_path, source, sequence="s1", start_h=1.0, times_h=[1.2, 3.4])
    assert [(row["frame"], row["time_h"]) for row in rows[::4]] == [(0, 1), (2, 3)]
    assert {row["dead_nuclei"] for row in rows} == {1}
    assert "0.65 µm per pixel; shown at 1 h (0 live, 1 dead); 3 h" in caption


def test_figure1_without_dyes(tmp_path, files):
    source = {name: files[name] for name in ("phase", "labels", "nuclei")} | {"live": [], "dead": []}
    rows, _ = draw("figure1", tmp_path, source, sequence="s1", start_h=0.0, times_h=[1])
    assert len(rows) == 2


def test_figure2_marks_the_kept_epoch(tmp_path):
    epochs = [{"epoch": n, "train_loss": 1 / n, "validation_loss": abs(n - 2) + 0.1} for n in (1, 2, 3)]
    write_table(tmp_path / "history.tsv", epochs)
    loss = {"focal_weight": 1, "dice_weight": 0, "focal_gamma": 2, "variant": "paper"}
    rows, _ = draw("figure2", tmp_path, {"history": str(tmp_path / "history.tsv")}, encoder="B0", loss=loss)
    assert [row["kept"] for row in rows] == [False, True, False]


def test_figure3_lists_the_wrong_nuclei(tmp_path, files):
    source = {
        "phase": [files["phase"]],
        "truth": [files["labels"]],
        "predicted": [files["labels"]],
        "matches": [files["matches"]],
    }
    rows, caption = draw("figure3", tmp_path, source, sequences=["s1"], start_h={"s1": 1.0}, frames=2)
    assert [(row["frame"], row["time_h"], row["verdict"]) for row in rows] == [(0, 1, "wrong"), (2, 3, "wrong")]
    assert "2 wrong" in caption


def test_viability_curve_has_both_sources(tmp_path, files):
    source = {"truth": [files["nuclei"]], "prediction": [files["nuclei"]]}
    rows, _ = draw("viability_curve", tmp_path, source, sequences=["s1"])
    assert [row["source"] for row in rows] == ["truth"] * FRAMES + ["prediction"] * FRAMES


def test_phase_quality_keeps_every_frame(tmp_path):
    names = ("closure_residual", "modulation", "background_opd_noise_nm", "saturated_fraction", "cell_free_fraction")
    write_table(tmp_path / "q.tsv", [{"frame": n, "time_h": n} | dict.fromkeys(names, 0.1) for n in range(FRAMES)])
    rows, _ = draw("phase_quality", tmp_path, {"quality": [str(tmp_path / "q.tsv")] * 2}, sequences=["a", "b"])
    assert [row["sequence"] for row in rows] == ["a"] * FRAMES + ["b"] * FRAMES


def test_tables_become_pages(tmp_path):
    score = {"subset": "all", "low": 0.8, "high": 1.0, "confidence": 0.95, "sequences": 4, "nuclei": 20, "unit": "1"}
    names = ("macro_f1_matched", "f1_live_matched", "f1_dead_matched", "missed")
    write_table(tmp_path / "scores.tsv", [{"score": name, "value": 0.9} | score for name in names])
    entry = {"entry": "macro_f1_matched", "true_state": None, "predicted_state": None, "paper": 0.967, "ours": 0.9}
    write_table(tmp_path / "table1.tsv", [entry | {"low": 0.8, "high": 1.0, "data": "simulated"}])
    source = {"table": str(tmp_path / "table1.tsv"), "scores": str(tmp_path / "scores.tsv")}
    rows, caption = run("table1", tmp_path, source, ["html"], cells="simulated", cell_line="HeLa")
    assert rows[0]["paper"] == 0.967 and "live and dead nuclei 90.0 %" in caption
    row = {"to_background": None, "to_live": None, "to_dead": None, "precision": 1.0, "recall": 1.0, "f1": 1.0}
    write_table(
        tmp_path / "pixels.tsv", [{"class": name} | row | {"iou": 1.0, "pixels": 9} for name in ("nucleus", "mean")]
    )
    _, caption = run("pixel_table", tmp_path, {"table": str(tmp_path / "pixels.tsv")}, ["html"], cells="real")
    assert "100.0 % on 9 pixels, real cells" in caption
    check = {"check": "phase: rms", "value": 0.01, "unit": "rad", "threshold": 0.02, "direction": "at most"}
    write_table(tmp_path / "checks.tsv", [check | {"passed": True}])
    _, caption = run("stage_check_table", tmp_path, {"checks": str(tmp_path / "checks.tsv")}, ["html"])
    assert caption == "1 of 1 checks passed.\n"
