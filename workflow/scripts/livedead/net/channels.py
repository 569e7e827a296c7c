"""The two orders of the three classes: labels on disk, channels of the network."""

import numpy as np

from ..desk.errors import DataError

CHANNELS = ("live", "dead", "background")
"""Network order, as in the paper."""

CHANNEL_LABELS = np.array([1, 2, 0], dtype=np.uint8)
"""Disk label of each network channel: 1 live, 2 dead, 0 background."""


def one_hot(labels):
    """Turn a label map into the network's target.

    Parameters
    ----------
    labels : numpy.ndarray
        Integers 0 background, 1 live, 2 dead; any shape.

    Returns
    -------
    numpy.ndarray
        float32, shape of `labels` plus a last axis in the order live, dead, background.

    Raises
    ------
    DataError
        If another value occurs.
    """
    labels = np.asarray(labels)
    target = labels[..., np.newaxis] == CHANNEL_LABELS
    if not target.any(axis=-1).all():
        foreign = np.setdiff1d(labels, CHANNEL_LABELS)
        found = ", ".join(str(value) for value in foreign[:5])
        raise DataError(
            f"A label map holds {found}; wanted only 0 background, 1 live, 2 dead. "
            "Give `label_values` for label maps that count otherwise."
        )
    return target.astype(np.float32)


def label_map(probability):
    """Name the most probable class of every pixel.

    Parameters
    ----------
    probability : numpy.ndarray
        (..., 3), network order live, dead, background.

    Returns
    -------
    numpy.ndarray
        uint8, (...), 0 background, 1 live, 2 dead; the earlier channel wins a tie.

    References
    ----------
    Paper, Methods: arg-max of the softmax output.
    """
    return CHANNEL_LABELS[np.argmax(probability, axis=-1)]


def stored_labels(probability):
    """Give the label map that belongs to a stored frame of probabilities.

    Parameters
    ----------
    probability : numpy.ndarray
        (3, height, width), network order.

    Returns
    -------
    numpy.ndarray
        uint8, (1, height, width), 0 background, 1 live, 2 dead.
    """
    return label_map(np.moveaxis(probability, 0, -1))[np.newaxis]
