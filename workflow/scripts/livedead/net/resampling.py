"""Phase at another pixel size than a network has learned: to the network's pixels, and probabilities back."""

import logging
from collections import deque

import numpy as np
from skimage.transform import resize

from ..desk.errors import ModelError
from ..optics.sampling import downsample_area_mean

log = logging.getLogger(__name__)

SAME_PIXEL = 0.02
"""Pixels that differ by less than this part are the same to a network that learns zoomed crops."""

MAX_FACTOR = 3
"""Beyond this factor nuclei are either blurred away or invented."""


def pixel_ratio(learned_um, given_um, allowed):
    """Tell by how much an image must shrink so that its pixels are those of the network.

    Parameters
    ----------
    learned_um : float or None
        Pixel (um) of the phase the network learned; None where its card does not tell.
    given_um : float
        Pixel (um) of the phase to predict.
    allowed : bool
        Setting `predict.resample`.

    Returns
    -------
    float
        `learned_um / given_um`; 1 where the two are the same within 2 %, or the first is not known.

    Raises
    ------
    ModelError
        If they differ and that is not allowed, or by more than a factor 3.
    """
    if learned_um is None:
        log.info("The model card does not tell the pixel size the network learned; nothing is resampled.")
        return 1.0
    ratio = learned_um / given_um
    if abs(ratio - 1) <= SAME_PIXEL:
        return 1.0
    found = f"The network learned pixels of {learned_um:g} um and the phase has {given_um:g} um"
    if not 1 / MAX_FACTOR <= ratio <= MAX_FACTOR:
        raise ModelError(
            f"{found}, a factor {max(ratio, 1 / ratio):.3g} (wanted at most {MAX_FACTOR}); correct pixel_size_um in "
            "the sheet (um per pixel, not pixels per um), change phase.downsample, or use another model."
        )
    if not allowed:
        raise ModelError(f"{found}, and predict.resample is false; set it to true or use another model.")
    log.info("%s: it is resampled for the prediction, and the probabilities are brought back to its grid.", found)
    return ratio


def resampled(frames, ratio, predict):
    """Predict frames at the pixels of the network.

    Parameters
    ----------
    frames : iterable of numpy.ndarray
        Phase (height, width).
    ratio : float
        Of `pixel_ratio`; 1 leaves everything as it is.
    predict : callable
        Takes an iterable of phase images and yields (height, width, classes) for each of them in turn; it may take
        some ahead.

    Yields
    ------
    numpy.ndarray
        (height, width, classes) on the grid of every frame; classes add up to 1 as those of `predict` do.
    """
    if ratio == 1:
        yield from predict(frames)
        return
    shapes = deque()

    def shrunk():
        for frame in frames:
            shapes.append(frame.shape)
            yield to_pixel_of_network(frame, ratio)

    for probability in predict(shrunk()):
        yield to_grid_of_frame(probability, shapes.popleft(), ratio)


def to_pixel_of_network(phase, ratio):
    """Resample a phase image: the area mean where whole pixels are put together, else linearly without aliasing.

    Parameters
    ----------
    phase : numpy.ndarray
        (height, width).
    ratio : float
        Pixels of the image per pixel of the result, along one side.

    Returns
    -------
    numpy.ndarray
        float32; where `ratio` is whole within 2 % the sides are rounded up, with the edge repeated, else to the
        nearest.
    """
    factor = _whole(ratio)
    if factor:
        padded = np.pad(phase, [(0, -side % factor) for side in phase.shape], mode="edge")
        return downsample_area_mean(padded, factor)
    shape = [max(1, round(side / ratio)) for side in phase.shape]
    return resize(phase.astype(np.float32), shape, order=1, mode="edge", anti_aliasing=ratio > 1)


def to_grid_of_frame(probability, shape, ratio):
    """Bring probabilities back to the grid of the frame they belong to.

    Parameters
    ----------
    probability : numpy.ndarray
        (height', width', classes), of the image of `to_pixel_of_network`.
    shape : tuple of int
        (height, width) of the frame.
    ratio : float
        The same as there.

    Returns
    -------
    numpy.ndarray
        float32, (height, width, classes).
    """
    factor = _whole(ratio)
    # The edge that was repeated to fill the last pixel is cut off again.
    whole = [-(-side // factor) * factor for side in shape] if factor else shape
    channels = [
        resize(channel, whole, order=1, mode="edge", anti_aliasing=ratio < 1) for channel in _planes(probability)
    ]
    return np.stack(channels, axis=-1)[: shape[0], : shape[1]].astype(np.float32)


def _planes(probability):
    return np.moveaxis(probability, -1, 0)


def _whole(ratio):
    """Whole number that a ratio is within 2 %, or 0."""
    factor = round(ratio)
    return factor if factor > 1 and abs(ratio / factor - 1) <= SAME_PIXEL else 0
