"""Lives: deaths, gaps, the window, and why a track is not compared."""

import pytest
from livedead.motion.lives import LIFE_COLUMNS, REASONS, area_jumps, death_of, last_window_frame, life_of

from tests.unit.motion.films import TRACK, standing


def life(rows, frames=10, **more):
    settings = TRACK | {key: more.pop(key) for key in list(more) if key in TRACK}
    about = {
        "last_frame": frames - 1,
        "film_last_frame": frames - 1,
        "jumps": 0,
        "truncated": False,
        "branched": False,
    } | more
    return life_of([row | {"track": 7} for row in rows], settings=settings, **about)


@pytest.mark.parametrize(
    ("calls", "death", "revivals"),
    [
        ("LLLL", None, 0),
        ("LDLL", None, 0),
        ("LLLD", None, 0),
        ("LLDD", 2, 0),
        ("LDLDDL", 3, 1),
        ("DDDD", 0, 0),
        ("DDLDDLL", 0, 2),
        ("", None, 0),
    ],
)
def test_a_death_is_two_dead_calls_in_a_row(calls, death, revivals):
    states = [{"L": "live", "D": "dead"}[call] for call in calls]
    assert death_of(states, 2) == (death, revivals)


def test_one_dead_call_is_enough_where_the_settings_say_so():
    assert death_of(["live", "dead", "live", "dead"], 1) == (1, 1)


def test_jumps_go_both_ways():
    assert area_jumps([100, 139, 100, 60, 60, 85], 1.4) == [False, False, False, True, False, True]
    assert area_jumps([100], 1.4) == [False]
    assert area_jumps([], 1.4) == []


def test_the_window_holds_the_frame_at_its_end():
    times_h = [0.1 * n for n in range(10)]
    assert last_window_frame(times_h, 0.3) == 3
    assert last_window_frame([h + 5 for h in times_h], 0.35) == 3
    assert last_window_frame(times_h, None) == last_window_frame(times_h, 100) == 9


def test_a_whole_life():
    found = life(standing(0, range(10)))
    assert list(found) == LIFE_COLUMNS
    assert (found["kept"], found["reason"], found["alive_throughout"], found["coverage"]) == (True, "kept", True, 1)
    assert (found["start_h"], found["end_h"], found["detections"], found["missed_frames"]) == (0, 4.5, 10, 0)
    assert (found["death_h"], found["death_observed"], found["track"]) == (None, False, 7)


def with_states(calls):
    return [
        row | {"state": "dead" if call == "D" else "live"}
        for row, call in zip(standing(0, range(len(calls))), calls, strict=True)
    ]


@pytest.mark.parametrize(
    ("rows", "reason", "more"),
    [
        (standing(0, range(1, 10)), "late", {}),
        (standing(0, range(10), touches_border=True), "border", {}),
        (with_states("LLLLDDDDDD"), "dead", {}),
        (with_states("LLLLDD"), "dead", {}),
        (standing(0, range(4)), "jump", {"truncated": True, "jumps": 1}),
        (standing(0, range(4)), "branched", {"branched": True}),
        (standing(0, range(7)), "lost", {}),
        (standing(0, [0, 1, 4, 6, 8, 9]), "gaps", {}),
        # What may be missed inside a track may be missed at its end.
        (standing(0, range(8)), "kept", {}),
        (standing(0, range(10), touches_border=True), "kept", {"exclude_border": False}),
        (standing(0, [0, 1, 4, 6, 8, 9]), "kept", {"min_coverage": 0.6}),
        # What happens after the window does not matter to it.
        (with_states("LLLLLLLLDD"), "kept", {"last_frame": 7}),
        (standing(0, range(10)), "kept", {"jumps": 2}),
    ],
)
def test_reasons(rows, reason, more):
    found = life(rows, **more)
    assert (found["reason"], found["kept"]) == (reason, reason == "kept")
    assert reason in ("kept", "late", *REASONS)


def test_death_has_its_time_even_after_the_window():
    found = life(with_states("LLLLLLLLDD"), last_frame=5)
    assert (found["death_h"], found["death_observed"], found["alive_throughout"]) == (4.0, True, True)
    assert life(with_states("LLLDDDLDDD"))["revivals"] == 1


def test_a_loss_after_the_window_is_one_before_the_end_of_the_film():
    for last, wanted in ((9, True), (7, True), (6, False), (5, False)):
        found = life(standing(0, range(last + 1)), last_frame=5)
        assert (found["ends_at_end"], found["ends_with_film"]) == (True, wanted)


def test_missed_frames_and_coverage():
    found = life(standing(0, [0, 1, 4, 5, 6, 7, 8, 9]))
    assert (found["missed_frames"], found["coverage"], found["kept"]) == (2, 0.8, True)
    assert (found["begins_at_start"], found["ends_at_end"]) == (True, True)
