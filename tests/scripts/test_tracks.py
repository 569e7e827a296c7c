"""Scripts of tracking, run without Snakemake: from predicted nuclei to tracks, exports and checks."""

import csv
import zipfile

import numpy as np
from livedead.desk.tables import read_table, write_table
from livedead.optics.stacks import read_stack

from tests.scripts.jobs import Files
from tests.scripts.test_cells import CONFIG, ROW, run, write
from tests.unit.motion.films import MASS, disk

FRAMES = 5


def truth_row(frame, nucleus, y, x, area):
    row = {"frame": frame, "time_h": frame / 2, "nucleus": nucleus, "parent": 0, "state": "live"}
    return row | {"x_um": x * 0.65, "y_um": y * 0.65, "area_um2": area, "floating": False, "touches_border": False}


def predicted_film(folder):
    """Three nuclei, one of them not seen in two frames."""
    labels = np.zeros((FRAMES, 1, 80, 120), np.uint8)
    truth = []
    for frame in range(FRAMES):
        for nucleus, (y, x) in enumerate([(20, 20 + frame), (20, 90), (60, 50)], start=1):
            truth.append(truth_row(frame, nucleus, y, x, 150))
            if (nucleus, frame) not in ((2, 2), (2, 3)):
                disk(labels[frame, 0], y, x, 2 if nucleus == 3 else 1, radius=10)
    probability = np.concatenate([255 * (labels == value) for value in (1, 2, 0)], axis=1).astype(np.uint8)
    source = Files(
        labels=write(folder / "labels.ome.tif", labels, ["label"]),
        probability=write(folder / "probability.ome.tif", probability, ["live", "dead", "background"]),
        phase=write(folder / "phase.ome.tif", labels.astype(np.float32), ["phase [rad]"]),
    )
    nuclei = Files(nuclei=str(folder / "nuclei.tsv"), counts=str(folder / "found.tsv"))
    run("measure_nuclei", source, nuclei, settings=SIZE, dry_mass=CONFIG["dry_mass"], row=ROW)
    return source.labels, nuclei.nuclei, truth


SIZE = {key: CONFIG["predict"][key] for key in ("min_area_um2", "split_distance_um")}


def test_from_nuclei_to_tracks_exports_and_checks(tmp_path):
    labels, nuclei, truth = predicted_film(tmp_path)
    linked = Files(**{name: str(tmp_path / f"{name}.tsv") for name in ("tracks", "lives", "counts")})
    settings = {"settings": CONFIG["track"], "row": ROW, "mass_conditions": MASS}
    run("link_nuclei", Files(nuclei=nuclei, labels=labels), linked, **settings)
    tracks, lives, (counts,) = map(read_table, vars(linked).values())
    assert len(tracks) == len(read_table(nuclei)) == counts["found"] == counts["linked"] == 3 * FRAMES - 2
    assert [(life["track"], life["reason"]) for life in lives] == [(1, "kept"), (2, "gaps"), (3, "dead")]
    assert counts["at_start"] == 3 == counts["kept"] + counts["not_kept_gaps"] + counts["not_kept_dead"]
    # Half an hour from frame to frame, the first at 1 h.
    assert {(life["start_h"], life["end_h"]) for life in lives} == {(1, 3)}
    assert lives[2]["death_h"] == 1
    assert {row["wavelength_nm"] for row in tracks} == {550}

    exported = Files(
        trackmate=str(tmp_path / "s1.trackmate.xml"),
        napari=str(tmp_path / "s1.napari.csv"),
        ctc=str(tmp_path / "s1.ctc.zip"),
    )
    run(
        "export_tracks",
        Files(tracks=linked.tracks, labels=labels),
        exported,
        settings=SIZE,
        image="s1.phase.ome.tif",
        frame_interval_min=30,
    )
    xml = (tmp_path / "s1.trackmate.xml").read_text(encoding="utf-8")
    assert xml.startswith("<?xml")
    assert (xml.count("<Spot "), xml.count("<Edge "), xml.count("<Track ")) == (13, 10, 3)
    with open(exported.napari, newline="", encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 13
    with zipfile.ZipFile(exported.ctc) as archive:
        assert archive.read("res_track.txt").decode().split("\n")[:4] == ["1 0 4 0", "2 0 1 0", "3 4 4 2", "4 0 4 0"]
        for frame in range(FRAMES):
            (tmp_path / "mask.tif").write_bytes(archive.read(f"mask{frame:03d}.tif"))
            mask = read_stack(tmp_path / "mask.tif")[0, 0]
            assert np.array_equal(mask > 0, read_stack(labels)[frame, 0] > 0)

    write_table(tmp_path / "truth.tsv", truth)
    compared = Files(nuclei=str(tmp_path / "s1.tracks.tsv"))
    run(
        "compare_tracks",
        Files(tracks=linked.tracks, labels=labels, truth=str(tmp_path / "truth.tsv")),
        compared,
        memory=2,
    )
    assert [(row["whole"], row["pure"], row["longest_gap"]) for row in read_table(compared.nuclei)] == [
        (True, True, 0), (True, True, 2), (True, True, 0),
    ]  # fmt: skip
    judged = Files(table=str(tmp_path / "checks.tsv"))
    run("check_tracks", Files(nuclei=[compared.nuclei]), judged, limits={"c": CONFIG["checks"]})
    check = read_table(judged.table)[1]
    assert (check["value"], check["threshold"], check["passed"]) == (1, CONFIG["checks"]["whole_tracks"], True)


def test_a_film_without_nuclei_gives_empty_tables(tmp_path):
    labels = write(tmp_path / "labels.ome.tif", np.zeros((2, 1, 30, 30), np.uint8), ["label"])
    header = "\t".join(["sequence", "frame", "time_h", "label", "x_um", "y_um", "area_um2", "dry_mass_pg", "p_live"])
    (tmp_path / "nuclei.tsv").write_text(f"{header}\tp_dead\tstate\ttouches_border\n")
    linked = Files(**{name: str(tmp_path / f"{name}.tsv") for name in ("tracks", "lives", "counts")})
    settings = {"settings": CONFIG["track"], "row": ROW, "mass_conditions": MASS}
    run("link_nuclei", Files(nuclei=str(tmp_path / "nuclei.tsv"), labels=labels), linked, **settings)
    assert (read_table(linked.tracks), read_table(linked.lives)) == ([], [])
    exported = Files(**{name: str(tmp_path / f"s1.{name}") for name in ("trackmate", "napari", "ctc")})
    run(
        "export_tracks",
        Files(tracks=linked.tracks, labels=labels),
        exported,
        settings=SIZE,
        image="a",
        frame_interval_min=30,
    )
    assert zipfile.ZipFile(exported.ctc).namelist() == ["res_track.txt", "mask000.tif", "mask001.tif"]
