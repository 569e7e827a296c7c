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
from skimage.filters import threshold_otsu

from ..desk.errors import DataError
from .coarse_kernels import box_means, histogram_counts, larger_root
from .kernels import COARSE, block_means, spread_rows
from .medians import median_where, percentile_where
from .phase_shifting import fringe_parts, shift_matrix
from .robust_quadratic import robust_quadratic
from .slim import QUARTER_SHIFTS_RAD

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
    """Retrieve the wrapped phase of one set of frames of any shifts.

    Whole frames of quarter steps are faster by `kernels.wrapped_phase`, which gives the same.

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


def cell_free_mask(coarse: np.ndarray, shifts_rad: Sequence[float] = QUARTER_SHIFTS_RAD) -> np.ndarray:
    """Find pixels without a cell.

    Cells have texture; the medium is flat even inside a halo. The mask holds where the local spread of
    ``(S, C)`` relative to the mean intensity is low and its size is near the lower end of the field. They are looked
    for on a coarse grid: they form areas, and single pixels are noise.

    Parameters
    ----------
    coarse : numpy.ndarray
        Frames on the coarse grid, `coarse_means`.
    shifts_rad : sequence of float
        Shift of the ring in every frame.

    Returns
    -------
    numpy.ndarray
        bool, shape of a coarse frame.
    """
    total, sine, cosine = mean_sine_cosine(coarse, shifts_rad)
    # The medium is the darkest part of a positive phase contrast image; its level scales the texture.
    level = percentile_where(total, np.ones(total.shape, bool), 10)
    variance = sum(_local_variance(part / level) for part in (sine, cosine))
    logged = np.log(np.sqrt(variance) + 1e-4)
    flat = logged < _otsu(logged)
    # Flat tops of thick cells are bright: keep what is as dark as the darkest flat third.
    if not flat.any():
        return flat
    return _eroded(flat & (total < 1.6 * percentile_where(total, flat, 33)))


def unscattered_intensity(
    coarse: np.ndarray,
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
    coarse : numpy.ndarray
        Frames on the coarse grid, balanced, without offset.
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
    mean, sine, cosine = mean_sine_cosine(coarse, shifts_rad)
    root = np.empty(cell_free.shape, np.float32)
    larger_root(mean, sine, cosine, root)
    return np.array([median_where(root, cell_free)], float) if model == "flat" else robust_quadratic(root, cell_free)


def illumination(coefficients: np.ndarray, shape: tuple[int, int], out: np.ndarray | None = None) -> float | np.ndarray:
    """Spread what `unscattered_intensity` found over the field.

    Parameters
    ----------
    coefficients : numpy.ndarray
        1 or 6 numbers.
    shape : tuple of int
        Rows and columns of the field.
    out : numpy.ndarray, optional
        float32 (Y, X) to write to.

    Returns
    -------
    float or numpy.ndarray
        One number, or float32 (Y, X).
    """
    if len(coefficients) == 1:
        return float(coefficients[0])
    field = np.empty(shape, np.float32) if out is None else out
    spread_rows(illumination_rows(coefficients, shape), field)
    return field


def illumination_rows(coefficients: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Write what `unscattered_intensity` found as a polynomial of the column number for every row.

    Parameters
    ----------
    coefficients : numpy.ndarray
        1 or 6 numbers.
    shape : tuple of int
        Rows and columns of the field.

    Returns
    -------
    numpy.ndarray
        float32 (Y, 3).
    """
    one, of_y, of_x, of_yy, of_yx, of_xx = coefficients if len(coefficients) > 1 else (coefficients[0], 0, 0, 0, 0, 0)
    y = (np.arange(shape[0]) + 0.5) / shape[0]
    constant, slope = one + y * (of_y + y * of_yy), of_x + y * of_yx
    # In x = (column + 1/2) / columns.
    half, step = 0.5 / shape[1], 1 / shape[1]
    rows = [constant + half * (slope + half * of_xx), step * (slope + 2 * half * of_xx), of_xx * step**2 + 0 * y]
    return np.stack(rows, 1).astype(np.float32)


def frame_gains(
    coarse: np.ndarray, cell_free: np.ndarray, shifts_rad: Sequence[float] = QUARTER_SHIFTS_RAD
) -> np.ndarray:
    """Find the drift of the lamp: factors of the frames that make their cell-free medians agree.

    Parameters
    ----------
    coarse : numpy.ndarray
        Frames on the coarse grid, without offset.
    cell_free : numpy.ndarray
        Coarse mask of `cell_free_mask`.
    shifts_rad : sequence of float
        Shift of the ring in every frame.

    Returns
    -------
    numpy.ndarray
        float32 (N,).
    """
    if not cell_free.any():
        return np.ones(len(coarse), np.float32)
    medians = np.array([median_where(frame, cell_free) for frame in coarse])
    if not is_quarter_steps(shifts_rad):
        # What no sine of the shifts can explain is drift.
        fitted = shift_matrix(shifts_rad) @ fringe_parts(medians.astype(float), shifts_rad)
        return (fitted / medians).astype(np.float32)
    # With a halo the medians of opposite frames differ for a good reason, but the sums of opposite
    # frames must agree: only the common drift of each pair is undone.
    pair = np.array([medians[0] + medians[2], medians[1] + medians[3]])
    return (pair.mean() / pair)[[0, 1, 0, 1]].astype(np.float32)


def coarse_means(frames: Sequence[np.ndarray]) -> np.ndarray:
    """Mean over blocks of 4 x 4 pixels, N planes (Y, X) of uint16 or float32 to float32 (N, Y // 4, X // 4)."""
    height, width = frames[0].shape
    means = np.empty((len(frames), height // COARSE, width // COARSE), np.float32)
    for frame, mean in zip(frames, means, strict=True):
        block_means(frame, mean)
    return means


def _local_variance(part: np.ndarray) -> np.ndarray:
    mean, square = np.empty_like(part), np.empty_like(part)
    box_means(part, mean)
    box_means(part**2, square)
    return np.maximum(square - mean**2, 0)


def _otsu(values: np.ndarray) -> np.floating:
    """Find Otsu's threshold as `skimage.filters.threshold_otsu` does, whose histogram takes several times as long."""
    if values.min() == values.max():
        return values[0, 0]
    edges, counts = np.histogram_bin_edges(values, 256), np.zeros(256, np.int64)
    histogram_counts(values.ravel(), edges, counts)
    return threshold_otsu(hist=(counts, (edges[1:] + edges[:-1]) / 2))


def _eroded(mask: np.ndarray) -> np.ndarray:
    """Take away the outermost pixels of a mask, and those at the border of the field."""
    inner = np.zeros_like(mask)
    inner[1:-1, 1:-1] = mask[1:-1, 1:-1] & mask[:-2, 1:-1] & mask[2:, 1:-1] & mask[1:-1, :-2] & mask[1:-1, 2:]
    return inner
