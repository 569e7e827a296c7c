"""Linking: gaps, empty frames, crowds, bad input, and the assignment of TrackMate."""

import builtins
import logging

import numpy as np
import pytest
from livedead.desk.errors import DataError, SettingsError
from livedead.motion.lap import lap_links
from livedead.motion.linking import checked_positions, link_nuclei, trackpy_links, tracks_of_links

from tests.unit.motion.films import TRACK, film, nucleus, standing

TRACKERS = pytest.mark.parametrize("tracker", ["trackpy", "laptrack"])


def tracks(rows, frames, **settings):
    return link_nuclei(rows, frames, TRACK | settings).number.tolist()


@TRACKERS
def test_neighbours_keep_their_identity(tracker):
    rows = film(*(nucleus(frame, 20 * k + frame, 2 * frame) for k in range(5) for frame in range(6)))
    assert tracks(rows, 6, tracker=tracker) == [1, 2, 3, 4, 5] * 6


@TRACKERS
@pytest.mark.parametrize("missed", [1, 2, 3])
@pytest.mark.parametrize("memory", [0, 1, 2])
def test_a_gap_up_to_the_memory_is_bridged(tracker, missed, memory):
    rows = film(*standing(0, [0, 1, 2, 3 + missed, 4 + missed, 5 + missed]), *standing(100, range(8)))
    found = [t for row, t in zip(rows, tracks(rows, 9, tracker=tracker, memory=memory), strict=True) if not row["x_um"]]
    assert len(set(found)) == (1 if missed <= memory else 2)


@TRACKERS
def test_a_step_beyond_the_search_range_is_another_nucleus(tracker):
    rows = film(nucleus(0, 0), nucleus(1, 11.9), nucleus(2, 24.1))
    assert tracks(rows, 3, tracker=tracker, memory=0) == [1, 1, 2]


@TRACKERS
def test_a_film_may_be_empty_begin_late_have_one_frame_or_one_nucleus(tracker):
    assert tracks([], 5, tracker=tracker) == []
    assert tracks(film(nucleus(3, 0)), 5, tracker=tracker) == [1]
    assert tracks(film(nucleus(0, 0), nucleus(0, 5)), 1, tracker=tracker) == [1, 2]
    assert tracks(film(*standing(0, [2, 5])), 9, tracker=tracker) == [1, 1]


@TRACKERS
def test_the_order_of_the_rows_does_not_matter(tracker):
    rows = film(*(nucleus(frame, 20 * k + frame) for k in range(4) for frame in range(4)))
    shuffled = [rows[i] for i in np.random.default_rng(0).permutation(len(rows))]
    found = dict(zip(map(id, shuffled), tracks(shuffled, 4, tracker=tracker), strict=True))
    groups = {}
    for row, track in zip(rows, tracks(rows, 4, tracker=tracker), strict=True):
        groups.setdefault(track, set()).add(found[id(row)])
    assert all(len(group) == 1 for group in groups.values())


@pytest.mark.parametrize("frame", [0.5, None, float("nan"), -1, 4])
def test_frames_are_whole_numbers_of_the_film(frame):
    # trackpy itself would put frame 0.5 into frame 0, and link the cell to itself.
    with pytest.raises(DataError, match=f"nucleus 2 is of frame {frame} .wanted a whole number from 0 to 3"):
        checked_positions([nucleus(0, 0), nucleus(0, 0) | {"frame": frame}], 4)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None])
def test_positions_are_finite(value):
    with pytest.raises(DataError, match="nucleus 1 of frame 2 has x_um"):
        checked_positions([nucleus(2, value)], 4)


def crowd(count):
    position_um = np.random.default_rng(1).uniform(0, 12, (2 * count, 2))
    return np.repeat([0, 1], count), position_um


def test_a_crowd_is_linked_with_a_smaller_range():
    frame, position_um = crowd(40)
    position_um[40:] = position_um[:40] + 0.05
    reach = {"search_range_um": 12, "memory": 0, "adaptive_step": 0.8}
    links = trackpy_links(frame, position_um, adaptive_stop_um=0.1, **reach)
    assert np.mean(links[:, 1] - links[:, 0] == 40) > 0.9
    with pytest.raises(SettingsError, match="too many nuclei lie within 12 um .* lower track.search_range_um"):
        trackpy_links(frame, position_um, adaptive_stop_um=11, **reach)


def test_trackpy_is_quiet_and_left_as_it_was(capfd, caplog):
    logger = logging.getLogger("trackpy")
    before = logger.level
    assert tracks(film(*standing(0, range(3))), 3) == [1, 1, 1]
    assert logger.level == before
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


def test_branches_end_tracks():
    # 0 -> 1 -> {2, 3} -> 4: a split, then a merge.
    frame = np.array([0, 1, 2, 2, 3])
    found = tracks_of_links(frame, np.array([[0, 1], [1, 2], [1, 3], [2, 4], [3, 4]]))
    assert found.number.tolist() == [1, 1, 2, 3, 4]
    assert found.parents == {2: (1,), 3: (1,), 4: (2, 3)}


def test_splitting_only_where_it_is_allowed():
    mother, one, two = standing(50, range(4)), standing(45, range(4, 8)), standing(55, range(4, 8))
    rows = film(*mother, *one, *two)
    assert set(link_nuclei(rows, 8, TRACK | {"tracker": "laptrack"}).number) == {1, 2}
    found = link_nuclei(rows, 8, TRACK | {"tracker": "laptrack", "lap_splitting": True})
    assert set(found.number) == {1, 2, 3}
    assert found.parents == {2: (1,), 3: (1,)}


def test_memory_is_one_less_than_the_gap_of_trackmate():
    frame, position_um = np.array([0, 3]), np.zeros((2, 2))
    assert lap_links(frame, position_um, search_range_um=5, memory=2).tolist() == [[0, 1]]
    assert lap_links(frame, position_um, search_range_um=5, memory=1).tolist() == []


def test_an_absent_laptrack_is_named(monkeypatch):
    def without_laptrack(name, *rest, _import=builtins.__import__):
        if name == "laptrack":
            raise ImportError(name)
        return _import(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_laptrack)
    with pytest.raises(SettingsError, match="laptrack is not installed.*the extra laptrack"):
        tracks(film(nucleus(0, 0)), 1, tracker="laptrack")
