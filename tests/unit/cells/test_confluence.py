"""Scores per confluence against hand counts, and a permutation test of films against enumeration."""

from itertools import combinations

import numpy as np
import pytest
from livedead.cells.confluence import COLUMNS, TEST_COLUMNS, confluence_rows, confluence_test
from livedead.cells.scores import score_counts

SETTINGS = {"bootstrap_resamples": 200, "confidence": 0.95, "seed": 1}


def film(name, live_right, live_wrong, dead_right, dead_wrong, missed=0):
    calls = [("live", "live", live_right), ("live", "dead", live_wrong), ("dead", "dead", dead_right)]
    calls += [("dead", "live", dead_wrong), ("live", "missed", missed)]
    return [
        {"sequence": name, "touches_border": False, "true_state": true, "predicted_state": predicted}
        for true, predicted, number in calls
        for _ in range(number)
    ]


def ghost(name):
    return {"sequence": name, "touches_border": False, "predicted_state": "dead"}


def test_one_row_per_confluence_in_order_and_one_for_unknown():
    matches = [
        *film("a", 8, 2, 3, 1, missed=2),
        *film("b", 10, 0, 5, 5),
        *film("c", 6, 0, 4, 0),
        *film("d", 1, 0, 1, 0),
    ]
    confluences = {"a": "high", "b": "high", "c": None, "d": "low"}
    low, high, unknown = confluence_rows(matches, [ghost("a"), ghost("c")], confluences, **SETTINGS)
    assert [row["confluence"] for row in (low, high, unknown)] == ["low", "high", "NA"]
    assert set(high) == set(COLUMNS) - {"data"}
    assert (high["films"], high["nuclei"], high["live_nuclei"], high["dead_nuclei"]) == (2, 36, 22, 14)
    assert (high["missed"], high["spurious"]) == (2, 1)
    assert high["accuracy"] == pytest.approx(26 / 34)
    assert high["sensitivity_live"] == pytest.approx(18 / 20) and high["sensitivity_dead"] == pytest.approx(8 / 14)
    assert high["macro_f1"] == pytest.approx((2 * 18 / (20 + 24) + 2 * 8 / (14 + 10)) / 2)
    assert high["low"] <= high["macro_f1"] <= high["high"] and high["note"] is None
    assert low["low"] is None and low["note"] == "one film: no interval"
    assert sum(row["nuclei"] for row in (low, high, unknown)) == len(matches)


def test_a_confluence_without_dead_nuclei_says_so():
    (row,) = confluence_rows(film("a", 3, 0, 0, 0), [], {"a": "low"}, **SETTINGS)
    assert row["sensitivity_dead"] is None and row["macro_f1"] == 1
    assert row["note"] == "no true dead nucleus; one film: no interval"


def test_permutation_of_films_agrees_with_enumeration():
    rights = [9, 8, 9, 3, 4, 2]
    names = "abcdef"
    matches = [row for name, right in zip(names, rights, strict=True) for row in film(name, right, 10 - right, 5, 1)]
    confluences = dict(zip(names, ["low"] * 3 + ["high"] * 3, strict=True))
    test = confluence_test(matches, [], confluences, resamples=5000, seed=1)

    counts = np.array([[[0, 0, 0], [0, right, 10 - right], [0, 1, 5]] for right in rights])
    spreads = []
    for chosen in combinations(range(6), 3):
        others = [i for i in range(6) if i not in chosen]
        means = [score_counts(counts[list(films)].sum(axis=0))["macro_f1_matched"] for films in (chosen, others)]
        spreads.append(abs(means[0] - means[1]))
    assert test["value"] == pytest.approx(spreads[0])
    assert test["p"] == pytest.approx(np.mean(np.array(spreads) >= spreads[0] - 1e-12)) == pytest.approx(0.1)
    assert test["exact"] and test["permutations"] == 720 and test["smallest_p"] == pytest.approx(0.1)
    assert test["note"] == "these films are too few for a p below 0.05"
    assert set(test) == set(TEST_COLUMNS) - {"data"}


def test_many_films_are_drawn_at_random_and_equal_ones_do_not_differ():
    names = [f"f{n}" for n in range(24)]
    matches = [row for name in names for row in film(name, 9, 1, 5, 1)]
    confluences = {name: ("low", "medium", "high")[n % 3] for n, name in enumerate(names)}
    test = confluence_test(matches, [], confluences, resamples=99, seed=1)
    assert test["value"] == pytest.approx(0) and test["p"] == 1
    assert not test["exact"] and test["permutations"] == 99 and test["smallest_p"] == pytest.approx(0.01)
    # A group that is plainly worse is found.
    worse = [
        row for n, name in enumerate(names) for row in film(name, 9 - 5 * (n % 3 == 0), 1 + 5 * (n % 3 == 0), 5, 1)
    ]
    assert confluence_test(worse, [], confluences, resamples=99, seed=1)["p"] == pytest.approx(0.01)


def test_the_smallest_p_is_that_of_the_films_however_many_orders_are_drawn():
    """Six films beside one: seven arrangements, whether all 5040 orders are taken or fewer are drawn."""
    names = "abcdefg"
    matches = [row for n, name in enumerate(names) for row in film(name, 9 - n, 1 + n, 5, 1)]
    confluences = dict(zip(names, ["low"] * 6 + ["high"], strict=True))
    for resamples, exact in ((500, False), (5040, True), (6000, True)):
        test = confluence_test(matches, [], confluences, resamples=resamples, seed=1)
        assert (test["exact"], test["smallest_p"]) == (exact, pytest.approx(1 / 7))
        assert test["note"] == "these films are too few for a p below 0.05"


def test_one_film_of_a_confluence_can_be_exchanged():
    rights = dict(a=2, b=9, c=9, d=9)
    matches = [row for name, right in rights.items() for row in film(name, right, 10 - right, 5, 1)]
    test = confluence_test(matches, [], dict(zip("abcd", ["low"] + ["high"] * 3, strict=True)), resamples=99, seed=1)
    assert test["exact"] and test["p"] == pytest.approx(1 / 4) == test["smallest_p"]


@pytest.mark.parametrize(
    "confluences, words",
    [
        ({"a": "low", "b": "low"}, "fewer than two confluences"),
        ({"a": None, "b": "low"}, "fewer than two confluences"),
        ({"a": "high", "b": "low"}, "one film per confluence"),
        ({"a": "high", "b": "high", "c": "low"}, "without a matched nucleus"),
    ],
)
def test_no_test_says_why(confluences, words):
    test = confluence_test([*film("a", 3, 1, 2, 0), *film("b", 3, 0, 1, 1)], [], confluences, resamples=99, seed=1)
    assert test["p"] is None and words in test["note"]
