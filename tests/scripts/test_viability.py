"""Scripts of the viability stage, run without Snakemake from small stacks and tables to curve and overlay."""

import json
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import tifffile
from livedead.cells.tables import NUCLEUS_COLUMNS
from livedead.desk.errors import DataError
from livedead.desk.tables import read_table, write_table
from livedead.optics.frame_statistics import frame_statistics
from livedead.optics.stacks import read_frames, write_stack
from ome_types import from_tiff

from tests.scripts.jobs import Files

ROOT = Path(__file__).resolve().parents[2]
FRAMES, SIDE, PIXEL_UM = 2, 64, 0.65
JUDGING = {"range_margin": 0.5, "nucleus_area_um2": [30, 1000], "max_saturated_fraction": 0.002}
COUNTING = {"uncertain_below": 0.7, "tile_overlap": 0.0, "exclude_flagged": False}
PLACES = {1: (slice(10, 22), slice(10, 22)), 2: (slice(40, 52), slice(40, 52))}


def run(rule, folder, source, results, **params):
    """Run a script; returns its outputs by name."""
    output = Files(**{name: str(folder / file) for name, file in results.items()})
    job = SimpleNamespace(
        rule=rule,
        log=[str(folder / f"{rule}.log")],
        input=Files(**source),
        output=output,
        params=SimpleNamespace(**params),
        wildcards=SimpleNamespace(cohort="plate", sequence=params.pop("sequence", "s1")),
    )
    runpy.run_path(str(ROOT / f"workflow/scripts/{rule}.py"), init_globals={"snakemake": job})
    assert all(Path(path).stat().st_size for path in output)
    return output


@pytest.fixture
def plate(tmp_path):
    """Two films, of which the second has no nuclei in its last frame; and a card of what a network learned."""

    def film(name, channel="phase [rad]"):
        labels = np.zeros((FRAMES, 1, SIDE, SIDE), np.uint8)
        phase = np.random.default_rng(len(name)).normal(0, 0.02, labels.shape).astype(np.float32)
        rows = []
        for frame in range(FRAMES):
            for label, place in PLACES.items():
                if name == "s2" and frame == FRAMES - 1:
                    continue
                labels[frame, 0][place], phase[frame, 0][place] = label, phase[frame, 0][place] + 1
                mass = 40.0 if "rad" in channel else None
                centre, area = (place[0].start + 5.5) * PIXEL_UM, 144 * PIXEL_UM**2
                p_live, state = (0.95, "live") if label == 1 else (0.04, "dead")
                values = (
                    name,
                    frame,
                    1.0 * frame,
                    label,
                    centre,
                    centre,
                    area,
                    mass,
                    p_live,
                    0.99 - p_live,
                    state,
                    False,
                )
                rows.append(dict(zip(NUCLEUS_COLUMNS, values, strict=True)))
        paths = {kind: str(tmp_path / f"{name}.{kind}.ome.tif") for kind in ("phase", "labels")}
        form = {"pixel_size_um": PIXEL_UM, "frame_interval_min": 60}
        write_stack(paths["phase"], phase, dtype="float32", channels=[channel], **form)
        write_stack(paths["labels"], labels, dtype="uint8", channels=["labels"], **form)
        paths["nuclei"] = str(tmp_path / f"{name}.nuclei.tsv")
        write_table(paths["nuclei"], rows, NUCLEUS_COLUMNS)
        return paths, phase

    made, phase = film("s1")
    rows = [frame_statistics(frame[0], PIXEL_UM) for frame in phase]
    card = {
        "phase_unit": "rad",
        "input_statistics": {
            name: {"low": 0.8 * min(r[name] for r in rows) - 0.1, "high": 1.2 * max(r[name] for r in rows) + 0.1}
            for name in rows[0]
        },
    }
    (tmp_path / "model_card.json").write_text(json.dumps(card), encoding="utf-8")
    return SimpleNamespace(folder=tmp_path, films={"s1": made, "s2": film("s2")[0]}, film=film)


def judged(plate, name, films=None):
    paths = (films or plate.films)[name]
    source = {key: paths[key] for key in ("phase", "nuclei")}
    source |= {"retrieval": [], "card": str(plate.folder / "model_card.json")}
    row = {"start_h": 0.0, "frame_interval_min": 60}
    files = {"quality": f"{name}.quality.tsv"}
    return run("judge_frames", plate.folder, source, files, sequence=name, settings=JUDGING, row=row).quality


def counted(plate, films, wells, **settings):
    source = {"nuclei": [films[n]["nuclei"] for n in films], "quality": [judged(plate, n, films) for n in films]}
    fields = [
        {"sequence": n, "replicate": None, "well": well, "condition": "unstained", "tile": None}
        for n, well in zip(films, wells, strict=True)
    ]
    files = {name: f"{name}.tsv" for name in ("nuclei", "viability", "quality")}
    params = {"fields": fields, "settings": COUNTING | settings, "confidence": 0.95}
    return run("count_viability", plate.folder, source, files, **params)


