"""Does time grow as the number of frames and of films, and does memory stay? Jobs of a plate, run by Snakemake.

Needs the network of a finished run, so that there are nuclei to measure and to follow.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from livedead.desk.sheet import COLUMNS
from livedead.optics.stacks import write_stack

from tests.benchmarks.listing import Listing
from tests.benchmarks.watched_jobs import Job, run_watched
from tests.contract.project import ROOT
from tests.unit.optics.conftest import film

MODEL = ROOT / "results/train/hela"
SIDE, FILMED = 192, 12
FRAMES, REPEATS = (10, 100, 1000), {10: 3, 100: 3, 1000: 1}
FILMS, FRAMES_OF_A_FILM = (1, 4, 16), 10
RULES = ("retrieve_phase", "label_nuclei", "predict_sequence", "measure_nuclei", "link_nuclei")
SETTINGS = "cohorts: {plate: {track: {enabled: true}, videos: {show: none}}}\n"


def tables() -> list[Listing]:
    """Run films of 10 to 1,000 frames, then plates of 1 to 16 films."""
    if not (MODEL / "model_card.json").is_file():
        sys.exit(f"{MODEL.relative_to(ROOT)} holds no network: run make first")
    times_h = np.arange(FILMED) / 6
    filmed = film(times_h=times_h, optics__frame_px=[SIDE, SIDE], population__cells_per_mm2=[600, 900])
    stacks = {name: [getattr(frame, name) for frame in filmed] for name in ("raw", "live", "dead")}
    return [_of_frames(stacks), _of_films(stacks)]


def _of_frames(stacks: dict) -> Listing:
    lengths = {f"f{frames}x{n}": frames for frames, repeats in REPEATS.items() for n in range(repeats)}
    with TemporaryDirectory() as folder:
        project = _plate(Path(folder), stacks, lengths | {"first": FRAMES[0]})
        wanted = ("results/track/plate/{}.lives.tsv", "results/labels/plate/{}.nuclei.tsv")
        # The first film after a change of the code waits for compiled loops.
        run_watched(project, *_wanted(["first"], *wanted))
        jobs = run_watched(project, *_wanted(lengths, *wanted))
    lines, bends, growths = [], [], []
    for rule in RULES:
        own = [(lengths[job.sequence], job) for job in jobs if job.rule == rule]
        work, whole, peak = (_by_length(own, name) for name in ("work_s", "whole_s", "peak_kib"))
        start, per_frame, bend = line_through_ends(work)
        growth = peak[FRAMES[-1]] / peak[FRAMES[0]] - 1
        bends.append(abs(bend))
        growths.append(growth)
        lines.append(
            (
                *(f"`{rule}`", f"{whole[FRAMES[0]] - work[FRAMES[0]] + start:.2f} s", f"{1000 * per_frame:.2f} ms"),
                *(f"{whole[frames]:.2f} s" for frames in FRAMES),
                *(f"{100 * bend:+.1f} %", *(f"{peak[frames] / 1024:.0f}" for frames in FRAMES)),
                f"{100 * growth:+.1f} %",
            )
        )
    heads = ("job", "start", "per frame", *(f"{frames} frames" for frames in FRAMES), f"off the line at {FRAMES[1]}")
    heads += (*(f"MiB, {frames}" for frames in FRAMES), "growth")
    return Listing(
        f"Films of {FRAMES[0]} to {FRAMES[-1]} frames, camera {SIDE} x {SIDE}, one core",
        heads,
        lines,
        f"Time is linear within {100 * max(bends):.1f} % (a line through the shortest and the longest film, start "
        f"taken off), memory grows by {100 * max(growths):.1f} % at most.",
    )


def _of_films(stacks: dict) -> Listing:
    seconds, peaks, jobs = {}, {}, {}
    with TemporaryDirectory() as folder:
        for films in FILMS:
            lengths = {f"p{films}x{n}": FRAMES_OF_A_FILM for n in range(films)}
            wanted = _wanted(lengths, "results/predict/plate/{}.nuclei.tsv")
            told = run_watched(_plate(Path(folder) / str(films), stacks, lengths), *wanted)
            (snakemake,) = (job for job in told if job.rule == "snakemake")
            inside = [job for job in told if job.rule != "snakemake"]
            seconds[films], jobs[films] = snakemake.whole_s, inside
            peaks[films] = (snakemake.peak_kib, max(job.peak_kib for job in inside))
    _, per_film, bend = line_through_ends(seconds)
    lines = [
        (
            *(str(films), str(len(jobs[films])), f"{seconds[films]:.1f} s", f"{_in_jobs(jobs[films]):.1f} s"),
            f"{seconds[films] - _in_jobs(jobs[films]):.1f} s",
            *(f"{peak / 1024:.0f}" for peak in peaks[films]),
        )
        for films in FILMS
    ]
    heads = ("films", "jobs", "whole run", "in jobs", "beside them", "MiB, Snakemake", "MiB, largest job")
    growth = max(peaks[FILMS[-1]][k] / peaks[FILMS[0]][k] - 1 for k in (0, 1))
    return Listing(
        f"Plates of {FILMS[0]} to {FILMS[-1]} films of {FRAMES_OF_A_FILM} frames, three jobs each, one core",
        heads,
        lines,
        f"{per_film:.2f} s per film; linear within {100 * abs(bend):.1f} % (at {FILMS[1]} films, start taken off); "
        f"memory grows by {100 * growth:.1f} % at most.",
    )


def line_through_ends(values: dict[int, float]) -> tuple[float, float, float]:
    """Draw a line through the smallest and the largest of three sizes.

    Parameters
    ----------
    values : dict
        Value by size, three of them.

    Returns
    -------
    start, slope : float
        Value at size 0 and growth per size.
    bend : float
        How far the middle lies off the line, relative to what it has beyond the start.
    """
    low, middle, high = sorted(values)
    slope = (values[high] - values[low]) / (high - low)
    start = values[low] - slope * low
    return start, slope, (values[middle] - start) / (slope * middle) - 1


def _in_jobs(jobs: Iterable[Job]) -> float:
    return sum(job.whole_s for job in jobs)


def _by_length(own: list[tuple[int, Job]], name: str) -> dict[int, float]:
    # The least: what else the machine does only adds.
    return {frames: min(getattr(job, name) for n, job in own if n == frames) for frames in FRAMES}


def _wanted(lengths: Iterable[str], *patterns: str) -> list[str]:
    files = [pattern.format(name) for name in lengths for pattern in patterns]
    return ["--configfile", "plate.yaml", "--config", "sheet=plate.tsv", "model=model", "--", *files]


def _plate(project: Path, stacks: dict, lengths: dict[str, int]) -> Path:
    """Lay out a project of films that go to and fro through the filmed frames, so that nuclei never leap."""
    project.mkdir(exist_ok=True)
    for name in ("Snakefile", "config.yaml"):
        shutil.copy(ROOT / name, project)
    for name in ("workflow", "envs", "profiles", "resources"):
        os.symlink(ROOT / name, project / name)
    shutil.copytree(MODEL, project / "model", ignore=shutil.ignore_patterns("unfinished"))
    (project / "plate.yaml").write_text(SETTINGS, encoding="utf-8")
    usual = {"cohort": "plate", "cell_line": "HeLa", "condition": "stained", "pixel_size_um": "0.325"}
    usual |= {"wavelength_nm": "550", "frame_interval_min": "10", "start_h": "0"}
    rows = ["\t".join(COLUMNS)]
    for sequence, frames in lengths.items():
        images = {name: f"{sequence}.{name}.ome.tif" for name in stacks}
        rows.append("\t".join((usual | images | {"sequence": sequence}).get(column, "NA") for column in COLUMNS))
        for name, film_frames in stacks.items():
            there_and_back = [*film_frames, *film_frames[-2:0:-1]]
            first = film_frames[0]
            write_stack(
                project / images[name],
                islice(cycle(there_and_back), frames),
                dtype=first.dtype,
                channels=[str(n) for n in range(len(first))],
                pixel_size_um=0.325,
                frame_interval_min=10,
            )
    (project / "plate.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return project
