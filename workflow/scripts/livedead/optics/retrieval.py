"""Interferograms to a phase map (SLIM retrieval).

With frames ``I_n = |a U0|^2 + |U1|^2 + 2 a |U0| |U1| cos(dphi + n pi/2)`` the sine and cosine parts are
``S = I3 - I1`` and ``C = I0 - I2``, and the phase of ``U0 + U1`` relative to ``U0`` is
``atan2(k S, 1 + k C)`` with ``k = 1 / (4 a |U0|^2) = a / (4 I_u)``, where ``I_u = a^2 |U0|^2`` is the
intensity of the attenuated unscattered light, seen where there is no cell (Wang et al., Opt. Express 19,
1016, 2011; constants as in the lab's SLIM programs). Of other shifts than quarters, or of another number of
frames, S and C are found by least squares (`phase_shifting`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import ndimage
from skimage.filters import threshold_otsu

from ..desk.errors import DataError
from .phase_shifting import fringe_parts, shift_matrix
from .slim import QUARTER_SHIFTS_RAD

# Cell-free pixels are looked for on a coarse grid: they form areas, and single pixels are noise.
COARSE = 4
# Fewer such areas than this calibrate nothing.
LEAST_CELL_FREE = 200


def mean_sine_cosine(
    frames: np.ndarray, shifts_rad: Sequence[float] = QUARTER_SHIFTS_RAD
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Take phase-shifted frames apart.

    Parameters
    ----------
    frames : numpy.ndarray
        Intensities, shape (N, Y, X).
    shifts_rad : sequence of float
        Shift of the ring in every frame.

    Returns
    -------
    mean, sine, cosine : numpy.ndarray
        Shape (Y, X): intensity without fringes, ``S = 4 a |U0| |U1| sin(dphi)`` and ``C``, the same with the
        cosine: of quarter steps the differences of opposite frames.
    """
    if is_quarter_steps(shifts_rad):
        return frames.sum(0) / 4, frames[3] - frames[1], frames[0] - frames[2]
    mean, cosine, sine = fringe_parts(frames, shifts_rad)
    return mean, 2 * sine, 2 * cosine


def is_quarter_steps(shifts_rad: Sequence[float]) -> bool:
    """Whether these are the four shifts 0, pi/2, pi, 3 pi/2."""
    return len(shifts_rad) == 4 and bool(np.allclose(shifts_rad, QUARTER_SHIFTS_RAD, rtol=0, atol=1e-9))


def retrieve_phase(
    frames: np.ndarray,
    *,
    ring_transmission: float,
    unscattered: float | np.ndarray,
    shifts_rad: Sequence[float] = QUARTER_SHIFTS_RAD,
) -> np.ndarray:
    """Retrieve the wrapped phase of one set of frames.

    Parameters
    ----------
    frames : numpy.ndarray
        Intensities without camera offset, shape (N, Y, X).
    ring_transmission : float
        Amplitude transmission of the phase ring, 0 < a <= 1.
    unscattered : float or numpy.ndarray
        Intensity of the attenuated unscattered light, one number or a smooth map (Y, X).
    shifts_rad : sequence of float
        Shift of the ring in every frame.

    Returns
    -------
    numpy.ndarray
        float32 (Y, X), rad in (-pi, pi], relative to the unscattered light.
    """
    k = np.float32(ring_transmission / 4) / np.asarray(unscattered, np.float32)
    _, sine, cosine = mean_sine_cosine(frames, shifts_rad)
    return np.arctan2(k * sine, 1 + k * cosine)


def cell_free_mask(frames: np.ndarray, shifts_rad: Sequence[float] = QUARTER_SHIFTS_RAD) -> np.ndarray:
    """Find pixels without a cell.

    Cells have texture; the medium is flat even inside a halo. The mask holds where the local spread of
    ``(S, C)`` relative to the mean intensity is low and its size is near the lower end of the field.

    Parameters
    ----------
    frames : numpy.ndarray
        Shape (N, Y, X).
    shifts_rad : sequence of float
        Shift of the ring in every frame.

    Returns
    -------
    numpy.ndarray
        bool, shape (Y // 4, X // 4): the mask on the coarse grid.
    """
    total, sine, cosine = mean_sine_cosine(coarse_means(frames), shifts_rad)
    # The medium is the darkest part of a positive phase contrast image; its level scales the texture.
    level = np.percentile(total, 10)
    parts = np.stack([sine, cosine]) / level
    mean = ndimage.uniform_filter(parts, (0, 5, 5), mode="nearest")
    spread = np.sqrt(np.maximum(ndimage.uniform_filter(parts**2, (0, 5, 5), mode="nearest") - mean**2, 0).sum(0))
    logged = np.log(spread + 1e-4)
    flat = logged < threshold_otsu(logged)
    # Flat tops of thick cells are bright: keep what is as dark as the darkest flat third.
    if not flat.any():
        return flat
    dark = total < 1.6 * np.percentile(total[flat], 33)
    return ndimage.binary_erosion(flat & dark, iterations=1)


