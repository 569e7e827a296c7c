import pytest
from livedead.paper.times import nearest_frames, spread_frames


@pytest.mark.parametrize(
    "times, wanted, frames",
    [
        ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 6, 8.6], [1, 6, 9]),
        ([0, 0.5, 1.0], [6, 1, 8], [2]),
        ([2.0], [1, 6], [0]),
        ([3, 4, 5], [1, 4.4], [0, 1]),
    ],
)
def test_nearest_frames(times, wanted, frames):
    assert nearest_frames(times, wanted) == frames


def test_frames_are_spread_over_sequences_and_time():
    assert spread_frames({"a": 10, "b": 10, "c": 10}, 4) == [("a", 0), ("b", 3), ("c", 6), ("a", 9)]


def test_no_frame_is_shown_twice():
    assert spread_frames({"a": 1, "b": 1}, 4) == [("a", 0), ("b", 0)]
    assert spread_frames({"a": 5}, 1) == [("a", 0)]