def test_from_nuclei_to_table_and_curve(plate):
    tables = counted(plate, plate.films, ["1", "1"])
    rows = read_table(tables.viability)
    assert [(r["well"], r["time_h"], r["n_live"], r["n_dead"], r["n_images"]) for r in rows] == [
        ("1", 0, 2, 2, 2), ("1", 1, 1, 1, 2),
    ]  # fmt: skip
    assert [r["n_flagged"] for r in rows] == [0, 1], "the empty image is flagged"
    quality = read_table(tables.quality)
    assert [(q["sequence"], q["frame"], q["empty"]) for q in quality][-1] == ("s2", 1, True)
    assert sum(q["flagged"] for q in quality) == 1
    assert all(n["counted"] and n["reason"] is None for n in read_table(tables.nuclei))
    look = {"plate": "plate", "cells": "real", "confidence": 0.95}
    kinds = {kind: f"viability_curve.{kind}" for kind in ("png", "svg", "tsv")} | {"caption": "curve.caption.txt"}
    drawn = run("plate_curve", plate.folder, {"viability": tables.viability}, kinds, look=look)
    assert read_table(drawn.tsv) == rows
    assert "1 well from 0 to 1 h, real cells, 6 nuclei called live or dead" in Path(drawn.caption).read_text()


def test_a_time_without_nuclei_and_fields_without_well_are_told(plate):
    tables = counted(plate, plate.films, [None, None])
    rows = read_table(tables.viability)
    assert [(r["group"], r["time_h"], r["live_fraction"]) for r in rows] == [
        ("s1", 0, 0.5), ("s1", 1, 0.5), ("s2", 0, 0.5), ("s2", 1, None),
    ]  # fmt: skip
    assert rows[-1]["note"].endswith("no nucleus was found") and "stands by itself" in rows[0]["note"]
    assert "stand by themselves for want of a well: 2" in (plate.folder / "count_viability.log").read_text()


def test_grey_images_have_viability_and_no_mass(plate):
    grey = {"g1": plate.film("g1", "phase [grey]")[0]}
    tables = counted(plate, grey, ["w1"])
    assert [r["live_fraction"] for r in read_table(tables.viability)] == [0.5, 0.5]
    nuclei = read_table(tables.nuclei)
    assert {n["dry_mass_pg"] for n in nuclei} == {None}
    assert {n["note"] for n in nuclei} == {"no dry mass: grey image without absolute phase"}


def test_an_error_names_the_sequence(plate):
    write_table(plate.folder / "other.nuclei.tsv", [r | {"frame": 9} for r in read_table(plate.films["s1"]["nuclei"])])
    films = {"s1": plate.films["s1"] | {"nuclei": str(plate.folder / "other.nuclei.tsv")}}
    with pytest.raises((SystemExit, DataError)):
        counted(plate, films, ["w1"])
    assert "s1, frame 9: a nucleus, but no such image" in (plate.folder / "count_viability.log").read_text()


def overlay(plate):
    source = {key: plate.films["s1"][key] for key in ("phase", "labels", "nuclei")} | {"quality": judged(plate, "s1")}
    settings = {"min_area_um2": 20, "split_distance_um": 6, "uncertain_below": 0.7}
    files = {"overlay": "s1.overlay.ome.tif"}
    return run("overlay_nuclei", plate.folder, source, files, settings=settings, compression="zstd").overlay


def test_overlay_opens_elsewhere_with_size_time_names_and_colours(plate):
    path = overlay(plate)
    pixels = from_tiff(path).images[0].pixels
    assert (pixels.size_t, pixels.size_c, pixels.size_y, pixels.size_x) == (FRAMES, 4, SIDE, SIDE)
    assert (pixels.physical_size_x, pixels.physical_size_x_unit.value) == (PIXEL_UM, "µm")
    assert pixels.time_increment * {"s": 1, "min": 60}[pixels.time_increment_unit.value] == 3600
    assert [channel.name for channel in pixels.channels] == ["phase", "live", "dead", "uncertain"]
    assert [channel.color.as_rgb_tuple(alpha=False) for channel in pixels.channels] == [
        (255, 255, 255), (0, 255, 0), (255, 0, 255), (255, 255, 0),
    ]  # fmt: skip
    stack = tifffile.imread(path)
    assert stack.shape == (FRAMES, 4, SIDE, SIDE) and stack.dtype == np.uint8
    for channel, label in ((1, 1), (2, 2)):
        assert (stack[0, channel][PLACES[label]] > 0).all()
        assert np.count_nonzero(stack[0, channel]) == 144
    assert not stack[:, 3].any() and read_frames(path).info.channels == ("phase", "live", "dead", "uncertain")


def test_overlay_opens_in_bioio(plate):
    bioio = pytest.importorskip("bioio", reason="bioio is not installed")
    reader = pytest.importorskip("bioio_ome_tiff", reason="bioio-ome-tiff is not installed")
    image = bioio.BioImage(overlay(plate), reader=reader.Reader)
    assert list(image.channel_names) == ["phase", "live", "dead", "uncertain"]
    assert (image.physical_pixel_sizes.Y, image.physical_pixel_sizes.X) == (PIXEL_UM, PIXEL_UM)
    assert image.get_image_data("TCYX").shape == (FRAMES, 4, SIDE, SIDE)
