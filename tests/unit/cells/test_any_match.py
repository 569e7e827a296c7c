"""What holds for every true map and every prediction, whatever they show."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from livedead.cells.matching import match_nuclei
from skimage.measure import label

SIZE = (18, 22)


@st.composite
def maps(draw, most=7):
    """A map of live and dead rectangles, later ones over earlier ones."""
    found = np.zeros(SIZE, np.uint8)
    for _ in range(draw(st.integers(0, most))):
        y, x = draw(st.integers(0, SIZE[0] - 2)), draw(st.integers(0, SIZE[1] - 2))
        high, wide, state = draw(st.integers(1, 7)), draw(st.integers(1, 7)), draw(st.sampled_from([0, 1, 2]))
        found[y : y + high, x : x + wide] = state
    return found


COVERAGES = st.sampled_from([0.2, 0.5, 0.8])


def match(truth, instances, predicted, coverage):
    p_live, p_dead = ((predicted == state) * 0.9 for state in (1, 2))
    phase = truth.astype(float)
    return match_nuclei(truth, instances, predicted, p_live, p_dead, phase, 0.5, coverage, phase_in_rad=True)


def numbered(truth):
    """Every region of one state is a nucleus."""
    return label(truth, background=0, connectivity=2).astype(np.uint16)


@settings(max_examples=100, deadline=None)
@given(truth=maps(), predicted=maps(), coverage=COVERAGES)
def test_every_nucleus_is_in_the_table_once(truth, predicted, coverage):
    instances = numbered(truth)
    matches, spurious = match(truth, instances, predicted, coverage)
    assert [row["label"] for row in matches] == list(range(1, instances.max() + 1))
    calls = [row["predicted_state"] for row in matches]
    assert len(matches) == calls.count("live") + calls.count("dead") + calls.count("missed")
    for row in matches:
        inside = instances == row["label"]
        share = (predicted[inside] > 0).mean()
        assert row["coverage"] == share and (row["predicted_state"] == "missed") == (share < coverage)
        assert row["true_state"] == {1: "live", 2: "dead"}[truth[inside][0]]
        assert row["area_um2"] == 0.25 * inside.sum()
    components, count = label(predicted > 0, connectivity=2, return_num=True)
    assert len({row["component"] for row in spurious}) == len(spurious) <= count
    assert all(row["overlap"] < 0.5 for row in spurious)
    # What stands for a nucleus is not spurious, too.
    assert not {row["component"] for row in matches} & {row["component"] for row in spurious}


@settings(max_examples=50, deadline=None)
@given(truth=maps(), coverage=COVERAGES)
def test_the_truth_matches_itself(truth, coverage):
    matches, spurious = match(truth, numbered(truth), truth, coverage)
    assert all(row["predicted_state"] == row["true_state"] and row["coverage"] == 1 for row in matches)
    assert spurious == []


@settings(max_examples=50, deadline=None)
@given(truth=maps(), predicted=maps(), coverage=COVERAGES, seed=st.integers(0, 1000))
def test_the_numbers_of_the_nuclei_do_not_matter(truth, predicted, coverage, seed):
    instances = numbered(truth)
    order = np.random.default_rng(seed).permutation(instances.max()) + 1
    renamed = np.append(0, order)[instances].astype(np.uint16)
    first, spurious = match(truth, instances, predicted, coverage)
    second, others = match(truth, renamed, predicted, coverage)
    assert spurious == others
    by_name = {row["label"]: row for row in second}
    assert [by_name[order[row["label"] - 1]] | {"label": row["label"]} for row in first] == first


@settings(max_examples=50, deadline=None)
@given(truth=maps(), predicted=maps(), coverage=COVERAGES)
def test_mirrored_images_give_mirrored_tables(truth, predicted, coverage):
    instances = numbered(truth)
    matches, spurious = match(truth, instances, predicted, coverage)
    mirrored = match(*(np.ascontiguousarray(image[:, ::-1]) for image in (truth, instances, predicted)), coverage)
    kept = ("label", "true_state", "predicted_state", "coverage", "touches_border", "area_um2")
    assert [[row[key] for key in kept] for row in matches] == [[row[key] for key in kept] for row in mirrored[0]]
    assert len(spurious) == len(mirrored[1])
    ends = (SIZE[1] - 1) * 0.5
    np.testing.assert_allclose([row["x_um"] for row in matches], [ends - row["x_um"] for row in mirrored[0]], atol=1e-9)


@settings(max_examples=50, deadline=None)
@given(truth=maps(), predicted=maps(), coverage=COVERAGES)
def test_live_and_dead_exchanged_on_both_sides(truth, predicted, coverage):
    swap = np.array([0, 2, 1], np.uint8)
    other = {"live": "dead", "dead": "live", "missed": "missed", None: None}
    # Where live and dead are as many, a rule decides which: no symmetry is wanted there.
    instances = numbered(truth)
    for nucleus in range(1, instances.max() + 1):
        inside = predicted[instances == nucleus]
        if (inside == 1).sum() == (inside == 2).sum():
            return
    first, _ = match(truth, instances, predicted, coverage)
    second, _ = match(swap[truth], instances, swap[predicted], coverage)
    assert [other[row["predicted_state"]] for row in first] == [row["predicted_state"] for row in second]
    assert [other[row["true_state"]] for row in first] == [row["true_state"] for row in second]
