"""Killed again and again, a run ends with the tables of one that was left alone."""

import random
import time
from dataclasses import dataclass

import pytest

from tests.workflow.test_tiny_run import tables

from .runs import Run, cut_off, leftovers, project

KILLS = 20

pytestmark = pytest.mark.faults


@dataclass(frozen=True)
class Moment:
    """A moment of a run: so many seconds after no more than so many steps were left."""

    left: int
    seconds: float


def moments(unbroken, number, seed):
    """Random moments of an undisturbed run, one in each of so many equal parts of its time."""
    rng = random.Random(seed)
    for part in range(number):
        when = unbroken.seconds * (part + rng.random()) / number
        since, left = max((row for row in unbroken.course if row[0] <= when), default=unbroken.course[0])
        yield Moment(left, max(when - since, 0.0))


def reaches(run, moment):
    """Wait for a moment of a run; whether it went on until then."""
    reached = None
    while run.process.poll() is None:
        left = run.left()
        if reached is None and left is not None and left <= moment.left:
            reached = run.seconds
        if reached is not None and run.seconds - reached >= moment.seconds:
            return True
        time.sleep(0.05)
    return False


def test_twenty_kills_end_in_the_tables_of_an_unbroken_run(unbroken, tmp_path):
    folder, stages, kills = project(tmp_path / "killed"), set(), 0
    started = time.monotonic()
    for moment in moments(unbroken, KILLS, seed=20):
        run = Run(folder)
        # One that was too quick for its moment is started again: a kill then meets a run that has nothing to do.
        while not reaches(run, moment):
            assert run.wait() == 0, run.text()[-4000:]
            run, moment = Run(folder), Moment(moment.left, moment.seconds / 2)
        run.kill()
        kills += 1
        stages |= cut_off(folder)
    last = Run(folder)
    assert last.wait() == 0, last.text()[-4000:]
    print(f"{kills} kills in {sorted(stages)}; {time.monotonic() - started:.0f} s, unbroken {unbroken.seconds:.0f} s")
    assert kills == KILLS
    assert "train" in stages and len(stages) >= 5
    expected, found = tables(unbroken.folder), tables(folder)
    assert len(expected) > 150 and found.keys() == expected.keys()
    assert [name for name in expected if found[name] != expected[name]] == []
    assert leftovers(folder) == leftovers(unbroken.folder) == []


def test_after_a_finished_run_make_does_nothing(unbroken):
    again = Run(unbroken.folder)
    assert again.wait() == 0, again.text()[-4000:]
    assert "Nothing to be done" in again.text() and again.left() == 0
