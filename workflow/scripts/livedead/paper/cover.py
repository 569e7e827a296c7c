"""Cover picture of an exported network: a phase image, and what the network says of it."""

from __future__ import annotations

import io

import matplotlib.image
import numpy as np

from .panels import display_range, labels_over_phase

SIDE_PX = 400
"""Height of the cover; it is twice as wide."""


def cover_png(phase: np.ndarray, labels: np.ndarray) -> bytes:
    """Draw phase and prediction side by side.

    Parameters
    ----------
    phase : numpy.ndarray
        (Y, X), rad or grey.
    labels : numpy.ndarray
        (Y, X), 0 background, 1 live, 2 dead.

    Returns
    -------
    bytes
        PNG, 800 x 400 pixels; the middle of the image is shown, and wide pixels rather than blurred ones.
    """
    side = min(phase.shape)
    top, left = ((length - side) // 2 for length in phase.shape)
    # Nearest pixels, so that a label stays a label.
    places = np.arange(SIDE_PX) * side // SIDE_PX
    phase, labels = (image[np.ix_(top + places, left + places)] for image in (phase, labels))
    limits = display_range([phase])
    pictures = [labels_over_phase(shown, phase, limits) for shown in (np.zeros_like(labels), labels)]
    buffer = io.BytesIO()
    matplotlib.image.imsave(buffer, np.hstack(pictures), format="png", metadata={"Software": None})
    return buffer.getvalue()
