"""From camera frames to counts as live mode does it, step by step, at the paper's size of frames."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from livedead.cells.live_counts import count_time_point
from livedead.commands.live_assay import LiveAssay
from livedead.desk.model_folder import CARD, WEIGHTS
from livedead.desk.settings import settings_for
from livedead.desk.settings_files import read_settings
from livedead.net.channels import CHANNELS, one_hot
from livedead.net.determinism import set_determinism
from livedead.net.eunet import build_eunet
from livedead.optics.film_retrieval import FilmRetrieval
from livedead.optics.image_files import tiff_bytes

from tests.benchmarks.sidebyside import Table, side_by_side
from tests.contract.project import ROOT
from tests.unit.optics.conftest import film

SIDE, TILE, THREADS, ROUNDS = 2048, 512, 2, 9
PIXEL_UM = 0.325
PAPER_PER_S = 15
STEPS = ("reading", "retrieval", "prediction", "counting")
NETWORK = {"batch_norm_epsilon": 0.001, "input_scaling": "window", "input_window": [-0.6, 2.4]}


def tables() -> list[Table]:
    """Time what leads to the phase, and what leads to the counts; networks have random weights."""
    config = read_settings([ROOT / "config.yaml"], ROOT / "workflow/schemas/config.schema.yaml")
    settings = {section: settings_for(config, section, None) for section in ("phase", "predict", "viability")}
    field = film(times_h=(0.0,), optics__frame_px=[TILE, TILE], optics__margin_um=20)[0]
    counts = tiled(field.raw)
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / f"f1_t0_m{m}.tif" for m in range(len(counts))]
        for path, frame in zip(paths, counts, strict=True):
            path.write_bytes(tiff_bytes(frame))
        assays = {encoder: _assay(Path(folder) / encoder, encoder, settings) for encoder in ("B0", "B3")}
        return [_to_phase(counts, paths, settings, assays["B0"]), _to_counts(paths, assays, field, settings)]


def tiled(frames: np.ndarray) -> np.ndarray:
    """A field of full size from mirrored copies of a small one, (N, Y, X)."""
    pair = np.concatenate([frames, frames[:, ::-1]], axis=1)
    square = np.concatenate([pair, pair[:, :, ::-1]], axis=2)
    return np.tile(square, (1, SIDE // square.shape[1], SIDE // square.shape[2]))


def _to_phase(counts: np.ndarray, paths: list[Path], settings: dict, assay: LiveAssay) -> Table:
    retrieve = FilmRetrieval(settings["phase"], 550)
    read = "reading four files"
    memory, files = "retrieval, from memory", "retrieval, from files, as live"
    candidates = {
        memory: lambda: retrieve(counts)[0],
        read: lambda: assay.read(paths),
        files: lambda: retrieve(assay.read(paths))[0],
    }
    same = np.array_equal(candidates[files](), candidates[memory]())
    table = side_by_side(f"Live: 4 x {SIDE}² to phase", candidates, floor=memory, rounds=ROUNDS)
    notes = {name: _rate(median(table.seconds[name])) for name in (memory, files)}
    notes[files] += "; the same phase" if same else "; NOT the same phase"
    return replace(table, notes=notes)


def _to_counts(paths: list[Path], assays: dict[str, LiveAssay], field, settings: dict) -> Table:
    spent: dict[str, list[dict]] = {encoder: [] for encoder in assays}

    def whole(encoder: str) -> None:
        assay = assays[encoder]
        begun = perf_counter()
        counts = assay.read(paths)
        reading_ms = 1000 * (perf_counter() - begun)
        spent[encoder].append(assay.count(assay.retrieve(counts))[0] | {"reading_ms": reading_ms})

    phase, counting = "phase only", "counting alone, all nuclei of the field"
    retrieve = FilmRetrieval(settings["phase"], 550)
    candidates = {phase: lambda: retrieve(assays["B0"].read(paths))}
    candidates |= {f"counts, {encoder}": partial(whole, encoder) for encoder in assays}
    candidates[counting] = _counting(field, settings)
    title = f"Live: 4 x {SIDE}² files to counts, {THREADS} threads"
    table = side_by_side(title, candidates, floor=phase, rounds=ROUNDS)
    notes = {counting: "the random networks find none"}
    for encoder, rows in spent.items():
        # The first is the round that does not count.
        parts = {step: median(row[f"{step}_ms"] for row in rows[1:]) for step in STEPS}
        said = ", ".join(f"{step} {parts[step]:.0f}" for step in STEPS)
        name = f"counts, {encoder}"
        rate = _rate(median(table.seconds[name]))
        notes[name] = f"{rate}; ms: {said}; slowest: {max(parts, key=parts.get)}"
    return replace(table, notes=notes)


def _counting(field, settings: dict) -> Callable[[], object]:
    """What a good network would leave to count: the true nuclei, every fifth dead."""
    nuclei = tiled(field.truth_nuclei)[:, : SIDE // 2, : SIDE // 2]
    phase = tiled(field.truth_phase)[:, : SIDE // 2, : SIDE // 2]
    labels = np.where(nuclei > 0, np.where(nuclei % 5 == 0, 2, 1), 0).astype(np.uint8)
    probability = np.moveaxis(one_hot(labels[0]) * 255, -1, 0).astype(np.uint8)
    return partial(
        count_time_point,
        phase,
        labels,
        probability,
        {"saturated_fraction": 0.0, "warnings": None},
        {},
        channels=CHANNELS,
        pixel_size_um=PIXEL_UM * settings["phase"]["downsample"],
        nuclei={key: settings["predict"][key] for key in ("min_area_um2", "split_distance_um")},
        quality={
            "range_margin": settings["viability"]["range_margin"],
            "nucleus_area_um2": settings["viability"]["nucleus_area_um2"],
            "max_saturated_fraction": settings["phase"]["max_saturated_fraction"],
        },
        uncertain_below=settings["viability"]["uncertain_below"],
        confidence=settings["viability"]["confidence"],
    )


def _assay(folder: Path, encoder: str, settings: dict) -> LiveAssay:
    """Set up a network with random weights that calls everything background: scattered dots would be hard to count."""
    set_determinism(1, THREADS)
    folder.mkdir()
    model = build_eunet(encoder)
    last = [layer for layer in model.layers if layer.weights][-1]
    kernel, _ = last.get_weights()
    last.set_weights([kernel * 0, np.array([0, 0, 1], np.float32)])
    model.save_weights(folder / WEIGHTS)
    card = {"encoder": encoder, "classes": list(CHANNELS), "settings": NETWORK, "seed": 1}
    (folder / CARD).write_text(json.dumps(card), encoding="utf-8")
    return LiveAssay(folder, settings, PIXEL_UM, THREADS)


def _rate(seconds: float) -> str:
    return f"{1 / seconds:.2g} time points/s, {1 / seconds / PAPER_PER_S:.2g} of the paper's {PAPER_PER_S}"
