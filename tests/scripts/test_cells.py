"""Scripts of labels and evaluation, run without Snakemake from dyes to tables."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from livedead.desk.tables import read_table
from livedead.optics.stacks import read_stack, stack_info, write_stack

from tests.scripts.jobs import Files
from tests.unit.cells.scenes import crowd, draw

ROOT = Path(__file__).resolve().parents[2]
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())
ROW = {"pixel_size_um": 0.325, "frame_interval_min": 30, "start_h": 1, "wavelength_nm": 550}


def run(rule, source, output, **params):
    log = str(Path(next(iter(vars(output).values()))).parent / f"{rule}.log")
    job = SimpleNamespace(
        rule=rule,
        threads=1,
        log=[log],
        input=source,
        output=output,
        params=SimpleNamespace(**params),
        wildcards=SimpleNamespace(cohort="c", sequence="s1"),
    )
    runpy.run_path(str(ROOT / f"workflow/scripts/{rule}.py"), init_globals={"snakemake": job})


def write(path, frames, channels, pixel_size_um=0.65):
    frames = np.asarray(frames)
    write_stack(
        path,
        frames,
        dtype=frames.dtype,
        channels=channels,
        pixel_size_um=pixel_size_um,
        frame_interval_min=30,
        compression="none",
    )
    return str(path)


def labels_output(folder):
    return Files(
        labels=str(folder / "labels.ome.tif"),
        instances=str(folder / "instances.ome.tif"),
        nuclei=str(folder / "nuclei.tsv"),
        counts=str(folder / "counts.tsv"),
    )


def label(folder, blue, green):
    source = Files(
        live=write(folder / "live.ome.tif", blue, ["NucBlue"], 0.325),
        dead=write(folder / "dead.ome.tif", green, ["NucGreen"], 0.325),
    )
    output = labels_output(folder)
    run("label_nuclei", source, output, settings=CONFIG["labels"], downsample=2, compression="none", row=ROW)
    return output


def field(seed):
    blue, green, _ = draw(crowd(seed, side_um=104, count=14), side_um=104, pixel_um=0.325, seed=seed)
    return blue[np.newaxis], green[np.newaxis]


def test_from_dyes_to_scores(tmp_path):
    blue, green = zip(field(0), field(1), strict=True)
    truth = label(tmp_path, blue, green)
    labels, instances = read_stack(truth.labels), read_stack(truth.instances)
    nuclei, counts = read_table(truth.nuclei), read_table(truth.counts)
    assert labels.shape == instances.shape == (2, 1, 160, 160)
    assert (labels.dtype, instances.dtype) == (np.uint8, np.uint16)
    assert stack_info(truth.labels).pixel_size_um == pytest.approx(0.65)
    assert [row["time_h"] for row in counts] == [1, 1.5]
    assert sum(row["kept"] for row in counts) == len(nuclei)
    for row in nuclei:
        inside = labels[row["frame"], 0][instances[row["frame"], 0] == row["label"]]
        assert set(inside) == {1 if row["state"] == "live" else 2}

    # A prediction that calls one live nucleus dead and misses another.
    live = [row for row in nuclei if row["state"] == "live"]
    predicted = labels.copy()
    for row, value in ((live[0], 2), (live[1], 0)):
        predicted[row["frame"], 0][instances[row["frame"], 0] == row["label"]] = value
    probability = np.concatenate([255 * (predicted == value) for value in (1, 2, 0)], axis=1).astype(np.uint8)
    source = Files(
        truth=truth.labels,
        instances=truth.instances,
        labels=write(tmp_path / "predicted.ome.tif", predicted, ["label"]),
        probability=write(tmp_path / "probability.ome.tif", probability, ["live", "dead", "background"]),
        phase=write(tmp_path / "phase.ome.tif", 0.5 * labels.astype(np.float32), ["phase [rad]"]),
    )

    measured = Files(nuclei=str(tmp_path / "predicted.tsv"), counts=str(tmp_path / "found.tsv"))
    least = {"min_area_um2": 5, "split_distance_um": 6}
    run("measure_nuclei", source, measured, settings=least, dry_mass=CONFIG["dry_mass"], row=ROW)
    assert all(row["dry_mass_pg"] > 0 for row in read_table(measured.nuclei))
    found = read_table(measured.counts)
    assert sum(row["kept"] for row in found) == len(read_table(measured.nuclei))
    assert len(read_table(measured.nuclei)) == pytest.approx(len(nuclei) - 1, abs=2)

    matched = Files(**{name: str(tmp_path / f"{name}.tsv") for name in ("matches", "spurious", "pixels")})
    run("match_nuclei", source, matched, min_coverage=0.5, row=ROW)
    matches = read_table(matched.matches)
    wrong = [row for row in matches if row["predicted_state"] != row["true_state"]]
    assert sorted(row["predicted_state"] for row in wrong) == ["dead", "missed"]
    assert read_table(matched.spurious) == []

    scored = Files(**{name: str(tmp_path / f"{name}.tsv") for name in ("table", "scores", "calibration")})
    settings = {name: CONFIG["evaluate"][name] for name in ("sensitivity_coverages", "confidence")}
    run(
        "score_cells",
        Files(matches=[matched.matches], spurious=[matched.spurious]),
        scored,
        settings=settings | {"bootstrap_resamples": 100},
        sequences=["s1"],
        cell_line="HeLa",
        data="simulated",
        seed=1,
    )
    table = {row["entry"]: row for row in read_table(scored.table)}
    assert table["live_as_dead"]["ours"] == pytest.approx(1 / (len(live) - 1), rel=1e-4)
    assert table["macro_f1_matched"]["paper"] == 0.967
    scores = {(row["score"], row["subset"]): row for row in read_table(scored.scores)}
    assert scores["missed", "all"]["value"] == 1
    assert scores["macro_f1_matched", "all"]["low"] is None  # one sequence has no interval
    assert read_table(scored.calibration)[-1]["bin"] == "error"

    pixels = Files(table=str(tmp_path / "pixel_table.tsv"))
    run("score_pixels", Files(pixels=[matched.pixels]), pixels, data="simulated")
    assert {row["class"]: row for row in read_table(pixels.table)}["dead"]["recall"] == 1

    both = {f"{side}_{name}": [path] for side in ("train", "test") for name, path in (
        ("labels", truth.labels), ("instances", truth.instances), ("phase", source.phase),
    )}  # fmt: skip
    baseline = Files(baseline=str(tmp_path / "baseline.tsv"))
    run("score_baseline", Files(**both), baseline)
    # Here the phase is the label, so two numbers per nucleus are enough.
    assert read_table(baseline.baseline)[0] == {"score": "macro_f1_matched", "value": 1}


def test_ready_label_maps(tmp_path):
    ready = np.zeros((1, 1, 20, 30), dtype=np.uint8)
    ready[..., 2:8, 2:8], ready[..., 2:8, 12:18] = 2, 3
    output = labels_output(tmp_path)
    params = {"label_values": {"1": "live", "2": "live", "3": "dead"}, "pixel_size_um": 0.65}
    params |= {"compression": "none", "row": ROW, "downsample": 2}
    run("import_labels", Files(labels=write(tmp_path / "ready.tif", ready, ["label"])), output, **params)
    assert [row["state"] for row in read_table(output.nuclei)] == ["live", "dead"]
    assert read_stack(output.labels).shape == (1, 1, 10, 15)
    assert set(np.unique(read_stack(output.labels))) == {0, 1, 2}


def test_ready_phase_maps_are_averaged(tmp_path):
    ready = np.arange(24, dtype=np.uint8).reshape(1, 1, 4, 6)
    output = Files(phase=str(tmp_path / "phase.ome.tif"))
    source = Files(phase=write(tmp_path / "ready.tif", ready, ["phase"]))
    row = ROW | {"pixel_size_um": 0.65}
    run("import_phase", source, output, downsample=2, compression="none", mismatch="error", row=row)
    assert stack_info(output.phase).pixel_size_um == pytest.approx(1.3)
    # Means of two by two grey values, as parts of 255.
    assert read_stack(output.phase)[0, 0, 0] * 255 == pytest.approx([3.5, 5.5, 7.5])


def test_ready_phase_of_another_scale_is_refused_or_told(tmp_path, capsys):
    output = Files(phase=str(tmp_path / "phase.ome.tif"))
    source = Files(phase=write(tmp_path / "ready.tif", np.zeros((1, 1, 4, 6), np.uint8), ["phase"]))
    given = {"downsample": 1, "compression": "none", "row": ROW | {"pixel_size_um": 1.54}}
    message = stopped(capsys, lambda: run("import_phase", source, output, mismatch="error", **given))
    assert "the file says 0.65 um per pixel, the sheet pixel_size_um = 1.54" in message
    assert "pixels per um" in message
    run("import_phase", source, output, mismatch="warning", **given)
    assert stack_info(output.phase).pixel_size_um == pytest.approx(1.54)


def stopped(capsys, action, *arguments):
    with pytest.raises(SystemExit) as stop:
        action(*arguments)
    assert stop.value.code == 1
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    return message


def test_a_film_without_nuclei_is_one_sentence(tmp_path, capsys):
    noise = np.random.default_rng(0).poisson(200, (2, 1, 160, 160)).astype(np.uint16)
    message = stopped(capsys, label, tmp_path, noise, noise)
    assert "s1: no nucleus in any frame of" in message
    assert "live.ome.tif" in message
    assert not (tmp_path / "nuclei.tsv").exists()


def test_dyes_of_different_lengths_are_one_sentence(tmp_path, capsys):
    noise = np.random.default_rng(0).poisson(200, (2, 1, 160, 160)).astype(np.uint16)
    message = stopped(capsys, label, tmp_path, noise, noise[:1])
    assert "s1" in message and "NucBlue has 2 frames and NucGreen 1" in message
    assert not (tmp_path / "instances.ome.tif").exists()
