import pytest
from livedead.desk.errors import DataError
from livedead.motion.early_deaths import (
    CALLS,
    EARLY_COLUMNS,
    EARLY_COUNT_COLUMNS,
    count_outcomes,
    early_deaths,
    follow_calls,
)

from tests.unit.optics.conftest import film

TRACKING = {"tracker": "trackpy", "search_range_um": 10, "memory": 1, "adaptive_stop_um": 3, "adaptive_step": 0.9}
HOURS = [float(hour) for hour in range(7)]


def nucleus(place, calls, p_dead=0.9):
    """Rows of one nucleus, one word per frame: stain and network as initials, `-` where it was not found."""
    words = {"l": "live", "d": "dead", "m": "missed"}
    return [
        {
            "sequence": "s",
            "frame": frame,
            "label": place,
            "x_um": 40.0 * place + frame,
            "y_um": 30.0,
            "touches_border": False,
            "true_state": words[call[0]],
            "predicted_state": words[call[1]],
            "p_dead": p_dead,
        }
        for frame, call in enumerate(calls.split())
        if call != "-"
    ]


def follow(*nuclei, times_h=HOURS, early_death_h=2.0):
    rows = [row for one in nuclei for row in one]
    return follow_calls(rows, times_h, TRACKING, early_p_dead=0.5, early_death_h=early_death_h)


def test_a_death_that_the_stain_confirms_in_time():
    rows = early_deaths(follow(nucleus(1, "ll ld ld dd dd dd dd")))
    assert [list(row) for row in rows] == [EARLY_COLUMNS] * 2
    assert [(row["frame"], row["stain_dead_h"], row["lead_h"], row["outcome"]) for row in rows] == [
        (1, 3.0, 2.0, "confirmed"),
        (2, 3.0, 1.0, "confirmed"),
    ]
    assert rows[0]["confirmed"] is True and rows[0]["time_h"] == 1.0
    assert (rows[0]["stain_dead_frame"], rows[0]["stain_dead_x_um"]) == (3, 43.0)


@pytest.mark.parametrize(
    ("calls", "outcome", "stain_dead_h"),
    [
        ("ld ll ll dd dd dd dd", "not_confirmed", 3.0),
        ("ld ll ll ll ll ll ll", "not_confirmed", None),
        ("ld ll - - - - -", "lost", None),
        ("ld - - - - - -", "lost", None),
        ("ld - dd dd dd dd dd", "confirmed", 2.0),
        ("- - - - - ld ll", "film_ended", None),
        ("- - - - - - ld", "film_ended", None),
        ("- - - - ld ll ll", "not_confirmed", None),
        ("- - - - - ld dd", "confirmed", 6.0),
    ],
)
def test_what_became_of_a_candidate(calls, outcome, stain_dead_h):
    [row] = early_deaths(follow(nucleus(1, calls)))
    assert (row["outcome"], row["stain_dead_h"]) == (outcome, stain_dead_h)
    assert row["confirmed"] == (outcome == "confirmed")


def test_another_nucleus_that_dies_confirms_nothing():
    rows = early_deaths(follow(nucleus(1, "ld ll ll ll ll ll ll"), nucleus(2, "ll ll dd dd dd dd dd")))
    assert [(row["label"], row["outcome"]) for row in rows] == [(1, "not_confirmed")]


def test_an_unsure_call_is_no_candidate_but_is_counted():
    followed = follow(nucleus(1, "ld dd dd", p_dead=0.4), nucleus(2, "ll lm dm"))
    assert early_deaths(followed) == []
    assert sorted(row["network_call"] for row in followed) == ["dead_unsure", "live", "missed"]


def test_times_with_rounding_errors_are_equal():
    times_h = [0.1 * 3, 0.1 * 3 + 1.5, 0.1 * 3 + 3.0]
    [row] = early_deaths(follow(nucleus(1, "ld ll dd"), times_h=times_h, early_death_h=3.0))
    assert row["outcome"] == "confirmed"


def test_counts_hold_every_nucleus_that_the_stain_calls_live():
    followed = follow(nucleus(1, "ld ld dd"), nucleus(2, "ll ll ll"), nucleus(3, "dd dd dd"))
    counts = count_outcomes(followed, ["s", "empty"])
    assert [list(row) for row in counts] == [EARLY_COUNT_COLUMNS] * 8
    assert [row["network_call"] for row in counts[:4]] == list(CALLS)
    assert sum(row["nuclei"] for row in counts) == 5
    assert counts[0] == {
        "sequence": "s",
        "network_call": "dead",
        "nuclei": 2,
        "confirmed": 2,
        "not_confirmed": 0,
        "lost": 0,
        "film_ended": 0,
    }


def test_a_film_without_nuclei_gives_nothing():
    assert follow_calls([], HOURS, TRACKING, early_p_dead=0.5, early_death_h=2) == []


def test_foreign_states_are_refused():
    rows = nucleus(1, "ll ll")
    rows[1]["predicted_state"] = "injured"
    with pytest.raises(DataError, match=r"frame 1 is live by the stain and injured by the network \(wanted live"):
        follow(rows)


def test_condensed_nuclei_of_simulated_apoptosis_are_early_deaths():
    """A perfect reader of shapes on a simulated film: what is found agrees with the known identities."""
    times_h = [1.5 * frame for frame in range(6)]
    frames = film(
        seed=5,
        times_h=times_h,
        stained=False,
        kinetics__death="apoptosis",
        kinetics__median_death_h=[5.0, 5.0],
        population__cells_per_mm2=[1000, 1000],
        population__least_distance_um=20,
    )
    # Floating cells lie above others and go far.
    truth = [row for frame in frames for row in frame.truth if not row["floating"]]
    deaths = {}
    for row in truth:
        if row["state"] == "dead":
            deaths.setdefault(row["nucleus"], row["time_h"])
    matches = [
        row
        | {"sequence": "s", "label": row["nucleus"], "true_state": row["state"], "p_dead": 0.9}
        | {"predicted_state": "dead" if row["condensed"] else row["state"]}
        for row in truth
    ]
    found = early_deaths(follow_calls(matches, times_h, TRACKING, early_p_dead=0.5, early_death_h=4.5))
    assert len(found) >= 5
    assert len(found) == sum(row["condensed"] and row["state"] == "live" for row in truth)
    right = [row["stain_dead_h"] == deaths.get(row["label"]) for row in found]
    assert sum(right) >= 0.9 * len(found)
    # Rupture follows condensation within the config's time, so the stain never stays live for long.
    assert not [row for row in found if row["outcome"] == "not_confirmed"]
    assert sum(row["confirmed"] for row in found) >= 0.6 * len(found)
