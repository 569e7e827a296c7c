"""Live mode, from files that appear to rows, page and picture; its loop alone, and once with a network and a kill."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from livedead.cells.live_counts import LIVE_COLUMNS
from livedead.commands.live import TABLE, _ended_by_signals, _parser, main
from livedead.commands.live_run import LiveRun
from livedead.commands.live_view import PAGE, PICTURE, LiveView
from livedead.desk.errors import DataError, ImageError
from livedead.desk.live_sets import LiveSets, Numbers
from livedead.desk.live_table import LiveTable
from livedead.desk.tables import read_table
from livedead.optics.image_files import tiff_bytes
from livedead.optics.stacks import write_stack
from matplotlib.image import imread

from tests.unit.optics.conftest import film

ROOT = Path(__file__).parents[3]
PATTERN = "f1_t{t}_m{m}.tif"
QUICK = ["--settle", "0.2", "--patience", "3", "--poll", "0.05", "--refresh", "0.1"]


class WordAssay:
    """Stands for retrieval and network: a file is a word; `dark` cannot be counted, what has no end cannot be read."""

    def __init__(self):
        self.counted = []

    def read(self, paths):
        words = [path.read_text() for path in paths]
        for path, word in zip(paths, words, strict=True):
            if word == "odd":
                raise KeyError("a decoder's own error")
            if not word.endswith("."):
                raise ImageError(f"{path}: cut off\n after {len(word)} bytes")
        return words

    def origin(self, path):
        return None

    def retrieve(self, words):
        if "dark." in words:
            raise DataError("no light")
        return words

    def count(self, words):
        self.counted.append(words)
        numbers = {"n_live": 3, "n_dead": 1, "live_fraction": 0.75, "low": 0.3, "high": 0.95, "n_uncertain": 0}
        return numbers | dict.fromkeys(("retrieval_ms", "prediction_ms", "counting_ms"), 1.0), np.zeros((4, 8, 8))


class Bench:
    """A loop with `WordAssay` on a folder of its own."""

    def __init__(self, folder):
        self.folder, self.out, self.lines, self.assay = folder / "in", folder / "out", [], WordAssay()
        self.folder.mkdir()

    def write(self, t, *words):
        for m, word in enumerate(words):
            (self.folder / f"f1_t{t}_m{m}.tif").write_text(word)

    def run(self, feed=lambda: None, **changes):
        sets = LiveSets(PATTERN, 2, settle_s=0.05, patience_s=0.6, done=Numbers())
        view = LiveView(
            self.out, title="test", confidence=0.95, refresh_s=0.05, draw=lambda seen: seen.astype(np.uint8)
        )
        with LiveTable(self.out / "live.tsv", LIVE_COLUMNS, "abc") as table:
            run = LiveRun(self.folder, sets, table, self.assay, view, lambda t: t / 2, self.lines.append)
            before = run.go_on()
            feeder = threading.Thread(target=feed)
            feeder.start()
            run.watch(threading.Event(), **({"poll_s": 0.01, "until_idle_s": 0.4} | changes))
            feeder.join()
        return before

    @property
    def rows(self):
        return read_table(self.out / "live.tsv")


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def test_every_time_point_gets_one_row_whatever_becomes_of_it(bench):
    bench.write(4, "a.", "b.")
    bench.write(1, "a.", "b.")
    bench.write(2, "dark.", "b.")
    bench.write(3, "broken", "b.")
    bench.write(6, "alone.")
    bench.write(7, "odd", "b.")

    def feed():
        time.sleep(0.2)
        bench.write(0, "half", "of")
        time.sleep(0.3)
        bench.write(0, "half.", "of it.")

    bench.run(feed)
    rows = bench.rows
    assert [row["t"] for row in rows[:3]] == [1, 2, 4]
    assert sorted(row["t"] for row in rows) == [0, 1, 2, 3, 4, 6, 7]
    of = {row["t"]: row for row in rows}
    assert {t: row["reason"] for t, row in of.items() if row["reason"]} == {
        2: "f1_t2_m0.tif: no light",
        3: "f1_t3_m0.tif: cut off after 6 bytes",
        6: "frames m 0 alone (wanted 2 that follow one another)",
        7: 'one of f1_t7_m0.tif, f1_t7_m1.tif: "a decoder\'s own error"',
    }
    assert of[4] | {"reading_ms": 0} == dict.fromkeys(LIVE_COLUMNS) | {
        "t": 4, "time_h": 2, "n_live": 3, "n_dead": 1, "live_fraction": 0.75, "low": 0.3, "high": 0.95,
        "n_uncertain": 0, "retrieval_ms": 1, "prediction_ms": 1, "counting_ms": 1, "reading_ms": 0,
    }  # fmt: skip
    assert ["half.", "of it."] in bench.assay.counted and len(bench.assay.counted) == 3
    assert len(bench.lines) == 7
    assert "t 4  2 h  live 3  dead 1  75.0 % (30.0 to 95.0 %)  retrieval 1 ms  prediction 1 ms" in bench.lines
    assert "t 3  1.5 h  skipped: f1_t3_m0.tif: cut off after 6 bytes" in bench.lines
    page = (bench.out / "live.html").read_text()
    assert "Ended" in page and "3 time points counted" in page and "4 skipped" in page
    assert imread(bench.out / "live.png").shape[:2] == (8, 8)


def test_a_second_run_goes_on_with_what_is_not_there_yet(bench):
    bench.write(0, "a.", "b.")
    bench.write(1, "bad", "b.")
    assert bench.run() == 0
    before = (bench.out / "live.tsv").read_bytes()
    bench.write(1, "good.", "b.")
    bench.write(2, "c.", "d.")
    (bench.out / "live.tsv").write_bytes(before + b"2\t1\t3")
    assert bench.run() == 2
    assert (bench.out / "live.tsv").read_bytes().startswith(before)
    assert [row["t"] for row in bench.rows] == [0, 1, 2]
    assert bench.assay.counted == [["a.", "b."], ["c.", "d."]]
    assert "2 time points counted" in (bench.out / "live.html").read_text()


def test_a_folder_that_is_gone_for_a_while_is_waited_for(bench):
    bench.write(0, "a.", "b.")
    away = bench.folder.with_name("away")

    def feed():
        while not (bench.out / "live.png").exists():
            time.sleep(0.01)
        bench.folder.rename(away)
        time.sleep(0.15)
        away.rename(bench.folder)
        bench.write(1, "a.", "b.")

    bench.run(feed)
    assert [row["t"] for row in bench.rows] == [0, 1]
    assert len([line for line in bench.lines if "cannot be read, trying on" in line]) == 1


def test_ctrl_c_ends_after_the_time_point_and_twice_at_once():
    stop, before = threading.Event(), signal.default_int_handler
    # Not that of these tests: started in the background, they would ignore the signal.
    outside = signal.signal(signal.SIGINT, before)
    with _ended_by_signals(stop):
        signal.raise_signal(signal.SIGINT)
        assert stop.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.signal(signal.SIGINT, outside) is before


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    import keras
    from livedead.net.channels import CHANNELS
    from livedead.net.eunet import build_eunet

    folder = tmp_path_factory.mktemp("model")
    settings = {"batch_norm_epsilon": 0.001, "input_scaling": "window", "input_window": [-0.6, 2.4]}
    card = {"encoder": "B0", "classes": list(CHANNELS), "settings": settings, "seed": 1}
    keras.utils.set_random_seed(2)  # of those tried, one that sees nuclei
    build_eunet("B0").save_weights(folder / "model.weights.h5")
    (folder / "model_card.json").write_text(json.dumps(card))
    return folder


@pytest.fixture(scope="module")
def raw():
    """Camera counts of two time points, (4, 128, 128): phase of 64 x 64."""
    return [frame.raw[:, :128, :128] for frame in film(seed=2, times_h=(0.0, 1.0))]


def drop(folder, t, raw, marks=range(4)):
    for m in marks:
        (folder / f"f1_t{t}_m{m}.tif").write_bytes(tiff_bytes(raw[t % 2][m]))


def test_a_killed_run_is_taken_up_and_nothing_is_counted_twice(tmp_path, model, raw, capsys):
    watched, out = tmp_path / "in", tmp_path / "out"
    watched.mkdir()
    drop(watched, 3, raw)
    drop(watched, 1, raw)
    drop(watched, 2, raw, [0, 1])
    command = [str(watched), str(model), "--pattern", PATTERN, "--pixel-size-um", "0.325", "--interval-min", "30"]
    command += ["--output", str(out), *QUICK, "--patience", "60"]
    first = subprocess.Popen(
        [sys.executable, "-m", "livedead.commands.live", *command],
        env=os.environ | {"PYTHONPATH": str(ROOT / "workflow/scripts")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        while first.poll() is None and not (
            (out / "live.tsv").exists() and len((out / "live.tsv").open().readlines()) == 4
        ):
            time.sleep(0.05)
        assert first.poll() is None, first.stdout.read()
    finally:
        first.kill()
        first.communicate()
    before = (out / "live.tsv").read_bytes()
    assert [row["t"] for row in read_table(out / "live.tsv")] == [1, 3]
    # A kill may come in the middle of a row.
    (out / "live.tsv").write_bytes(before + b"4\t2\t1")

    def feed():
        whole = tiff_bytes(raw[0][2])
        drop(watched, 2, raw, [3])
        (watched / "f1_t2_m2.tif").write_bytes(whole[: len(whole) // 2])
        drop(watched, 5, raw)
        (watched / "f1_t5_m1.tif").write_bytes(b"II*\0 no image")
        while len((out / "live.tsv").open().readlines()) < 4:
            time.sleep(0.05)
        time.sleep(1)
        (watched / "f1_t2_m2.tif").write_bytes(whole)
        drop(watched, 4, raw)
        drop(watched, 0, raw)

    feeder = threading.Thread(target=feed)
    feeder.start()
    assert main([*command, "--patience", "4", "--until-idle", "1"]) == 0
    feeder.join()
    assert (out / "live.tsv").read_bytes().startswith(before)
    rows = {row["t"]: row for row in read_table(out / "live.tsv")}
    assert sorted(rows) == [0, 1, 2, 3, 4, 5] == sorted(row["t"] for row in read_table(out / "live.tsv"))
    assert "f1_t5_m1.tif: " in rows[5]["reason"] and rows[5]["n_live"] is None
    # The same images give the same counts, before and after the kill, and in any order.
    seen = [name for name in LIVE_COLUMNS[2:10] if name != "warnings"]
    for same in ((0, 2, 4), (1, 3)):
        assert len({tuple(rows[t][name] for name in seen) for t in same}) == 1
        assert all(rows[t]["reason"] is None and rows[t]["retrieval_ms"] > 0 for t in same)
    assert all(row["n_live"] + row["n_dead"] + row["n_uncertain"] > 0 for t, row in rows.items() if t != 5)
    assert [rows[t]["time_h"] for t in (1, 3)] == [0.5, 1.5]
    said = capsys.readouterr().out
    assert "2 time points are done" in said and "6 time points, 1 of them skipped, 4 new" in said
    assert "t 5  2.5 h  skipped: f1_t5_m1.tif: " in said
    assert imread(out / "live.png").shape[:2] == (64, 64)
    assert "Ended" in (out / "live.html").read_text()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"folder": "nowhere"}, "nowhere: no such folder (wanted the one in which frames appear)"),
        ({"model": "nowhere"}, "model = nowhere is not there"),
        ({"--pattern": "f1_m{m}.tif"}, "pattern f1_m{m}.tif: no {t} in it"),
        ({"--pixel-size-um": "0"}, "--pixel-size-um is 0 (wanted a number above 0)"),
        ({"--patience": "0.1"}, "--patience is 0.1 s (wanted more than --settle"),
        ({"--configfile": "mine.yaml"}, "mine.yaml: no such file of settings"),
        ({"--cohort": "none"}, "--cohort none: no such cohort in the settings"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(tmp_path, monkeypatch, capsys, change, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    given = {"folder": "in", "model": "in", "--pattern": PATTERN, "--pixel-size-um": "0.325"} | change
    options = [part for name, value in given.items() if name.startswith("--") for part in (name, value)]
    assert main([given["folder"], given["model"], *options]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1 and said[0].startswith("live: ") and words in said[0]
    assert not (tmp_path / "live").exists()


def test_a_pixel_size_that_the_files_deny_ends_the_run_and_the_right_one_begins_anew(tmp_path, model, raw, capsys):
    watched = tmp_path / "in"
    watched.mkdir()
    for m, frame in enumerate(raw[0]):
        scale = {"pixel_size_um": 0.1625, "frame_interval_min": 30}
        write_stack(watched / f"f1_t0_m{m}.tif", [frame[None]], dtype="uint16", channels=["a"], **scale)
    command = [str(watched), str(model), "--pattern", PATTERN, "--output", str(tmp_path / "out"), *QUICK]
    assert main([*command, "--pixel-size-um", "0.325"]) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert "f1_t0_m0.tif" in said
    assert "the file says 0.1625 um per pixel, the command pixel_size_um = 0.325" in said
    assert read_table(tmp_path / "out/live.tsv") == []
    assert main([*command, "--pixel-size-um", "0.1625", "--until-idle", "0.5"]) == 0
    (row,) = read_table(tmp_path / "out/live.tsv")
    assert row["t"] == 0 and row["reason"] is None


def test_another_network_does_not_go_on_with_a_table(tmp_path, model, capsys):
    (tmp_path / "out").mkdir()
    lines = ["# made with something", "\t".join(LIVE_COLUMNS), "\t".join(["0"] * len(LIVE_COLUMNS))]
    (tmp_path / "out/live.tsv").write_text("\n".join(lines) + "\n")
    options = ["--pattern", PATTERN, "--pixel-size-um", "0.325", "--output", str(tmp_path / "out")]
    assert main([str(tmp_path), str(model), *options]) == 1
    assert "made with other settings, another network" in capsys.readouterr().err


def section(page, title):
    return (ROOT / "docs" / page).read_text(encoding="utf-8").partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_the_documents_name_every_column_file_and_option():
    text = section("outputs.md", "live")
    assert [column for column in LIVE_COLUMNS if f"`{column}`" not in text] == []
    assert [name for name in (TABLE, PAGE, PICTURE) if f"| `{name}` |" not in text] == []
    shown = set(re.findall(r"--[a-z][a-z-]+", section("own_plate.md", "While the microscope runs")))
    assert "--patience" in shown and shown <= set(_parser().format_help().split())
