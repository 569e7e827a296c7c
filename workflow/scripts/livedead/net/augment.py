"""Random changes of a training crop that leave its meaning unchanged."""

import numpy as np
from scipy import ndimage


def augment(image, labels, rng, settings):
    """Draw one variant of a crop; image and labels stay registered.

    In this order: flip and transpose, zoom and shift, contrast, brightness, blur, noise. Zooming out or
    shifting mirrors the crop at its border, so that no pixel is without image or label.

    Parameters
    ----------
    image : numpy.ndarray
        (side, side), float32, 0..1.
    labels : numpy.ndarray
        (side, side), uint8.
    rng : numpy.random.Generator
        Source of every random number; the result is a pure function of it.
    settings : dict
        flip, transpose : bool; scale : zoom factor within 1 +- this; shift : fraction of the crop's side;
        brightness : largest offset; contrast : factor within 1 +- this; blur_sigma_px : largest Gaussian width;
        noise : standard deviation; grey values in units of the 0..1 image.

    Returns
    -------
    tuple of numpy.ndarray
        Image (float32, 0..1) and labels (uint8; only values that the crop holds) of the same shape.

    References
    ----------
    Paper, Methods: crop, flip, shift, noise, brightness; the authors' code adds scale, contrast and blur.
    """
    # All numbers are drawn whether used or not: switching one change off leaves the others as they were.
    flip_rows, flip_columns, swap = rng.random(3) < 0.5
    zoom = 1 + settings["scale"] * rng.uniform(-1, 1)
    shift = settings["shift"] * image.shape[0] * rng.uniform(-1, 1, size=2)
    factor = 1 + settings["contrast"] * rng.uniform(-1, 1)
    offset = settings["brightness"] * rng.uniform(-1, 1)
    blur = settings["blur_sigma_px"] * rng.random()
    noise = settings["noise"] * rng.standard_normal(image.shape, dtype=np.float32)

    if settings["flip"] and flip_rows:
        image, labels = image[::-1], labels[::-1]
    if settings["flip"] and flip_columns:
        image, labels = image[:, ::-1], labels[:, ::-1]
    if settings["transpose"] and swap:
        image, labels = image.T, labels.T
    image, labels = _zoom_and_shift(image, labels, zoom, shift)
    image = (image - image.mean()) * factor + image.mean() + offset
    if blur > 0:
        image = ndimage.gaussian_filter(image, blur, mode="mirror")
    return np.clip(image + noise, 0, 1).astype(np.float32), np.ascontiguousarray(labels)


def _zoom_and_shift(image, labels, zoom, shift):
    """Magnify about the centre and move by `shift` pixels (row, column): linear for the image, nearest for labels."""
    if zoom == 1 and not shift.any():
        return image, labels
    centre = (np.array(image.shape) - 1) / 2
    # scipy maps output to input: input = (output - centre - shift) / zoom + centre.
    geometry = {"matrix": [1 / zoom, 1 / zoom], "offset": centre - (centre + shift) / zoom, "mode": "mirror"}
    return (
        ndimage.affine_transform(image, order=1, **geometry),
        ndimage.affine_transform(labels, order=0, **geometry),
    )
