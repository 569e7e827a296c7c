"""Pairs of phase image and label map, read when they are asked for."""

import zlib
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np

from ..desk.errors import DataError
from .channels import CHANNEL_LABELS, CHANNELS

# Frames kept in memory so that a small data set is read once; a large one is read again and again.
KEPT_BYTES = 256 * 2**20


class LabelledFrames(Sequence):
    """All frames of several sequences, one after the other, as (phase, labels); threads may share it.

    Parameters
    ----------
    phase_readers, label_readers : sequence of readers
        One of each per sequence; a reader has a length and gives frame i as (1, height, width).

    Raises
    ------
    DataError
        If a sequence has another number of phase frames than of label frames.
    """

    def __init__(self, phase_readers, label_readers):
        self._readers = list(zip(phase_readers, label_readers, strict=True))
        for number, (phase, labels) in enumerate(self._readers):
            if len(phase) != len(labels):
                raise DataError(
                    f"Sequence {number + 1} has {len(phase)} phase frames and {len(labels)} label maps; "
                    "wanted one label map for every frame."
                )
        self._places = [(k, i) for k, (phase, _) in enumerate(self._readers) for i in range(len(phase))]
        self._kept = OrderedDict()
        self._kept_bytes = 0
        self._one_at_a_time = Lock()

    @property
    def phase_infos(self):
        """What each phase stack holds (`optics.stacks.StackInfo`), one per sequence."""
        return [phase.info for phase, _ in self._readers]

    def __len__(self):
        return len(self._places)

    def __getitem__(self, index):
        """Give frame `index` as (height, width) phase and (height, width) labels."""
        with self._one_at_a_time:
            if index not in self._kept:
                self._keep(index, self._read(index))
            self._kept.move_to_end(index)
            return self._kept[index]

    def _read(self, index):
        sequence, frame = self._places[index]
        phase_reader, label_reader = self._readers[sequence]
        phase, labels = phase_reader[frame][0], label_reader[frame][0]
        if phase.shape != labels.shape:
            raise DataError(
                f"Frame {frame} of sequence {sequence + 1} has {phase.shape} phase pixels (height, width) and "
                f"{labels.shape} label pixels; wanted both of one size."
            )
        return phase, labels

    def _keep(self, index, pair):
        self._kept[index] = pair
        self._kept_bytes += sum(array.nbytes for array in pair)
        while self._kept_bytes > KEPT_BYTES and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= sum(array.nbytes for array in dropped)


class RehearsedFrames(Sequence):
    """Own frames and those of an earlier training, each kind repeated until the earlier ones have a given share.

    Parameters
    ----------
    own, earlier : sequence of (phase, labels)
        Arrays (height, width).
    share : float
        Part of the frames that are earlier ones, above 0 and below 1; kept as nearly as whole repeats allow.

    References
    ----------
    Rehearsal against forgetting: Robins, Connection Science 7:123 (1995).
    """

    def __init__(self, own, earlier, share):
        self._own, self._earlier = own, earlier
        wanted = len(earlier) * (1 - share) / (len(own) * share)
        own_repeats, earlier_repeats = (max(1, round(wanted)), 1) if wanted >= 1 else (1, round(1 / wanted))
        self._own_length = own_repeats * len(own)
        self._length = self._own_length + earlier_repeats * len(earlier)

    def __len__(self):
        return self._length

    def __getitem__(self, index):
        """Give frame `index` as (height, width) phase and (height, width) labels."""
        if not 0 <= index < self._length:
            raise IndexError(index)
        if index < self._own_length:
            return self._own[index % len(self._own)]
        return self._earlier[(index - self._own_length) % len(self._earlier)]


def survey(frames):
    """Look through all frames once: what there is, whether it can be used, and a checksum of it.

    Parameters
    ----------
    frames : sequence of (phase, labels)
        Arrays (height, width).

    Returns
    -------
    dict
        frames : int; smallest_side_px : int; pixels : dict of int per class (live, dead, background);
        checksum : str, CRC-32 of all pixels.

    Raises
    ------
    DataError
        If there is no frame, a phase value is not finite, or a label is not 0, 1 or 2.
    """
    if not len(frames):
        raise DataError("There is no labelled frame; give sequences with live and dead stacks or with labels.")
    pixels, checksum, side = np.zeros(3, dtype=np.int64), 0, None
    for number in range(len(frames)):
        phase, labels = frames[number]
        if not np.isfinite(phase).all():
            raise DataError(f"Labelled frame {number} holds phase values that are not finite; retrieve it again.")
        foreign = np.setdiff1d(labels, CHANNEL_LABELS)
        if foreign.size:
            raise DataError(
                f"The label map of frame {number} holds {', '.join(str(value) for value in foreign[:5])}; wanted "
                "only 0 background, 1 live, 2 dead. Give `label_values` for label maps that count otherwise."
            )
        pixels += np.bincount(labels.ravel(), minlength=3)[CHANNEL_LABELS]
        for array in (phase, labels):
            checksum = zlib.crc32(np.ascontiguousarray(array), checksum)
        side = min(phase.shape) if side is None else min(side, *phase.shape)
    return {
        "frames": len(frames),
        "smallest_side_px": int(side),
        "pixels": {name: int(count) for name, count in zip(CHANNELS, pixels, strict=True)},
        "checksum": f"{checksum:08x}",
    }
