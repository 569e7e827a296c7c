"""Change of the pixel grid."""

from __future__ import annotations

import numpy as np

from ..desk.errors import ImageError


def downsample_area_mean(image: np.ndarray, factor: int) -> np.ndarray:
    """Average blocks of `factor` x `factor` pixels.

    The paper downsamples SLIM images by two before learning (Methods) without naming the filter; the area
    mean keeps the integral of the phase, hence the dry mass, exactly.

    Parameters
    ----------
    image : numpy.ndarray
        Shape (..., Y, X); both sides must be divisible by `factor`.
    factor : int
        Pixels averaged along each axis, 1 or more.

    Returns
    -------
    numpy.ndarray
        Shape (..., Y / factor, X / factor); float32 for integer and float32 input, else the input's dtype.

    Raises
    ------
    ImageError
        If a side is not divisible by `factor`.
    """
    height, width = reduced_shape(image.shape, factor)
    dtype = np.float64 if image.dtype == np.float64 else np.float32
    if factor == 1:
        return image.astype(dtype)
    # A sum of strided views is ten times faster than reshape().mean() and exact for integer input.
    total = np.zeros((*image.shape[:-2], height, width), dtype)
    for row in range(factor):
        for column in range(factor):
            total += image[..., row::factor, column::factor]
    total /= dtype(factor**2)
    return total


def reduced_shape(shape: tuple[int, ...], factor: int) -> tuple[int, int]:
    """Rows and columns of an image (..., Y, X) after `downsample_area_mean`, which says what it raises."""
    height, width = shape[-2:]
    if height % factor or width % factor:
        raise ImageError(
            f"an image of {height} x {width} pixels cannot be averaged in blocks of {factor} (wanted sides "
            f"divisible by {factor}); crop it, or set phase.downsample (phase.import_downsample of ready maps) to 1"
        )
    return height // factor, width // factor
