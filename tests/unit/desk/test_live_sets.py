import random

import pytest
from livedead.desk.errors import SheetError
from livedead.desk.live_sets import MOST_OBSERVED, Decision, LiveSets, Numbers

PATTERN = "f1_t{t}_m{m}.tif"


class Folder:
    """Files as name -> (size, time of change), and a clock."""

    def __init__(self, pattern=PATTERN, files=4, done=()):
        self.files, self.now = {}, 0.0
        numbers = Numbers()
        for t in done:
            numbers.add(t)
        self.sets = LiveSets(pattern, files, settle_s=1, patience_s=10, done=numbers)

    def write(self, t, marks=range(4), size=100):
        for m in marks:
            self.files[f"f1_t{t}_m{m}.tif"] = (size, int(self.now * 1e9))

    def look(self, seconds=0.0):
        self.now += seconds
        names = random.Random(self.now).sample(sorted(self.files), len(self.files))
        return list(self.sets.look([(name, lambda name=name: self.files[name]) for name in names], self.now))


def names(t, marks=range(4)):
    return tuple(f"f1_t{t}_m{m}.tif" for m in marks)


def test_numbers_are_a_set_that_costs_its_gaps():
    rng, numbers, plain = random.Random(1), Numbers(), set()
    for _ in range(400):
        number = rng.randrange(200)
        numbers.add(number)
        plain.add(number)
        assert [n for n in range(-2, 203) if n in numbers] == sorted(plain)
        assert numbers.runs == sum(n - 1 not in plain for n in plain)
    for number in range(200):
        numbers.add(number)
    assert numbers.runs == 1


def test_a_set_is_read_when_it_is_whole_and_has_rested():
    folder = Folder()
    folder.write(3, range(3))
    assert folder.look() == [] == folder.look(2)
    folder.write(3, [3])
    assert folder.look(0.5) == [] == folder.look(0.9)
    assert folder.look(0.2) == [Decision(3, names(3))]


@pytest.mark.parametrize("grows", [True, False])
def test_a_file_that_is_still_written_is_waited_for(grows):
    """It grows; or it has its size from the begin and only its time of change moves."""
    folder = Folder()
    for turn in range(20):
        folder.write(0, [0, 1, 2], 100)
        folder.write(0, [3], 100 + turn * grows)
        assert folder.look(0.9) == []
    assert folder.look(1.1) == [Decision(0, names(0))]


def test_a_whole_set_comes_before_an_earlier_one_that_is_late():
    folder = Folder()
    folder.write(0, range(2))
    folder.write(2)
    folder.write(1)
    folder.look()
    assert [decision.t for decision in folder.look(1)] == [1, 2]
    folder.sets.finish(1)
    folder.sets.finish(2)
    assert folder.sets.waiting == 1
    folder.write(0)
    folder.look(1)
    assert folder.look(1) == [Decision(0, names(0))]


def test_a_set_that_stays_incomplete_is_given_up_with_what_is_there():
    folder = Folder()
    folder.write(5, [0, 1, 3])
    assert folder.look() == [] == folder.look(9.9)
    assert folder.look(0.2) == [
        Decision(5, names(5, [0, 1, 3]), "frames m 0, 1, 3 alone (wanted 4 that follow one another)")
    ]
    folder.sets.finish(5)
    # Nothing is counted twice, not even what comes after all.
    folder.write(5)
    assert folder.look(1) == [] == folder.look(20)
    assert folder.sets.waiting == 0


def test_frames_count_from_any_number():
    folder = Folder()
    folder.write(0, [1, 2, 3, 4])
    folder.look()
    assert folder.look(1) == [Decision(0, names(0, [1, 2, 3, 4]))]


def test_two_files_of_one_number_are_no_set():
    folder = Folder()
    folder.write(1)
    folder.files["f1_t01_m0.tif"] = (1, 1)
    folder.look()
    [given_up] = folder.look(10)
    assert given_up.reason == "5 files with the same numbers (wanted 4, one for every frame)"


def test_one_file_per_time_point_in_a_range():
    folder = Folder("{t:2-3}.tif", 1)
    folder.files = {f"{t}.tif": (1, 1) for t in range(6)}
    folder.look()
    assert folder.look(1) == [Decision(2, ("2.tif",)), Decision(3, ("3.tif",))]


def test_what_cannot_be_read_is_tried_less_and_less_often_and_given_up():
    folder = Folder()
    folder.write(0)
    folder.look()
    tried = []
    for _ in range(200):
        for decision in folder.look(0.1):
            tried.append(folder.now)
            given_up = folder.sets.failed(decision.t, folder.now)
            if given_up:
                folder.sets.finish(decision.t)
    assert given_up and 10 <= tried[-1] <= 13
    gaps = [b - a for a, b in zip(tried, tried[1:], strict=False)]
    assert len(tried) < 9 and max(gaps) <= 2.7 and gaps[0] < gaps[1] < gaps[2]


def test_a_file_that_goes_on_after_a_failed_try_gets_its_whole_patience_again():
    folder = Folder()
    folder.write(0)
    folder.look()
    folder.look(9)
    assert not folder.sets.failed(0, folder.now)
    folder.write(0, [2], size=200)
    assert folder.look(0.5) == []
    folder.now += 5
    assert folder.look() == [Decision(0, names(0))]
    assert not folder.sets.failed(0, folder.now)


def test_a_file_that_goes_away_is_not_there():
    folder = Folder()
    folder.write(0)
    folder.files["f1_t0_m3.tif"] = None
    folder.look()
    assert folder.look(5) == []


def test_what_is_observed_does_not_grow_and_nothing_is_left_out():
    folder = Folder(files=1, pattern="f1_t{t}_m0.tif", done=[7])
    for t in range(3 * MOST_OBSERVED):
        folder.write(t, [0])
    done = []
    for _ in range(20):
        for decision in folder.look(1):
            done.append(decision.t)
            folder.sets.finish(decision.t)
        assert folder.sets.waiting <= MOST_OBSERVED
    assert done == [t for t in range(3 * MOST_OBSERVED) if t != 7]
    assert folder.sets.done.runs == 1


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("f1_m{m}.tif", r"no \{t\} in it"),
        ("f1_{x}_t{t}.tif", r"\{x\} has no meaning"),
        ("sub/f1_t{t}.tif", "names a folder"),
        ("f1_t{t:5-3}.tif", "is empty"),
    ],
)
def test_a_wrong_pattern(pattern, words):
    with pytest.raises(SheetError, match=words):
        Folder(pattern)
