"""A full or read-only disk: one clear sentence, nothing half written, and the next run goes on."""

import subprocess
import sys

import keras
import numpy as np
import pytest
import yaml
from livedead.desk.errors import OutputError
from livedead.desk.files import check_writable, whole_file, write_archive
from livedead.desk.tables import write_table
from livedead.net.checkpoint import Checkpoint
from livedead.net.weight_files import save_weights
from livedead.optics.stacks import write_stack
from livedead.paper.files import Drawing, save_drawing
from livedead.paper.movie import save_movie
from matplotlib.figure import Figure

from tests.workflow.test_reruns import PHASE, SMALL

from .runs import leftovers, project

NOISE = np.random.default_rng(0).integers(0, 2**16, (4, 1, 512, 512), dtype=np.uint16)
FORM = {"dtype": "uint16", "channels": ["noise"], "pixel_size_um": 1, "frame_interval_min": 1}

pytestmark = pytest.mark.faults


@pytest.fixture
def disk(tmp_path):
    """Give a function that mounts a disk of some bytes on a folder."""
    mounted = []

    def mount(folder, options):
        folder.mkdir(exist_ok=True)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip(f"mounting a small disk is not permitted here: {done.stderr.strip()}")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", str(folder)], check=True)


def remount(folder, options):
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def network(path):
    layers = [keras.Input((600,)), keras.layers.Dense(600), keras.layers.Dense(600)]
    with whole_file(path) as weights:
        save_weights(keras.Sequential(layers), weights)


def figure(path, suffix):
    picture = Figure(figsize=(20, 20))
    picture.add_subplot().imshow(NOISE[0, 0])
    files = {name: f"{path}.{name}" for name in ("svg", "png", "tsv", "caption")}
    files[suffix] = path
    save_drawing(Drawing(picture, [{"x": "y" * 2_000_000}], "caption"), files)


WRITERS = {
    "table": lambda path: write_table(path, [{"x": "y" * 100}] * 20_000),
    "stack.tif": lambda path: write_stack(path, NOISE, **FORM),
    "packed.tif": lambda path: write_stack(path, NOISE, compression="zstd", **FORM),
    "state.npz": lambda path: Checkpoint(path.parent).save({}, {"noise": NOISE}, []),
    "model.weights.h5": network,
    "figure.svg": lambda path: figure(path, "svg"),
    "film.mp4": lambda path: save_movie(
        path, f"{path}.png", (np.uint8(frame[:3, ::2, ::2].repeat(3, 0).T) for frame in NOISE for _ in range(40)),
        frames_per_second=5, poster_frame=0,
    ),
    "archive.zip": lambda path: write_archive(path, [("noise", NOISE.tobytes())]),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITERS)
def test_every_writer_on_a_full_disk(disk, tmp_path, name):
    folder = disk(tmp_path / "disk", "size=256k")
    (folder / name).write_text("older")
    with pytest.raises(
        OutputError, match=r"disk/.*: not written, the disk is full \(.*; make room there and run again"
    ):
        WRITERS[name](folder / name)
    assert [path.name for path in folder.iterdir()] == [name]
    assert (folder / name).read_text() == "older"


@pytest.mark.parametrize("name", WRITERS)
def test_every_writer_on_a_disk_that_can_only_be_read(disk, tmp_path, name):
    folder = disk(tmp_path / "disk", "size=256k")
    (folder / name).write_text("older")
    remount(folder, "ro")
    with pytest.raises(OutputError, match=r"disk/.*: not written, .*/disk is on a disk that can only be read"):
        WRITERS[name](folder / name)
    assert [path.name for path in folder.iterdir()] == [name]
    with pytest.raises(OutputError, match="disk: nothing can be written in this folder"):
        check_writable(folder)


def snakemake(folder):
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--configfile", "small.yaml", "--", PHASE]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_run_on_a_full_disk_goes_on_when_there_is_room(disk, tmp_path):
    folder = project(tmp_path / "project")
    (folder / "small.yaml").write_text(yaml.safe_dump(SMALL), encoding="utf-8")
    results = disk(folder / "results", "size=300k,ro")
    status, screen = snakemake(folder)
    assert status != 0
    assert screen.split("Please correct:\n")[1].startswith("results: nothing can be written in this folder")
    assert "rule simulate" not in screen and leftovers(folder) == []
    remount(results, "size=300k,rw")
    status, screen = snakemake(folder)
    assert status != 0
    said = [line for line in screen.splitlines() if line.startswith("simulate_unstained: ")]
    assert len(said) == 1 and "the disk is full" in said[0] and "make room there and run again" in said[0]
    assert leftovers(folder) == [] and not list(results.rglob("*.tif"))
    remount(results, "size=50m")
    status, screen = snakemake(folder)
    assert status == 0, screen
    assert (folder / PHASE).exists() and leftovers(folder) == []
