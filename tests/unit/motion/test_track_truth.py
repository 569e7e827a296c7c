"""Tracks against true identities, and the linking itself on the true positions of a simulated film."""

import numpy as np
import pytest
from livedead.cells.stage_checks import CHECK_COLUMNS
from livedead.motion.linking import link_nuclei
from livedead.motion.track_truth import TRUTH_COLUMNS, check_tracks, judge_tracks, lasting_nuclei, match_to_truth

from tests.unit.motion.films import TRACK, truth_film


def true(frame, nucleus, x_um, **more):
    row = {"frame": frame, "nucleus": nucleus, "x_um": x_um, "y_um": 0.0, "area_um2": np.pi * 8**2, "state": "live"}
    return row | {"floating": False, "touches_border": False} | more


def seen(frame, x_um, track):
    return {"frame": frame, "x_um": x_um, "y_um": 0.0, "track": track}


def two(frames=4):
    return [true(frame, nucleus, 20.0 * nucleus) for frame in range(frames) for nucleus in (1, 2)]


def judged(detections, truth=None, memory=0):
    rows = judge_tracks(truth or two(), detections, 4, memory)
    return {row["nucleus"]: row for row in rows}


def perfect():
    return [seen(frame, 20.0 * nucleus, nucleus) for frame in range(4) for nucleus in (1, 2)]


def test_detections_are_matched_one_to_one_within_the_radius():
    truth = [true(0, 5, 0.0), true(0, 6, 12.0), true(1, 5, 0.0)]
    found = [seen(0, 7.0, 1), seen(0, 13.0, 2), seen(0, 40.0, 3), seen(1, 8.1, 1), seen(2, 0.0, 1)]
    assert match_to_truth(truth, found) == [5, 6, 0, 0, 0]
    # The nearest nucleus of both is 6, but one detection is one nucleus.
    assert match_to_truth(truth, [seen(0, 7.0, 1)]) == [6]


def test_perfect_tracks():
    rows = judged(perfect())
    assert all(row["whole"] and row["pure"] and row["track"] == nucleus for nucleus, row in rows.items())
    assert {(row["found"], row["tracks"], row["longest_gap"], row["other_nuclei"]) for row in rows.values()} == {
        (4, 1, 0, 0)
    }


def test_an_exchange_is_neither_whole_nor_pure():
    swapped = [row | {"track": 3 - row["track"] if row["frame"] > 1 else row["track"]} for row in perfect()]
    assert {(row["whole"], row["pure"]) for row in judged(swapped).values()} == {(False, False)}


def test_a_broken_track_is_pure_but_not_whole():
    broken = [row | {"track": 3} if (row["track"], row["frame"]) == (1, 3) else row for row in perfect()]
    assert (judged(broken)[1]["whole"], judged(broken)[1]["pure"], judged(broken)[1]["tracks"]) == (False, True, 2)
    assert judged(broken)[2]["whole"]


@pytest.mark.parametrize(("missed", "gap"), [({0}, 1), ({1, 2}, 2), ({2, 3}, 2), (set(), 0)])
def test_gaps_up_to_the_memory_are_allowed(missed, gap):
    found = [row for row in perfect() if row["track"] == 2 or row["frame"] not in missed]
    for memory in range(3):
        row = judged(found, memory=memory)[1]
        assert (row["longest_gap"], row["whole"]) == (gap, gap <= memory)


def test_a_nucleus_never_seen_is_not_whole():
    row = judged([seen(frame, 40.0, 2) for frame in range(4)])[1]
    assert (row["found"], row["track"], row["whole"], row["pure"]) == (0, None, False, False)
    unlinked = [row | {"track": None} for row in perfect()]
    assert (judged(unlinked)[1]["found"], judged(unlinked)[1]["whole"]) == (4, False)


def test_a_spurious_detection_in_a_track_is_no_other_nucleus():
    found = [row for row in perfect() if (row["track"], row["frame"]) != (1, 2)] + [seen(2, 29.9, 1)]
    assert judged(found, memory=1)[1]["pure"]


@pytest.mark.parametrize("flaw", [{"state": "dead"}, {"floating": True}, {"touches_border": True}])
def test_only_nuclei_alive_and_wholly_in_the_field_count(flaw):
    truth = [row | flaw if (row["nucleus"], row["frame"]) == (1, 3) else row for row in two()]
    assert lasting_nuclei(truth, 4) == [2]
    assert lasting_nuclei(two(3), 4) == []


def linked_truth(truth, frames, rng=None, missed=0.0, spurious=0.0, jitter_um=0.0):
    rng = rng or np.random.default_rng(0)
    found = [
        row | {axis: row[axis] + rng.normal(0, jitter_um) for axis in ("x_um", "y_um")}
        for row in truth
        if rng.random() >= missed
    ]
    found += [
        {"frame": int(rng.integers(frames)), "x_um": rng.uniform(0, 208), "y_um": rng.uniform(0, 208)}
        for _ in range(int(spurious * len(truth)))
    ]
    return [row | {"track": track} for row, track in zip(found, link_nuclei(found, frames, TRACK).number, strict=True)]


@pytest.mark.parametrize(
    ("noise", "least"), [({}, 0.99), ({"missed": 0.05, "spurious": 0.025, "jitter_um": 0.65}, 0.95)]
)
def test_true_positions_of_long_films_are_recovered_whole_and_pure(noise, least):
    rows = []
    for seed in range(8):
        # Twelve hours, a frame every 30 min, cells that mostly live on, a few that divide.
        truth = truth_film(seed, median_death_h=[40, 60])
        found = linked_truth(truth, 25, np.random.default_rng(seed), **noise)
        rows += judge_tracks(truth, found, 25, TRACK["memory"])
    assert len(rows) > 100
    assert np.mean([row["whole"] and row["pure"] for row in rows]) >= least


def test_checks_judge_every_cohort():
    rows = [{"cohort": "a", "sequence": "s1"} | row for row in judged(perfect()).values()]
    assert list(rows[0]) == TRUTH_COLUMNS
    rows.append(rows[0] | {"pure": False})
    limits = {"a": {"whole_tracks": 0.95}, "b": {"whole_tracks": 0.95}, "c": {"whole_tracks": None}}
    table = check_tracks([*rows, rows[0] | {"cohort": "c"}], limits)
    assert all(list(row) == CHECK_COLUMNS for row in table)
    name = "track: tracks alive over the whole film recovered whole and pure, {}"
    found = {row["check"]: row for row in table}
    assert found[name.format("a")]["value"] == pytest.approx(2 / 3)
    assert found[name.format("a")]["passed"] is False
    # Without any such nucleus there is nothing to judge, but the number says so.
    assert (found[name.format("b")]["value"], found[name.format("b")]["passed"]) == (None, None)
    assert found["track: nuclei alive over the whole film, b"]["value"] == 0
    assert (found[name.format("c")]["value"], found[name.format("c")]["passed"]) == (1, None)
    assert check_tracks(rows[:2], {"a": limits["a"]})[1]["passed"] is True
