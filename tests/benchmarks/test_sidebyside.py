import re

import pytest

from tests.benchmarks.sidebyside import Table, seconds_text, side_by_side


def test_candidates_take_turns():
    order = []
    table = side_by_side(
        "t", {"a": lambda: order.append("a"), "b": lambda: order.append("b")}, floor="a", rounds=5, warm_up=2
    )
    assert order == ["a", "b"] * 7
    assert {name: len(times) for name, times in table.seconds.items()} == {"a": 5, "b": 5}


def test_ratios_are_taken_round_by_round():
    # The machine was twice as slow in the last round; the ratio does not see it.
    table = Table("t", {"floor": [1.0, 1.0, 2.0], "other": [3.0, 3.0, 6.0]}, "floor", {"other": "error 0"})
    assert table.ratio("other") == 3 and table.ratio("floor") == 1
    lines = table.markdown().splitlines()
    assert lines[0] == "### t"
    assert lines[-1] == "| other | 3 s | 3 s | 3.00 | error 0 |"
    assert len({len(re.findall(r"\|", line)) for line in lines[2:]}) == 1


@pytest.mark.parametrize(("seconds", "text"), [(2.5, "2.5 s"), (0.0123, "12.3 ms"), (4e-5, "40 µs")])
def test_times_have_units(seconds, text):
    assert seconds_text(seconds) == text
