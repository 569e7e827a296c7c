"""Background and noise of a fluorescence frame."""

import numpy as np
from scipy import ndimage as ndi
from scipy.special import ndtri

#: A fifth of the window is free of nuclei even in a confluent layer.
BACKGROUND_PERCENTILE = 20
#: The background is searched on blocks of this fraction of its window.
BLOCK_FRACTION = 1 / 20


def local_background(image: np.ndarray, window_px: float) -> np.ndarray:
    """
    Estimate the slowly varying background under the nuclei.

    A low percentile in a sliding window follows illumination falloff and camera offset, and is smoothed;
    it is searched on block means, where noise is small, so it is hardly biased by noise.

    Parameters
    ----------
    image : numpy.ndarray
        (Y, X) real image.
    window_px : float
        Side of the window, wider than a nucleus, pixels.

    Returns
    -------
    numpy.ndarray
        (Y, X) float64, unit of `image`.
    """
    block = max(1, round(window_px * BLOCK_FRACTION))
    height, width = image.shape
    padded = np.pad(np.asarray(image, dtype=float), [(0, -height % block), (0, -width % block)], mode="edge")
    coarse = padded.reshape(padded.shape[0] // block, block, padded.shape[1] // block, block).mean((1, 3))
    size = max(3, round(window_px / block))
    low = ndi.percentile_filter(coarse, BACKGROUND_PERCENTILE, size=size, mode="nearest")
    low = ndi.gaussian_filter(low, size / 4, mode="nearest")
    # Block (i, j) is centred half a block inside its own pixels.
    rows, columns = (((np.arange(n) + 0.5) / block) - 0.5 for n in image.shape)
    grid = np.meshgrid(rows, columns, indexing="ij")
    return ndi.map_coordinates(low, grid, order=1, mode="nearest")


def noise_after_lowpass(image: np.ndarray, sigma_px: float) -> float:
    """
    Estimate the noise that a Gaussian low-pass leaves in an image.

    White noise is read from the checkerboard second difference, which smooth images do not have, by its
    median absolute value (J. Immerkaer, Comput. Vis. Image Underst. 64:300, 1996).

    Parameters
    ----------
    image : numpy.ndarray
        (Y, X) real image before the low-pass.
    sigma_px : float
        Standard deviation of the low-pass, pixels.

    Returns
    -------
    float
        Standard deviation after the low-pass, unit of `image`.
    """
    kernel = np.array([[1.0, -2.0, 1.0], [-2.0, 4.0, -2.0], [1.0, -2.0, 1.0]])
    difference = ndi.convolve(np.asarray(image, dtype=float), kernel, mode="reflect")
    white = np.median(np.abs(difference)) / ndtri(0.75) / np.sqrt(np.sum(kernel**2))
    # A Gaussian of width s keeps 1 / (4 pi s^2) of the variance of white noise, never more than all of it.
    return float(white * min(1.0, 1.0 / (2.0 * np.sqrt(np.pi) * max(sigma_px, 1e-9))))
