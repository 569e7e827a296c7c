"""Scripts of videos and early deaths, run without Snakemake from small stacks and tables."""

import json
import runpy
from pathlib import Path
from types import SimpleNamespace

import av
import keras
import numpy as np
import pytest
import yaml
from livedead.desk.tables import read_table, write_table
from livedead.optics.stacks import write_stack

from tests.scripts.jobs import Files

ROOT = Path(__file__).resolve().parents[2]
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())
TIMES_H = [2.0, 3.0, 4.0]
LOOK = {"sequence": "s1", "panel_px": 128, "cells": "simulated"}
FILM = {"sequence": "s1", "start_h": 2.0, "frame_interval_min": 60}
EARLY = {"early_p_dead": 0.5, "early_death_h": 1.0}


def run(rule, folder, source, output, threads=1, **params):
    job = SimpleNamespace(
        rule=rule,
        log=[str(folder / f"{rule}.log")],
        input=Files(**source),
        output=Files(**{name: str(folder / file) for name, file in output.items()}),
        params=SimpleNamespace(**params),
        threads=threads,
    )
    runpy.run_path(str(ROOT / f"workflow/scripts/{rule}.py"), init_globals={"snakemake": job})
    return job.output


def stack(path, dtype, channels, pixels=64, bright=100):
    image = np.zeros((len(TIMES_H), len(channels), pixels, pixels), dtype)
    image[:, :, pixels // 4 : pixels // 2, pixels // 4 : pixels // 2] = bright
    form = {"pixel_size_um": 41.6 / pixels, "frame_interval_min": 60, "compression": "none"}
    write_stack(path, image, dtype=dtype, channels=channels, **form)
    return str(path)


@pytest.fixture
def files(tmp_path):
    stain, network = ("live", "live", "dead"), ("live", "dead", "dead")
    matches = [
        {"sequence": "s1", "frame": frame, "time_h": TIMES_H[frame], "label": 1, "x_um": 15.0, "y_um": 15.0}
        | {"true_state": stain[frame], "predicted_state": network[frame], "p_dead": 0.9, "touches_border": False}
        for frame in range(3)
    ]
    write_table(tmp_path / "matches.tsv", matches)
    write_table(tmp_path / "nuclei.tsv", [row | {"state": row["predicted_state"]} for row in matches])
    return {
        "phase": stack(tmp_path / "phase.ome.tif", "float32", ["phase [rad]"], bright=1),
        "labels": stack(tmp_path / "labels.ome.tif", "uint8", ["labels"], bright=2),
        "live": stack(tmp_path / "live.ome.tif", "uint16", ["NucBlue"], 128, 900),
        "dead": stack(tmp_path / "dead.ome.tif", "uint16", ["NucGreen"], 128, 500),
        "matches": str(tmp_path / "matches.tsv"),
        "nuclei": str(tmp_path / "nuclei.tsv"),
    }


def film(folder, source, name="video1"):
    kinds = {kind: f"{name}.{kind}" for kind in ("mp4", "png", "html", "tsv")} | {"caption": f"{name}.caption.txt"}
    output = run("video", folder, source, kinds, title="Video 1: hela", start_h=2.0, look=LOOK, speed=2)
    with av.open(output.mp4) as container:
        shown = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    return shown, read_table(output.tsv), Path(output.caption).read_text(encoding="utf-8"), output


def test_video_of_a_stained_film(tmp_path, files):
    source = {name: files[name] for name in ("phase", "labels", "nuclei", "live", "dead")}
    shown, rows, caption, output = film(tmp_path, source | {"rates": []})
    assert len(shown) == 3 and shown[0].shape[1] > 3 * 128
    assert [(row["time_h"], row["live_nuclei"], row["dead_nuclei"]) for row in rows] == [
        (2, 1, 0),
        (3, 0, 1),
        (4, 0, 1),
    ]
    assert caption.startswith("Film s1 (simulated cells): phase, prediction and stain; 3 frames from 2 h to 4 h")
    assert "Video 1: hela" in Path(output.html).read_text(encoding="utf-8")
    assert Path(output.png).read_bytes().startswith(b"\x89PNG")


def test_live_view_of_an_unstained_film_tells_its_rate(tmp_path, files):
    place = {"frames": 3, "height_px": 64, "width_px": 64, "network": "eunet_b0", "device": "cpu:0", "threads": 1}
    rates = [
        {"step": step, "ms_per_frame": ms, "frames_per_second": 1000 / ms} | place
        for step, ms in (("retrieval", 60.0), ("network", 40.0), ("both", 100.0))
    ]
    write_table(tmp_path / "frame_rate.tsv", rates)
    source = {name: files[name] for name in ("phase", "labels", "nuclei")} | {"live": [], "dead": []}
    shown, _, caption, _ = film(tmp_path, source | {"rates": [str(tmp_path / "frame_rate.tsv")]})
    assert 2 * 128 < shown[0].shape[1] < 3 * 128
    assert "without any stain" in caption and "together 10 frames per second" in caption


def test_frame_rate_of_a_real_network(tmp_path):
    from livedead.net.channels import CHANNELS
    from livedead.net.eunet import build_eunet

    settings = {"batch_norm_epsilon": 0.001, "input_scaling": "window", "input_window": [-0.6, 2.4]}
    card = {"encoder": "B0", "classes": list(CHANNELS), "settings": settings, "seed": 1}
    (tmp_path / "card.json").write_text(json.dumps(card))
    build_eunet("B0", len(CHANNELS), batch_norm_epsilon=0.001).save_weights(tmp_path / "model.weights.h5")
    keras.utils.clear_session()
    random = np.random.default_rng(1)
    raw = random.normal(1100, 5, (2, 4, 128, 128)).astype(np.uint16)
    form = {"pixel_size_um": 0.325, "frame_interval_min": 60, "compression": "none"}
    write_stack(tmp_path / "raw.ome.tif", raw, dtype="uint16", channels=["0", "1", "2", "3"], **form)
    source = {name: str(tmp_path / file) for name, file in (("raw", "raw.ome.tif"), ("card", "card.json"))}
    source |= {"weights": str(tmp_path / "model.weights.h5"), "background": []}
    phase = CONFIG["phase"] | {"unscattered_adu": 400}
    settings = {"phase": phase, "warm_up_frames": 1, "sequence": "s1", "network": CONFIG["predict"]}
    output = run("measure_frame_rate", tmp_path, source, {"rates": "frame_rate.tsv"}, **settings)
    rows = read_table(output.rates)
    assert [row["step"] for row in rows] == ["retrieval", "network", "both"]
    assert all(row["frames"] == 2 and row["ms_per_frame"] > 0 and row["width_px"] == 64 for row in rows)
    assert rows[2]["frames_per_second"] < min(row["frames_per_second"] for row in rows[:2])


def test_from_matches_to_the_figure_of_early_deaths(tmp_path, files):
    source = {"matches": [files["matches"]], "labels": [files["labels"]]}
    tables = {"deaths": "deaths.tsv", "counts": "counts.tsv"}
    made = run("find_early_deaths", tmp_path, source, tables, films=[FILM], track=CONFIG["track"], settings=EARLY)
    [found] = read_table(made.deaths)
    assert (found["frame"], found["stain_dead_h"], found["lead_h"], found["confirmed"]) == (1, 4, 1, True)
    counts = {row["network_call"]: row["nuclei"] for row in read_table(made.counts)}
    assert counts == {"dead": 1, "dead_unsure": 0, "live": 1, "missed": 0}
    source = {"deaths": made.deaths, "counts": made.counts, "phase": [files["phase"]], "predicted": [files["labels"]]}
    source |= {"live": [files["live"]], "dead": [files["dead"]]}
    kinds = {kind: f"early.{kind}" for kind in ("png", "svg", "tsv", "caption")}
    look = {"early_death_h": 1.0, "examples": 6, "cells": "simulated"}
    drawn = run("early_deaths", tmp_path, source, kinds, sequences=["s1"], stained=["s1"], look=look)
    assert [row["label"] for row in read_table(drawn.tsv)] == [1]
    assert "1 example is shown" in Path(drawn.caption).read_text(encoding="utf-8")
    nothing = source | {"live": [], "dead": []}
    write_table(made.deaths, [], list(found))
    drawn = run("early_deaths", tmp_path, nothing, kinds, sequences=["s1"], stained=[], look=look)
    assert read_table(drawn.tsv) == []
    assert "None found that could be shown." in Path(drawn.caption).read_text(encoding="utf-8")
