import numpy as np
import pytest
from livedead.desk.errors import DataError
from livedead.desk.tables import read_table, write_table
from livedead.motion.compared import TABLES, compare_arms
from livedead.motion.tracks import track_film

from tests.unit.motion.cohorts import films, tables
from tests.unit.motion.films import MASS, TRACK, film, nucleus

SETTINGS = {
    "scale": "ratio",
    "significance": 0.05,
    "confidence": 0.95,
    "resamples": 199,
    "summary_window_h": {"area": [0.5, 1], "dry_mass": [0.5, 1.5]},
}


def compared(found, **others):
    tracks, lives = tables(found)
    given = {"tracks": tracks, "lives": lives} | others
    return compare_arms(found, given["tracks"], given["lives"], SETTINGS, data="simulated", seed=1)


def unexplained(row):
    """Empty cells of a row that has no note."""
    return [] if row.get("note") else [name for name, value in row.items() if value is None and name != "note"]


def test_all_tables_and_their_numbers_agree(tmp_path):
    found = compared(films())
    assert found.keys() == TABLES.keys()
    for name, columns in TABLES.items():
        write_table(tmp_path / name, found[name], columns)
        again = read_table(tmp_path / name)
        assert [list(row) for row in again] == [columns] * len(found[name])
        for row, written in zip(found[name], again, strict=True):
            for column in columns:
                number = isinstance(row[column], float)
                assert written[column] == (pytest.approx(row[column], rel=1e-5) if number else row[column])
    arms = found["arms"]
    kept = {arm: sum(row["kept"] for row in arms if row["condition"] == arm) for arm in ("stained", "unstained")}
    assert kept == {"stained": 15, "unstained": 15}
    headline = {row["quantity"]: row["value"] for row in found["headline"]}
    assert (headline["n_stained"], headline["eligible_stained"]) == (15, 18)
    assert {(row["n_stained"], row["n_unstained"]) for row in found["comparison"]} == {(15, 15)}
    assert {row["n"] for row in found["timecourse"]} == {15}
    # Survival looks at all tracks that begin alive, kept or not.
    assert [row["at_risk"] for row in found["survival"] if row["time_h"] == 0] == [18, 18]
    assert {row["n_cells"] for row in found["models"]} == {30, 36}
    assert len({(row["quantity"], row["analysis"]) for row in found["models"]}) == len(found["models"]) == 14


def test_nothing_is_missing_without_its_reason():
    found = compared(films())
    assert [row for row in found["comparison"] if unexplained(row)] == []
    may_be_empty = {
        "intervals": {"mass"},  # of clusters only
        "timecourse": {"wavelength_nm", "refraction_increment", "halo_correction"},  # of the dry mass only
        "models": {"estimate", "low", "high", "df", "converged", "statistic"},
    }
    for name, rows in found.items():
        for row in rows:
            assert set(unexplained(row)) <= may_be_empty.get(name, set()), (name, row)


def test_no_track_survives():
    found = films()
    tracks, lives = tables(found)
    lives = [row | {"kept": False, "reason": "lost"} for row in lives]
    result = compared(found, lives=lives)
    assert {row["note"] for row in result["comparison"]} == {"no stained cell with a value: no test"}
    assert {row["points"] for row in result["intervals"]} == {0}
    assert [row["kept"] for row in result["arms"]] == [0] * 6
    assert all(row["note"] for row in result["models"])


def test_one_cell_in_an_arm():
    found = films(3, 1)
    tracks, lives = tables(found)
    lives = [row if row["sequence"] != "s4" or row["track"] == 0 else row | {"kept": False} for row in lives]
    result = compared(found, lives=[row | {"reason": row["reason"] if row["kept"] else "gaps"} for row in lives])
    assert {row["note"] for row in result["comparison"]} == {"one unstained cell with a value: no test"}
    assert {row["n"] for row in result["timecourse"] if row["condition"] == "unstained"} == {1}


def test_a_film_of_one_frame_has_nothing_to_compare():
    found = films()
    tracks, lives = tables(found)
    tracks = [row for row in tracks if row["frame"] == 0]
    result = compared(found, tracks=tracks, lives=[row | {"end_h": 0.0} for row in lives])
    assert result["comparison"] == []
    assert {row["note"] for row in result["intervals"]} >= {"no significant time"}


def test_films_without_any_nucleus_stop():
    with pytest.raises(DataError, match="no nucleus in the first frame"):
        compared(films(), tracks=[], lives=[])


def test_from_nuclei_to_tables():
    """Tracks as the tracking stage makes them: stained cells grow by a fifth from 1 to 2 h, one dies, one is lost."""
    rng = np.random.default_rng(0)
    found, tracks, lives = films(2, 2), [], []
    for one in found:
        rows = []
        for cell in range(8):
            for frame in range(5 if cell else 2):
                grown = 1.2 if one["condition"] == "stained" and 2 <= frame <= 4 else 1.0
                size = grown * (1 + rng.normal(0, 0.02))
                state = "dead" if cell == 1 and frame >= 3 else "live"
                more = {"area_um2": 200 * size, "dry_mass_pg": 50 * size, "state": state}
                rows.append(nucleus(frame, 40.0 * cell, sequence=one["sequence"], **more))
        tracked = track_film(film(*rows), one["sequence"], [0, 0.5, 1, 1.5, 2], TRACK, MASS)
        tracks += tracked.tracks
        lives += tracked.lives
    result = compared(found, tracks=tracks, lives=lives)
    assert [(row["eligible"], row["kept"], row["lost_dead"], row["lost_lost"]) for row in result["arms"]] == [
        (8, 6, 1, 1)
    ] * 4
    assert {(row["from_h"], row["to_h"]) for row in result["intervals"]} == {(1.0, 2.0)}
    deaths = {row["condition"]: row["deaths"] for row in result["survival"] if row["time_h"] == 1.5}
    assert deaths == {"stained": 2, "unstained": 2}
    censored = sum(row["censored"] for row in result["survival"] if row["time_h"] == 0.5)
    assert censored == 4
    assert {row["wavelength_nm"] for row in result["timecourse"] if row["quantity"] == "dry_mass"} == {550}
    assert [row["p"] for row in result["models"] if row["analysis"] == "well_permutation"] == pytest.approx([1 / 3] * 2)
