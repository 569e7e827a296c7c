import numpy as np
import pytest
from livedead.cells.same_nuclei import compare_films


def film(*frames):
    """A prediction whose softmax is sure of its labels."""
    labels = [np.asarray(frame, np.uint8)[None] for frame in frames]
    sure = [np.concatenate([frame == 1, frame == 2, frame == 0]).astype(np.uint8) * 255 for frame in labels]
    return {"semantic": labels, "probability": sure, "channels": ("live", "dead", "background")}


def squares(states, shift=0, side=10):
    """A row of squares of the given labels, 24 pixels apart; 0 is no square."""
    image = np.zeros((20, 24 * len(states)), int)
    for place, state in enumerate(states):
        image[4 : 4 + side, 24 * place + 4 + shift : 24 * place + 4 + shift + side] = state
    return image


def compared(*pairs, **nuclei):
    settings = {"min_area_um2": 20, "split_distance_um": 6} | nuclei
    return compare_films(pairs, [1.0] * len(pairs), **settings)


@pytest.mark.parametrize(
    ("other", "differences", "unequal_px"),
    [
        (squares([1, 2, 1]), (0, 0, 0), 0),
        (squares([1, 1, 1]), (0, 0, 1), 100),
        (squares([1, 2, 0]), (1, 0, 0), 100),
        (squares([1, 2, 1], side=11), (0, 0, 0), 63),
        # Moved by three pixels a square shares 70 of 130 pixels with itself, by four 60 of 140.
        (squares([1, 2, 1], shift=3), (0, 0, 0), 180),
        (squares([1, 2, 1], shift=4), (3, 3, 0), 240),
    ],
)
def test_nuclei_of_one_frame(other, differences, unequal_px):
    found = compared((film(squares([1, 2, 1])), film(other)))
    assert (found["missed_nuclei"], found["new_nuclei"], found["other_state_nuclei"]) == differences
    assert found["pixels"] - found["equal_pixels"] == unequal_px
    assert (found["frames"], found["pixels"], found["nuclei"]) == (1, 20 * 72, 3)


def test_new_nuclei_and_those_that_are_too_small():
    three, four = film(squares([1, 2, 1, 0])), film(squares([1, 2, 1, 2]))
    assert compared((three, four))["new_nuclei"] == 1
    assert compared((three, four), min_area_um2=101)["new_nuclei"] == 0
    assert compared((three, four), min_area_um2=101)["nuclei"] == 0


def test_frames_and_films_add_up():
    first = film(squares([1, 2]), squares([1, 0])), film(squares([1, 1]), squares([0, 0]))
    second = film(squares([2, 2])), film(squares([2, 2]))
    assert compared(first, second) == {
        "frames": 3,
        "pixels": 3 * 20 * 48,
        "equal_pixels": 3 * 20 * 48 - 200,
        "nuclei": 5,
        "missed_nuclei": 1,
        "new_nuclei": 0,
        "other_state_nuclei": 1,
    }
