"""From a phase map to what the network sees, and back to the frame's own size."""

import numpy as np

from ..desk.errors import DataError, SettingsError

SIDE_MULTIPLE = 32
"""The encoder halves the image five times."""

IMAGENET_MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
IMAGENET_SD = np.array([0.229, 0.224, 0.225], dtype=np.float32)

SCALINGS = ("window", "per_image", "standard")

STANDARD_SD = (3.0, 5.5)
"""Standard deviations below and above the mean of an image that become 0 and 1: cells are brighter than the medium."""

NO_CONTRAST = 1e-5
"""Standard deviation up to which an image counts as constant: rounding alone makes as much."""


def scale_phase(phase, scaling="window", window=(-0.6, 2.4)):
    """Map a phase image to the range 0..1.

    Parameters
    ----------
    phase : numpy.ndarray
        (height, width), rad or grey.
    scaling : str
        "window": a fixed phase range, so that equal phase gives equal grey in every image; "per_image":
        from the smallest to the largest value of the image, as the authors' published images; "standard":
        around the mean of the image by its standard deviation (`STANDARD_SD`), which a single bright spot does not
        change much.
    window : tuple of float
        Phase (rad) mapped to 0 and to 1; used by "window" only.

    Returns
    -------
    numpy.ndarray
        float32, (height, width), clipped to 0..1.

    Raises
    ------
    SettingsError
        If the scaling is unknown or the window is empty.
    DataError
        If the image holds values that are not finite.
    """
    phase = np.asarray(phase, dtype=np.float32)
    if scaling not in SCALINGS:
        raise SettingsError(f"train.input_scaling is {scaling!r}; wanted one of {', '.join(SCALINGS)}.")
    if not np.isfinite(phase).all():
        count = int(np.count_nonzero(~np.isfinite(phase)))
        raise DataError(f"A phase image holds {count} values that are not finite; retrieve the phase again.")
    low, high = _range(phase, scaling, window)
    if scaling == "window" and not low < high:
        raise SettingsError(f"train.input_window is [{low}, {high}]; wanted the lower phase (rad) first.")
    # A constant image has no contrast to stretch; it becomes 0 rather than a division by zero.
    width = (high - low) or 1.0
    return np.clip((phase - np.float32(low)) / np.float32(width), 0, 1)


def _range(phase, scaling, window):
    """Value that becomes 0, and value that becomes 1; equal for an image without contrast."""
    if scaling == "window":
        return window
    if scaling == "per_image":
        return float(phase.min()), float(phase.max())
    mean, spread = float(phase.mean(dtype=np.float64)), float(phase.std(dtype=np.float64))
    if spread <= NO_CONTRAST:
        return float(phase.max()), float(phase.max())
    return mean - STANDARD_SD[0] * spread, mean + STANDARD_SD[1] * spread


def network_input(scaled):
    """Copy a 0..1 image into three channels with the colour statistics of ImageNet.

    Parameters
    ----------
    scaled : numpy.ndarray
        (..., height, width), 0..1.

    Returns
    -------
    numpy.ndarray
        float32, (..., height, width, 3).

    References
    ----------
    The authors' preprocessing ("torch" mode of Keras applications).
    """
    return (np.asarray(scaled, dtype=np.float32)[..., np.newaxis] - IMAGENET_MEAN) / IMAGENET_SD


def pad_to_multiple(image, multiple=SIDE_MULTIPLE):
    """Extend an image at its lower and right side by mirroring, to sides the network can take.

    Parameters
    ----------
    image : numpy.ndarray
        (height, width).
    multiple : int
        Both sides become the next multiple of this.

    Returns
    -------
    numpy.ndarray
        (height', width'), same dtype; `crop_to(padded, image.shape)` undoes it.
    """
    height, width = image.shape
    return np.pad(image, ((0, -height % multiple), (0, -width % multiple)), mode="symmetric")


def crop_to(image, shape):
    """Cut the padding of `pad_to_multiple` off again.

    Parameters
    ----------
    image : numpy.ndarray
        (height', width', ...).
    shape : tuple of int
        (height, width) of the image before padding.

    Returns
    -------
    numpy.ndarray
        (height, width, ...), a view.
    """
    return image[: shape[0], : shape[1]]
