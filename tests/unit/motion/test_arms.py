import pytest
from livedead.desk.errors import DataError
from livedead.motion.arms import ARM_COLUMNS, count_arms

from tests.unit.motion.cohorts import films, tables


def test_numbers_add_up():
    found = films(2, 1)
    rows = count_arms(found, *tables(found, cells=5))
    assert [(row["condition"], row["well"]) for row in rows] == [
        ("stained", "w1"),
        ("stained", "w2"),
        ("unstained", "w3"),
    ]
    for row in rows:
        assert list(row) == ARM_COLUMNS
        assert (row["nuclei_at_start"], row["not_linked"], row["eligible"]) == (6, 1, 5)
        assert (row["kept"], row["lost_lost"], row["lost_dead"]) == (4, 1, 0)


def test_films_of_one_well_are_one_row():
    found = [film | {"well": "w1"} for film in films(2, 0)]
    (row,) = count_arms(found, *tables(found, cells=5))
    assert (row["eligible"], row["kept"]) == (10, 8)


def test_a_track_that_begins_late_is_no_loss():
    found = films(1, 0)
    tracks, lives = tables(found, cells=3)
    late = {"sequence": "s1", "track": 9, "begins_at_start": False, "kept": False, "reason": "late"}
    assert count_arms(found, tracks, [*lives, late]) == count_arms(found, tracks, lives)


def test_what_does_not_add_up_is_refused():
    found = films(1, 0)
    tracks, lives = tables(found, cells=3)
    with pytest.raises(DataError, match=r"stained well w1 \(s1\): 3 nuclei .* but 2 tracks begin"):
        count_arms(found, tracks, lives[1:])
    lives[-1] = lives[-1] | {"reason": "bored"}
    with pytest.raises(DataError, match="for the reason bored"):
        count_arms(found, tracks, lives)
