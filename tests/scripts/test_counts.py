"""Scripts of the counts, run without Snakemake from small stacks and tables."""

import re
import runpy
from types import SimpleNamespace

import numpy as np
import pytest
from livedead.desk.tables import read_table, write_table

from tests.scripts.jobs import Files
from tests.scripts.test_cells import ROOT, write

FILMS = [{"cohort": "c", "sequence": name, "films": 1, "without_network": 0} for name in ("s1", "s2")]


@pytest.fixture
def run_folder(tmp_path):
    """Two films of three frames, filmed and predicted; five objects in the first, of which one was too small."""
    folder = tmp_path / "c"
    folder.mkdir()
    for name in ("s1", "s2"):
        write(folder / f"{name}.raw.ome.tif", np.zeros((3, 4, 8, 8), np.uint16), list("abcd"))
        for kind, dtype in (("phase", np.float32), ("labels", np.uint8)):
            write(folder / f"{name}.{kind}.ome.tif", np.zeros((3, 1, 8, 8), dtype), [kind])
    for name, small in (("s1", 1), ("s2", 0)):
        counts = [{"frame": frame, "found": 5, "kept": 5 - small, "dropped_small": small} for frame in range(3)]
        write_table(folder / f"{name}.counts.tsv", counts)
        nuclei = [{"frame": row["frame"], "label": n} for row in counts for n in range(row["kept"])]
        write_table(folder / f"{name}.nuclei.tsv", nuclei)
    return folder


def check(folder):
    def of_films(what):
        return [str(folder / f"{name}.{what}") for name in ("s1", "s2")]

    source = Files(
        filmed=of_films("raw.ome.tif"),
        phase=of_films("phase.ome.tif"),
        predicted=of_films("labels.ome.tif"),
        object_counts=of_films("counts.tsv"),
        nuclei=of_films("nuclei.tsv"),
    )
    params = SimpleNamespace(
        told={"sheet": [FILMS, "the sheet"]},
        stacks=["phase", "predicted"],
        opened={"filmed": [film | {"files": 1, "channels": 4} for film in FILMS]},
    )
    return run("check_counts", source, Files(table=str(folder / "counts.tsv")), params)


def run(rule, source, output, params):
    log = [str(next(iter(vars(output).values()))) + ".log"]
    job = SimpleNamespace(rule=rule, log=log, input=source, output=output, params=params)
    runpy.run_path(str(ROOT / f"workflow/scripts/{rule}.py"), init_globals={"snakemake": job})


def test_counts_of_a_sound_run_add_up_and_are_laid_out(run_folder):
    check(run_folder)
    rows = read_table(run_folder / "counts.tsv")
    assert [(row["stage"], row["unit"], row["n_in"], row["n_out"], row["reasons"]) for row in rows] == [
        *[("phase", "frames", 3, 3, None)] * 2,
        ("split", "films", 2, 2, None),
        *[("predict", "frames", 3, 3, None)] * 2,
        ("predict", "nuclei", 15, 12, "small 3"),
        ("predict", "nuclei", 15, 15, None),
    ]
    page = Files(**{kind: str(run_folder / f"count_table.{kind}") for kind in ("html", "tsv", "caption")})
    run("count_table", Files(counts=str(run_folder / "counts.tsv")), page, SimpleNamespace())
    assert read_table(page.tsv) == rows
    assert "All 7 counts add up" in (run_folder / "count_table.caption").read_text()


def lose_a_row(folder):
    lines = (folder / "s2.nuclei.tsv").read_text().splitlines(keepends=True)
    (folder / "s2.nuclei.tsv").write_text("".join(lines[:-1]))


def hide_what_was_dropped(folder):
    rows = read_table(folder / "s1.counts.tsv")
    write_table(folder / "s1.counts.tsv", [row | {"dropped_small": 0} for row in rows])


def lose_a_frame(folder):
    write(folder / "s2.phase.ome.tif", np.zeros((2, 1, 8, 8), np.float32), ["phase"])


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (lose_a_row, "predict, c, s2: 15 nuclei in .*s2.counts.tsv, but 14 in .*s2.nuclei.tsv"),
        (hide_what_was_dropped, "predict, c, s1: 15 nuclei in .*s1.counts.tsv, but 12 in .*s1.nuclei.tsv"),
        (lose_a_frame, "phase, c, s2: 3 frames in .*s2.raw.ome.tif, but 2 in .*; predict, c, s2: 2 frames"),
    ],
)
def test_a_tampered_file_is_named(run_folder, capsys, tamper, said):
    tamper(run_folder)
    with pytest.raises(SystemExit):
        check(run_folder)
    message = capsys.readouterr().err
    assert message.startswith("check_counts: ") and "do not add up" in message
    assert re.search(said, message), message
    assert not (run_folder / "counts.tsv").exists()
