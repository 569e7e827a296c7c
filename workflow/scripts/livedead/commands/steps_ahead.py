"""The first steps of coming items done while one is worked on: reading the next file while this one is computed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import Any


def steps_ahead(items: Iterable, *steps: Callable[[Any], Any]) -> Iterator[tuple[Any, list[Future]]]:
    """Take items through steps, every step in a thread of its own, as far ahead of the consumer as there are steps.

    Every step sees the items one at a time and in order, so it may keep something from one to the next. What NumPy,
    SciPy and compiled loops do in a step goes on beside what the consumer does.

    Parameters
    ----------
    items : iterable
        What to work on; as many are held as there are steps, and the one that the consumer has.
    *steps : callable
        The first gets an item, every other one what the step before has returned.

    Yields
    ------
    item : object
        In order.
    results : list of concurrent.futures.Future
        What each step returned for it, or raised; a step that has nothing to go on raises what the one before it did.
    """
    with ExitStack() as stack:
        threads = [stack.enter_context(ThreadPoolExecutor(1)) for _ in steps]
        held: deque[tuple[Any, list[Future]]] = deque()
        for item in items:
            results: list[Future] = []
            for thread, step in zip(threads, steps, strict=True):
                before = results[-1].result if results else partial(_itself, item)
                results.append(thread.submit(_step, step, before))
            held.append((item, results))
            if len(held) > len(steps):
                yield held.popleft()
        while held:
            yield held.popleft()


def _step(step: Callable[[Any], Any], before: Callable[[], Any]) -> Any:
    return step(before())


def _itself(item: Any) -> Any:
    return item
