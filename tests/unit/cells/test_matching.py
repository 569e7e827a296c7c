"""Matching on a scene whose table is worked out by hand."""

import numpy as np
import pytest
from livedead.cells.matching import match_nuclei
from livedead.cells.scores import count_outcomes, merged_components
from livedead.desk.errors import DataError

SHAPE = (200, 300)


def disk(y, x, r):
    rows, columns = np.indices(SHAPE)
    return (rows - y) ** 2 + (columns - x) ** 2 <= r * r


def scene():
    """Eight true nuclei and a prediction with one of every kind of error."""
    nuclei = [
        (40, 40, 1), (40, 66, 2), (40, 120, 1), (40, 200, 2), (120, 40, 1), (120, 100, 2), (120, 150, 1), (195, 250, 1),
    ]  # fmt: skip
    truth, instances = np.zeros(SHAPE, dtype=np.uint8), np.zeros(SHAPE, dtype=np.uint16)
    for label, (y, x, state) in enumerate(nuclei, start=1):
        new = disk(y, x, 15) & (instances == 0)
        truth[new], instances[new] = state, label
    predicted = truth.copy()
    predicted[instances == 3] = 0
    predicted[disk(40, 120, 7)] = 1  # 3: 22 % covered -> missed
    predicted[instances == 4] = 1  # 4: dead called live
    rows = np.indices(SHAPE)[0]
    predicted[(instances == 5) & (rows > 118)] = 2  # 5: more than half dead
    predicted[instances == 6] = 0  # 6: missed
    predicted[disk(170, 100, 8)] = 2  # spurious
    predicted[disk(120, 170, 15)] = 1  # grows out of 7, no spurious nucleus
    return truth, instances, predicted


def match(truth, instances, predicted, p_live=None, p_dead=None, min_coverage=0.5, **options):
    p_live = (predicted == 1) * 0.8 if p_live is None else p_live
    p_dead = (predicted == 2) * 0.8 if p_dead is None else p_dead
    phase = np.where(instances > 0, 1.25, 0.0)
    options = {"phase_in_rad": True} | options
    matches, spurious = match_nuclei(truth, instances, predicted, p_live, p_dead, phase, 0.5, min_coverage, **options)
    place = {"sequence": "a", "frame": 0}
    return [place | row for row in matches], [place | row for row in spurious]


def test_hand_computed_table():
    matches, spurious = match(*scene())
    table = count_outcomes(matches, spurious, ["a"])[0]
    # Live: 1, 7, 8 right, 5 wrong, 3 missed. Dead: 2 right, 4 wrong, 6 missed. One spurious dead component.
    assert table.tolist() == [[0, 0, 1], [1, 3, 1], [1, 1, 1]]
    assert [row["predicted_state"] for row in matches] == [
        "live", "dead", "missed", "live", "dead", "missed", "live", "live",
    ]  # fmt: skip
    # 1 and 2 touch, so one component covers both.
    assert merged_components(matches) == 1
    assert matches[0]["component"] == matches[1]["component"]


def test_columns_of_a_match():
    matches, spurious = match(*scene())
    third, sixth, last = matches[2], matches[5], matches[7]
    assert third["coverage"] == pytest.approx(149 / 709)
    assert (third["dominant_state"], third["component"]) == ("live", None)
    assert sixth["coverage"] == 0 and sixth["dominant_state"] is None
    assert [row["touches_border"] for row in matches] == [False] * 7 + [True]
    assert matches[3]["area_um2"] == pytest.approx(709 / 4)
    assert (matches[3]["x_um"], matches[3]["y_um"]) == (100, 20)
    assert matches[3]["mean_phase_rad"] == pytest.approx(1.25)
    assert matches[3]["p_live"] == pytest.approx(0.8) and matches[3]["p_dead"] == 0
    assert last["true_state"] == "live"
    (beside,) = spurious
    assert (beside["x_um"], beside["y_um"], beside["overlap"]) == (50, 85, 0)
    assert beside["predicted_state"] == "dead"


def test_grey_images_have_no_phase():
    matches, _ = match(*scene(), phase_in_rad=False)
    assert {row["mean_phase_rad"] for row in matches} == {None}


def test_coverage_threshold_decides_what_is_missed():
    truth, instances, predicted = scene()
    assert match(truth, instances, predicted, min_coverage=0.2)[0][2]["predicted_state"] == "live"
    again = count_outcomes(match(truth, instances, predicted)[0], [], ["a"], min_coverage=0.2)[0]
    assert again[1].tolist() == [0, 4, 1]
    assert again[2, 0] == 1  # nothing at all was predicted on 6


def test_what_nothing_was_predicted_of_is_missed_even_where_any_pixel_is_enough():
    truth, instances, predicted = scene()
    everything, nothing = (match(truth, instances, found, min_coverage=0)[0] for found in (predicted, 0 * predicted))
    assert {row["predicted_state"] for row in nothing} == {"missed"}
    assert [row["predicted_state"] == "missed" for row in everything] == [row["coverage"] == 0 for row in everything]
    again = count_outcomes(everything, [], ["a"], min_coverage=0)[0]
    assert again[1:, 0].sum() == sum(row["coverage"] == 0 for row in everything)


def test_ties_go_to_the_larger_softmax_then_to_dead():
    truth = np.ones((4, 4), dtype=np.uint8)
    predicted = truth.copy()
    predicted[:2] = 2
    for p_live, state in ((0.7, "live"), (0.3, "dead"), (0.5, "dead")):
        p = np.full((4, 4), p_live)
        assert match(truth, truth, predicted, p, 1 - p)[0][0]["predicted_state"] == state


def test_component_half_outside_but_covering_a_nucleus_is_not_spurious():
    truth = np.zeros((10, 40), dtype=np.uint8)
    truth[:, :10] = 1
    predicted = np.zeros_like(truth)
    predicted[:, :30] = 2
    assert match(truth, truth, predicted)[1] == []
    predicted[:, :6] = 0  # now it covers 40 % of it only
    assert len(match(truth, truth, predicted)[1]) == 1


def test_the_largest_of_two_components_supplies_a_nucleus():
    truth = np.ones((10, 10), dtype=np.uint8)
    predicted = truth.copy()
    predicted[:, 3] = 0
    (row,), _ = match(truth, truth, predicted, min_coverage=0.2)
    assert row["component"] == 2


def test_empty_frames():
    empty = np.zeros((6, 7), dtype=np.uint8)
    assert match(empty, empty, empty) == ([], [])
    full = np.ones_like(empty)
    matches, _ = match(full, full, empty)
    assert matches[0]["predicted_state"] == "missed"
    matches, spurious = match(empty, empty, full)
    assert matches == [] and len(spurious) == 1


def test_mixed_grids_are_refused():
    small = np.zeros((3, 3), dtype=np.uint8)
    with pytest.raises(DataError, match="one grid"):
        match_nuclei(small, small, small[:2], small, small, small, 1.0, 0.5, phase_in_rad=True)