def unscattered_intensity(
    frames: np.ndarray,
    cell_free: np.ndarray,
    *,
    model: str,
    shifts_rad: Sequence[float] = QUARTER_SHIFTS_RAD,
) -> np.ndarray:
    """Estimate the intensity of the attenuated unscattered light from cell-free pixels.

    There the specimen's field is 1, so that ``(I0 + I2)/2 = x + L^2/x`` with ``L = hypot(S, C)/4`` has the
    wanted intensity as its larger root also inside a halo. Single pixels are never used as they are: the
    median, or a quadratic fit over the field, stands for the illumination.

    Parameters
    ----------
    frames : numpy.ndarray
        Shape (N, Y, X), balanced, without offset.
    cell_free : numpy.ndarray
        Coarse mask of `cell_free_mask`.
    model : {"quadratic", "flat"}
        A smooth map of the illumination, or one number.
    shifts_rad : sequence of float
        Shift of the ring in every frame.

    Returns
    -------
    numpy.ndarray
        The 6 coefficients of the map or the 1 number, for `illumination`.

    Raises
    ------
    DataError
        If fewer than 200 coarse pixels are cell-free.
    """
    if cell_free.sum() < LEAST_CELL_FREE:
        raise DataError(
            f"only {int(cell_free.sum())} of {cell_free.size} areas of the field are free of cells (wanted "
            f"{LEAST_CELL_FREE} to calibrate the phase); give phase.unscattered_adu, measured in a field without cells"
        )
    mean, sine, cosine = mean_sine_cosine(coarse_means(frames), shifts_rad)
    product = np.hypot(sine, cosine) / 4
    root = (mean + np.sqrt(np.maximum(mean**2 - 4 * product**2, 0))) / 2
    if model == "flat":
        return np.array([np.median(root[cell_free])], float)
    y, x = np.nonzero(cell_free)
    scale = np.array([[1 / cell_free.shape[0]], [1 / cell_free.shape[1]]])
    return _robust_quadratic(*(np.stack([y, x]) + 0.5) * scale, root[cell_free])


def illumination(coefficients: np.ndarray, shape: tuple[int, int]) -> float | np.ndarray:
    """Spread what `unscattered_intensity` found over the field.

    Parameters
    ----------
    coefficients : numpy.ndarray
        1 or 6 numbers.
    shape : tuple of int
        Rows and columns of the field.

    Returns
    -------
    float or numpy.ndarray
        One number, or float32 (Y, X).
    """
    if len(coefficients) == 1:
        return float(coefficients[0])
    rows, columns = ((np.arange(side) + 0.5) / side for side in shape)
    return np.tensordot(coefficients, _quadratic_terms(rows[:, None], columns[None, :]), 1).astype(np.float32)


def balance_frames(
    frames: np.ndarray, cell_free: np.ndarray, shifts_rad: Sequence[float] = QUARTER_SHIFTS_RAD
) -> np.ndarray:
    """Undo the drift of the lamp: scale frames so that their cell-free medians agree.

    Parameters
    ----------
    frames : numpy.ndarray
        Shape (N, Y, X), without offset.
    cell_free : numpy.ndarray
        Coarse mask of `cell_free_mask`.
    shifts_rad : sequence of float
        Shift of the ring in every frame.

    Returns
    -------
    numpy.ndarray
        float32 (N, Y, X).
    """
    if not cell_free.any():
        return frames
    medians = np.median(coarse_means(frames)[:, cell_free], axis=1)
    if not is_quarter_steps(shifts_rad):
        # What no sine of the shifts can explain is drift.
        fitted = shift_matrix(shifts_rad) @ fringe_parts(medians.astype(float), shifts_rad)
        return frames * (fitted / medians)[:, None, None].astype(np.float32)
    # With a halo the medians of opposite frames differ for a good reason, but the sums of opposite
    # frames must agree: only the common drift of each pair is undone.
    pair = np.array([medians[0] + medians[2], medians[1] + medians[3]])
    gains = (pair.mean() / pair)[[0, 1, 0, 1]]
    return frames * gains[:, None, None].astype(np.float32)


def coarse_means(frames: np.ndarray) -> np.ndarray:
    """Mean over blocks of `COARSE` x `COARSE` pixels, (N, Y, X) to float32 (N, Y // 4, X // 4)."""
    height, width = (side // COARSE * COARSE for side in frames.shape[1:])
    blocks = frames[:, :height, :width].reshape(len(frames), height // COARSE, COARSE, width // COARSE, COARSE)
    return blocks.mean((2, 4), dtype=np.float32)


def _quadratic_terms(y, x) -> np.ndarray:
    terms = np.broadcast_arrays(np.ones_like(y * x), y, x, y * y, y * x, x * x)
    return np.stack(terms)


def _robust_quadratic(y: np.ndarray, x: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Fit a quadratic, leaving out what lies three robust deviations off."""
    terms, keep = _quadratic_terms(y, x), np.ones(values.size, bool)
    for _ in range(4):
        coefficients = np.linalg.lstsq(terms[:, keep].T, values[keep], rcond=None)[0]
        residual = values - coefficients @ terms
        spread = 1.4826 * np.median(np.abs(residual - np.median(residual)))
        keep = np.abs(residual) <= 3 * spread
    return coefficients
