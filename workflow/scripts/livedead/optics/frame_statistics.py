"""A few numbers that tell whether a phase image is like those a network has learned from."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..desk.errors import DataError
from .columns import gaussian

FEATURES = ("p01", "p99", "sd", "sharpness", "noise")
FINE_UM, MIDDLE_UM, COARSE_UM = 0.5, 1.0, 2.0
# A normal distribution's standard deviation over its median absolute deviation.
_SD_PER_MAD = 1.4826


def frame_statistics(phase: np.ndarray, pixel_size_um: float) -> dict[str, float]:
    """Describe one phase image.

    All lengths are micrometres of the sample, so that the same cells give nearly the same numbers at another pixel
    size, as long as a pixel is smaller than about 1 um.

    Parameters
    ----------
    phase : numpy.ndarray
        (Y, X), rad or grey values.
    pixel_size_um : float
        Side of a pixel in the sample.

    Returns
    -------
    dict of float
        p01, p99: percentiles 1 and 99 (black background and halo, bright cells), unit of the phase; sd: standard
        deviation, unit of the phase; sharpness: structure between 0.5 and 1 um relative to that between 1 and 2 um
        (differences of Gaussians, root mean squares), which falls with blur and not with contrast or the number of
        cells; noise: standard deviation of what is finer than 1 um, from the median of its absolute values, so that
        the fine structure of cells counts little.

    Raises
    ------
    DataError
        If a value is not finite or the pixel size is not above 0.
    """
    if not (np.isfinite(pixel_size_um) and pixel_size_um > 0):
        raise DataError(f"pixel size {pixel_size_um} um (wanted above 0); correct pixel_size_um in the sheet")
    if phase.size == 0 or not np.isfinite(phase).all():
        raise DataError(f"phase image of {phase.shape} with values that are not finite, or none; export it again")
    phase = phase.astype(np.float32, copy=False)
    fine, middle, coarse = (gaussian(phase, size / pixel_size_um) for size in (FINE_UM, MIDDLE_UM, COARSE_UM))
    low, high = np.quantile(phase, [0.01, 0.99])
    wide, residue = _rms(middle - coarse), phase - middle
    return {
        "p01": float(low),
        "p99": float(high),
        "sd": float(phase.std(dtype=float)),
        # An image without any structure is as far from sharp as can be.
        "sharpness": _rms(fine - middle) / wide if wide else 0.0,
        "noise": float(_SD_PER_MAD * np.median(np.abs(residue - np.median(residue)))),
    }


def out_of_range(
    statistics: Mapping[str, float], reference: Mapping[str, Mapping[str, float]], margin: float
) -> list[str]:
    """Name the features of a frame that lie outside what a network has seen.

    Parameters
    ----------
    statistics : mapping of str to float
        Features of the frame, see `frame_statistics`.
    reference : mapping of str to mapping
        For each feature ``low`` and ``high`` of the frames that the network has learned from.
    margin : float
        How far beyond either end a frame may lie, in units of high - low.

    Returns
    -------
    list of str
        Features outside; those that the reference does not know are not compared.

    Raises
    ------
    DataError
        If a reference has its ends in the wrong order.
    """
    outside = []
    for feature in (name for name in statistics if name in reference):
        low, high = reference[feature]["low"], reference[feature]["high"]
        if not low <= high:
            raise DataError(
                f"input statistics of the model: {feature} from {low} to {high} (wanted low <= high); "
                "write the model card again"
            )
        room = margin * (high - low)
        if not low - room <= statistics[feature] <= high + room:
            outside.append(feature)
    return outside


def _rms(image: np.ndarray) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(image, dtype=float))))
