"""Scripts of the paper's other figures and tables, run without Snakemake from small stacks and tables."""

import json
import runpy
from types import SimpleNamespace

import pytest
from livedead.desk.tables import read_table, write_table

from tests.scripts.jobs import Files
from tests.scripts.test_figures import FRAMES, ROOT, draw, run, stack

ARMS = {"stained": "s1", "unstained": "u1"}
SCORE = {"subset": "all", "low": 0.8, "high": 1.0, "confidence": 0.95, "sequences": 1, "nuclei": 20, "unit": "1"}


def table(path, rows, columns=None):
    write_table(path, rows, columns)
    return str(path)


@pytest.fixture
def images(tmp_path):
    return {
        "phase": stack(tmp_path / "phase.ome.tif", 1.0, "float32", "phase [rad]"),
        "labels": stack(tmp_path / "labels.ome.tif", 2, "uint8", "labels"),
    }


def scored_nuclei(sequence, states=("live", "dead")):
    return [
        {"sequence": sequence, "frame": frame, "time_h": 1.0 + frame, "label": n, "x_um": 7.5, "y_um": 7.5}
        | {"touches_border": False, "true_state": state, "predicted_state": "live"}
        for frame in range(FRAMES)
        for n, state in enumerate(states)
    ]


def test_figure4_shows_one_film_at_the_wanted_times(tmp_path, images):
    source = {"phase": images["phase"], "truth": images["labels"], "predicted": images["labels"]}
    source["matches"] = table(tmp_path / "matches.tsv", scored_nuclei("c1"))
    rows, caption = draw("figure4", tmp_path, source, sequence="c1", start_h=1.0, times_h=[0, 2.1, 10])
    assert [row["time_h"] for row in rows] == [1, 1, 2, 2, 3, 3] and {row["sequence"] for row in rows} == {"c1"}
    assert "3 held-out frames of simulated cells with 6 nuclei: 3 called right, 3 wrong" in caption


def growth_tables(folder):
    """Two films of three frames with one kept cell each, and the tables of the comparison."""
    tracks, lives = [], []
    for number, sequence in enumerate(ARMS.values()):
        times = [(frame, float(frame)) for frame in range(FRAMES)]
        seen = [{"sequence": sequence, "frame": f, "time_h": t, "track": 4, "x_um": 7.5, "y_um": 7.5} for f, t in times]
        seen = [row | {"area_relative": 1 + row["frame"] / 10, "dry_mass_relative": None} for row in seen]
        tracks.append(table(folder / f"t{number}.tsv", seen))
        lives.append(table(folder / f"l{number}.tsv", [{"sequence": sequence, "track": 4, "kept": True}]))
    course = [
        {"quantity": quantity, "condition": arm, "time_h": float(time), "n": 1, "wells": 1, "mean": 1.0 + time}
        | {"standard_error": None}
        for quantity in ("area", "dry_mass")
        for arm in ARMS
        for time in range(FRAMES)
    ]
    test = {"quantity": "area", "time_h": 1.0, "p_pooled": None, "significant_pooled": None, "p_holm": None}
    run = {"quantity": "area", "method": "pooled", "from_h": None, "to_h": None, "points": 0, "p": None}
    return {
        "tracks": tracks,
        "lives": lives,
        "timecourse": table(folder / "course.tsv", course),
        "comparison": table(folder / "comparison.tsv", [test | {"note": "one stained cell: no test"}]),
        "intervals": table(folder / "intervals.tsv", [run | {"note": "no significant time"}]),
    }


def test_figure5_finds_the_films_of_both_arms(tmp_path, images):
    source = growth_tables(tmp_path)
    source |= {f"{arm}_{kind}": path for arm in ARMS for kind, path in images.items()}
    conditions = {sequence: arm for arm, sequence in ARMS.items()}
    params = {"shown": ARMS, "conditions": conditions, "start_h": dict.fromkeys(conditions, 0.0)}
    rows, caption = draw("figure5", tmp_path, source, times_h=[0, 2], significance=0.05, **params)
    shown = [(row["panel"], row["sequence"], row["track"], row["time_h"]) for row in rows if row["panel"] in "ab"]
    assert shown == [("a", "s1", 4, 0), ("a", "s1", 4, 2), ("b", "u1", 4, 0), ("b", "u1", 4, 2)]
    assert [row["value"] for row in rows if row["panel"] == "d" and row["quantity"] == "area"] == [1, 1.1, 1.2]
    assert "Not tested everywhere: one stained cell: no test." in caption


