"""Steps ahead of the consumer: order, bounds, threads and errors."""

import threading

import pytest
from livedead.commands.steps_ahead import steps_ahead


def test_results_come_in_order_and_every_step_has_its_thread():
    threads, seen = {"double": set(), "add": set()}, []

    def double(number):
        threads["double"].add(threading.get_ident())
        return 2 * number

    def add(number):
        threads["add"].add(threading.get_ident())
        seen.append(number)
        return number + 1

    found = [(item, [future.result() for future in futures]) for item, futures in steps_ahead(range(20), double, add)]
    assert found == [(number, [2 * number, 2 * number + 1]) for number in range(20)]
    assert seen == [2 * number for number in range(20)]
    assert len(threads["double"]) == len(threads["add"]) == 1 and threads["double"] != threads["add"]


def test_the_queue_is_bounded_and_ends_with_the_consumer():
    taken, begun, others = [], [], set(threading.enumerate())

    def items():
        for number in range(100):
            taken.append(number)
            yield number

    ahead = steps_ahead(items(), begun.append, str)
    for _ in range(3):
        next(ahead)
    assert taken == [0, 1, 2, 3, 4]
    ahead.close()
    assert begun == taken
    assert set(threading.enumerate()) <= others


def test_an_error_is_that_of_its_item_and_of_the_steps_behind():
    def odd(number):
        if number == 1:
            raise KeyError(number)
        return number

    results = [futures for _, futures in steps_ahead(range(3), odd, str)]
    assert [futures[1].result() for futures in (results[0], results[2])] == ["0", "2"]
    for future in results[1]:
        with pytest.raises(KeyError, match="1"):
            future.result()


def test_nothing_comes_of_nothing():
    assert list(steps_ahead([], str)) == []
