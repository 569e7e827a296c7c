"""Scripts of the comparison of stained and unstained cells, run without Snakemake on tables made by hand."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from livedead.cells.stage_checks import CHECK_COLUMNS
from livedead.desk.tables import read_table, write_table
from livedead.motion.compared import TABLES

from tests.scripts.jobs import Files
from tests.unit.motion.cohorts import films, tables

ROOT = Path(__file__).resolve().parents[2]
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())


def run(rule, source, output, **params):
    log = str(Path(next(iter(vars(output).values()))).parent / f"{rule}.log")
    job = SimpleNamespace(rule=rule, log=[log], input=source, output=output, params=SimpleNamespace(**params))
    runpy.run_path(str(ROOT / f"workflow/scripts/{rule}.py"), init_globals={"snakemake": job})
    return Path(log).read_text()


def compare(folder, found):
    tracks, lives = tables(found, cells=8, frames=25, seed=3)
    paths = {"tracks": [], "lives": []}
    for film in found:
        for kind, rows in (("tracks", tracks), ("lives", lives)):
            paths[kind].append(str(folder / f"{film['sequence']}.{kind}.tsv"))
            write_table(paths[kind][-1], [row for row in rows if row["sequence"] == film["sequence"]])
    output = Files(**{name: str(folder / f"{name}.tsv") for name in TABLES})
    settings = CONFIG["compare"] | {"resamples": 199}
    log = run("compare_arms", Files(**paths), output, settings=settings, films=found, data="simulated", seed=1)
    return output, log


def test_from_tracks_to_checks(tmp_path):
    output, log = compare(tmp_path, films())
    assert "n_stained = 21 cells" in log
    for name, columns in TABLES.items():
        rows = read_table(output[name])
        assert rows and all(list(row) == columns for row in rows), name
    assert {row["wells"] for row in read_table(output.timecourse)} == {3}

    checks = Files(table=str(tmp_path / "windows.tsv"))
    swelling = CONFIG["simulate"]["kinetics"]["swelling"]
    given = {"swelling": {"c": [swelling, swelling]}, "limits": {"c": CONFIG["checks"]}, "levels": {"c": 0.05}}
    source = Files(intervals=[output.intervals], comparison=[output.comparison])
    log = run("check_windows", source, checks, cohorts=["c"], **given)
    rows = read_table(checks.table)
    assert [list(row) for row in rows] == [CHECK_COLUMNS] * 2
    assert [(row["value"], row["passed"]) for row in rows] == [(0, True)] * 2
    assert "2 checks, 0 failed" in log


def test_no_simulated_cohort_is_an_empty_table(tmp_path):
    checks = Files(table=str(tmp_path / "windows.tsv"))
    run("check_windows", Files(intervals=[], comparison=[]), checks, cohorts=[], swelling={}, limits={}, levels={})
    assert read_table(checks.table) == []


def test_films_of_other_times_are_one_sentence(tmp_path, capsys):
    found = films(1, 1)
    tracks, lives = tables(found)
    write_table(tmp_path / "a.tsv", [r | {"time_h": r["time_h"] * (2 if r["sequence"] == "s2" else 1)} for r in tracks])
    write_table(tmp_path / "b.tsv", lives)
    source = Files(tracks=[str(tmp_path / "a.tsv")], lives=[str(tmp_path / "b.tsv")])
    output = Files(**{name: str(tmp_path / f"{name}.tsv") for name in TABLES})
    with pytest.raises(SystemExit):
        run("compare_arms", source, output, settings=CONFIG["compare"], films=found, data="real", seed=1)
    message = capsys.readouterr().err
    assert message.count("\n") == 1 and "frame 1 is at 0.5 h in s1 and at 1 h in s2" in message
    assert not (tmp_path / "timecourse.tsv").exists()