def test_survival_and_tables_of_growth(tmp_path):
    step = {
        "time_h": 0.0,
        "deaths": 1,
        "censored": 0,
        "lost": 0,
        "survival": 0.5,
        "low": 0.1,
        "high": 0.9,
        "note": None,
    }
    curves = [{"condition": arm, "at_risk": 2} | step for arm in ARMS]
    model = dict.fromkeys(("estimate", "low", "high", "statistic", "df", "n_wells", "converged", "note"))
    model |= {"quantity": "time_to_death", "analysis": "log_rank", "p": 0.03, "n_cells": 4}
    source = {"survival": table(tmp_path / "survival.tsv", curves), "models": table(tmp_path / "models.tsv", [model])}
    rows, caption = draw("survival", tmp_path, source)
    assert [row["survival"] for row in rows] == [0.5, 0.5] and "p = 0.03" in caption
    source = {"intervals": growth_tables(tmp_path)["intervals"], "models": source["models"]}
    rows, caption = run("statistics_table", tmp_path, source, ["html"], cells="simulated")
    assert [row["analysis"] for row in rows] == ["pooled", "log_rank"] and "none" in caption
    arms = [{"condition": arm, "well": "A", "eligible": 3, "kept": 2, "lost_gaps": 1} for arm in ARMS]
    source = {"arms": table(tmp_path / "arms.tsv", arms)}
    rows, caption = run("arms_table", tmp_path, source, ["html"], cells="simulated")
    assert rows == arms and "stained 2 of 3 in 1 well; unstained 2 of 3 in 1 well" in caption


def test_architecture_comes_from_the_model_card(tmp_path):
    names = ("part", "layer", "channels", "stride", "blocks", "skip")
    stages = [("input", "image", 3, 1), ("encoder", "e", 8, 2, 3), ("decoder", "d", 5, 1), ("head", "softmax", 3, 1)]
    stages = [dict.fromkeys(names) | dict(zip(names, stage, strict=False)) for stage in stages]
    card = {"encoder": "B0", "parameters": 99, "classes": ["live", "dead", "background"], "stages": stages}
    (tmp_path / "card.json").write_text(json.dumps(card), encoding="utf-8")
    rows, caption = run("architecture", tmp_path, {"card": str(tmp_path / "card.json")}, ["svg", "png"])
    assert rows == stages and "99 parameters" in caption


def test_confluence_is_scored_and_laid_out(tmp_path):
    films = {"a": "low", "b": "high", "c": "high", "d": None}
    matches = [table(tmp_path / f"{name}.tsv", scored_nuclei(name)) for name in films]
    ghost = [{"sequence": "a", "predicted_state": "dead", "touches_border": False}]
    columns = tuple(ghost[0])
    spurious = [table(tmp_path / f"{name}.ghosts.tsv", ghost if name == "a" else [], columns) for name in films]
    settings = {"bootstrap_resamples": 50, "confidence": 0.9}
    paths = {"table": str(tmp_path / "confluence.tsv"), "test": str(tmp_path / "test.tsv")}
    job = SimpleNamespace(rule="score_confluence", log=[str(tmp_path / "log")], output=Files(**paths))
    job.input = Files(matches=matches, spurious=spurious)
    job.params = SimpleNamespace(confluences=films, settings=settings, data="simulated", seed=1)
    runpy.run_path(str(ROOT / "workflow/scripts/score_confluence.py"), init_globals={"snakemake": job})
    rows = read_table(paths["table"])
    assert [(row["confluence"], row["films"], row["nuclei"], row["spurious"]) for row in rows] == [
        ("low", 1, 6, 1), ("high", 2, 12, 0), (None, 1, 6, 0),
    ]  # fmt: skip
    assert {row["data"] for row in rows} == {"simulated"} and read_table(paths["test"])[0]["p"] == 1
    laid_out, caption = run("confluence_table", tmp_path, paths, ["html"], cells="simulated")
    assert laid_out == rows and "NA 33.3 % (1 film)" in caption and "p = 1 by all 6 permutations of 3 films" in caption


def test_notes_3_and_4(tmp_path):
    names = ("f1_live_matched", "f1_dead_matched", "macro_f1_matched", "live_as_live", "dead_as_dead")
    names += ("recall_live_inclusive", "recall_dead_inclusive")
    scores = table(tmp_path / "scores.tsv", [{"score": name, "value": 0.9} | SCORE for name in names])
    classes = ("background", "live", "dead", "nucleus", "mean")
    pixels = table(tmp_path / "pixels.tsv", [{"class": name, "f1": 0.7} for name in classes])
    rows, caption = run("note3_table", tmp_path, {"pixels": pixels, "scores": scores}, ["html"], cells="simulated")
    assert rows[0]["difference"] == pytest.approx(0.2) and "90.0 % nucleus by nucleus, 70.0 %" in caption
    source = {"scores": scores, "matches": [table(tmp_path / "m.tsv", scored_nuclei("a", ["live", "live", "dead"]))]}
    rows, caption = run("note4_table", tmp_path, source, ["html"], sequences=["a"], cells="simulated")
    assert [(row["nuclei"], row["called_live"]) for row in rows] == [(6, 6), (3, 3)]
    assert "the paper, real cells: 97 %) of 3 nuclei" in caption
