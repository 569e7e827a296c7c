import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from livedead.desk.errors import DataError
from livedead.net import frames as module
from livedead.net.frames import LabelledFrames, RehearsedFrames, survey


class Reader:
    """A stack that counts how often a frame is read."""

    def __init__(self, stack):
        self.stack, self.reads = stack, 0

    def __len__(self):
        return len(self.stack)

    def __getitem__(self, frame):
        self.reads += 1
        return self.stack[frame][np.newaxis]


def stacks(lengths=(2, 3), side=8):
    rng = np.random.default_rng(0)
    phases = [Reader(rng.normal(size=(n, side, side)).astype(np.float32)) for n in lengths]
    labels = [Reader(rng.integers(0, 3, (n, side, side)).astype(np.uint8)) for n in lengths]
    return phases, labels


def test_frames_of_all_sequences_in_order():
    phases, labels = stacks()
    frames = LabelledFrames(phases, labels)
    assert len(frames) == 5
    for number, (sequence, frame) in enumerate([(0, 0), (0, 1), (1, 0), (1, 1), (1, 2)]):
        np.testing.assert_array_equal(frames[number][0], phases[sequence].stack[frame])
        np.testing.assert_array_equal(frames[number][1], labels[sequence].stack[frame])


def test_threads_that_want_the_same_frame_read_it_once():
    class Slow(Reader):
        def __getitem__(self, frame):
            time.sleep(0.01)
            return super().__getitem__(frame)

    phases, labels = stacks()
    frames = LabelledFrames([Slow(reader.stack) for reader in phases], labels)
    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(frames.__getitem__, [0, 0, 0, 0, 2, 2]))
    assert [labels[0].reads, labels[1].reads] == [1, 1]
    np.testing.assert_array_equal(got[3][0], phases[0].stack[0])
    np.testing.assert_array_equal(got[5][0], phases[1].stack[0])


def test_nothing_is_read_before_it_is_asked_for_and_then_once():
    phases, labels = stacks()
    frames = LabelledFrames(phases, labels)
    assert phases[0].reads == 0
    for _ in range(3):
        frames[0]
    assert phases[0].reads == labels[0].reads == 1 and phases[1].reads == 0


def test_memory_does_not_grow_with_the_number_of_frames(monkeypatch):
    monkeypatch.setattr(module, "KEPT_BYTES", 2 * 8 * 8 * 5)
    phases, labels = stacks((6,))
    frames = LabelledFrames(phases, labels)
    for number in (0, 1, 2, 2, 1, 0):
        frames[number]
    # Two frames of 8 x 8 x (4 + 1) bytes are kept: the third drops the first.
    assert phases[0].reads == 4


def test_sequence_lengths_and_sizes_must_agree():
    phases, labels = stacks()
    with pytest.raises(DataError, match="Sequence 1 has 2 phase frames and 3 label maps"):
        LabelledFrames(phases, labels[::-1])
    small = LabelledFrames([Reader(np.zeros((1, 4, 4)))], [Reader(np.zeros((1, 4, 5), np.uint8))])
    with pytest.raises(DataError, match=r"Frame 0 of sequence 1 has \(4, 4\) phase pixels"):
        small[0]


def test_survey_counts_and_checks():
    labels = np.array([[0, 0, 0], [1, 1, 2]], np.uint8)
    phase = np.zeros((2, 3), np.float32)
    found = survey([(phase, labels), (phase, labels)])
    assert found["frames"] == 2 and found["smallest_side_px"] == 2
    assert found["pixels"] == {"live": 4, "dead": 2, "background": 6}
    assert survey([(phase, labels), (phase + 1, labels)])["checksum"] != found["checksum"]
    assert survey([(phase, labels)] * 2) == found


def test_survey_refuses():
    phase, labels = np.zeros((2, 2), np.float32), np.zeros((2, 2), np.uint8)
    with pytest.raises(DataError, match="no labelled frame"):
        survey([])
    with pytest.raises(DataError, match="frame 1 holds 3; wanted only 0 background, 1 live, 2 dead"):
        survey([(phase, labels), (phase, labels + 3)])
    with pytest.raises(DataError, match="frame 0 holds phase values that are not finite"):
        survey([(phase + np.inf, labels)])


@pytest.mark.parametrize(
    ("own", "earlier", "share", "length"), [(3, 30, 0.5, 60), (30, 3, 0.5, 60), (4, 10, 0.25, 42), (5, 5, 0.9, 50)]
)
def test_rehearsed_frames_have_their_share(own, earlier, share, length):
    frames = RehearsedFrames([("own", k) for k in range(own)], [("earlier", k) for k in range(earlier)], share)
    found = list(frames)
    assert len(frames) == len(found) == length
    assert set(found) == {("own", k) for k in range(own)} | {("earlier", k) for k in range(earlier)}
    assert sum(kind == "earlier" for kind, _ in found) / length == pytest.approx(share, abs=0.02)
    with pytest.raises(IndexError):
        frames[length]
