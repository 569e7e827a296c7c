from dataclasses import replace

import pytest
from livedead.desk.errors import SplitError
from livedead.desk.folds import leave_out

from tests.unit.desk.test_starts import REAL

ROWS = [
    replace(REAL, sequence=name, replicate=field)
    for name, field in (("a1", "a"), ("a2", "a"), ("a3", "a"), ("b1", "b"), ("c1", "c"))
]


def test_the_held_out_field_is_on_no_other_side():
    assert leave_out(ROWS, "b") == {"a1": "train", "a2": "train", "a3": "validation", "b1": "test", "c1": "train"}
    sides = leave_out(ROWS, "a")
    assert {sides[name] for name in ("a1", "a2", "a3")} == {"test"}
    assert sorted(sides[name] for name in ("b1", "c1")) == ["train", "validation"]


def test_images_without_truth_have_no_side():
    assert "p" not in leave_out([*ROWS, replace(REAL, sequence="p", replicate="b", labels=None)], "b")


def test_an_unknown_field_and_one_that_leaves_too_little_are_refused():
    with pytest.raises(SplitError, match="authors.held_out = d .wanted fields of the labelled cohort: a, b, c"):
        leave_out(ROWS, "d")
    with pytest.raises(SplitError, match="leaves 1 images"):
        leave_out(ROWS[2:4], "a")
