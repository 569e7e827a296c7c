"""Whether the frames of a set fit what cells are: their order, and the calibration."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np

from .coarse_kernels import frame_spread, lengths
from .medians import median_where, percentile_where
from .phase_shifting import fit_fringes, fringe_parts
from .retrieval import mean_sine_cosine
from .unwrapping import unwrap_where_needed

# Fringes this strong, relative to the mean of the field, are those of cells; fewer areas say nothing.
_CELL_MODULATION = 0.3
_LEAST_AREAS, _MOST_AREAS = 50, 1000
# Another order must fit this much better before it is named.
_BETTER, _MARGIN, _ALIKE = 0.6, 0.02, 3
_MOST_PERMUTED = 4


def fitting_order(
    coarse: np.ndarray, cell_free: np.ndarray, *, ring_transmission: float, shifts_rad: Sequence[float]
) -> tuple[int, ...] | None:
    """Find the order of the frames that fits what cells are.

    In the right order the frames follow their shifts (closure), cells let light through (the amplitude of the
    retrieved field is that of the medium) and retard it (their phase is above the medium's). Every order of up
    to four frames is tried; of more frames, the given one and the opposite sense of rotation. Of simulated
    films in the 24 orders of four frames every one is found, but for one or two of them in some fields of apoptotic
    bodies; with shifts 15 to 20 degrees off still nearly every one.

    Parameters
    ----------
    coarse : numpy.ndarray
        Frames on the coarse grid (`retrieval.coarse_means`), in the order of the settings, without offset.
    cell_free : numpy.ndarray
        Coarse mask of `cell_free_mask`; in a wrong order it may hold anything.
    ring_transmission : float
        Amplitude transmission of the phase ring.
    shifts_rad : sequence of float
        Shift of every frame, as set.

    Returns
    -------
    tuple of int or None
        For every shift the number of the frame that holds it: 0, 1, 2, ... where the settings are right, also
        where no other order is clearly better. None where too few pixels have fringes.
    """
    coarse = coarse / coarse.mean()
    # The spread over the frames is the same in every order.
    cells = _spread(coarse) * np.sqrt(2) > _CELL_MODULATION
    if cells.sum() < _LEAST_AREAS:
        return None
    medium = cell_free & ~cells if (cell_free & ~cells).any() else ~cells
    if not medium.any():
        return None
    floor = np.array([median_where(frame, medium) for frame in coarse])
    places = np.flatnonzero(cells)
    some = coarse.reshape(len(coarse), -1).take(places[:: -(-places.size // _MOST_AREAS)], 1)
    given = tuple(range(len(coarse)))
    # Frames recorded in the opposite sense hold the shifts 0, -s1, -s2, ...
    orders = list(permutations(given)) if len(coarse) <= _MOST_PERMUTED else [given, (0, *given[:0:-1])]
    by_shift = np.array(orders).T
    found = _misfits(some[by_shift], floor[by_shift][..., None], ring_transmission, shifts_rad)
    misfits = dict(zip(orders, found, strict=True))
    best, next_best = sorted(orders, key=lambda order: sum(misfits[order]))[:2]
    # The opposite sense of rotation fits alike; only the sign of the phase tells it.
    alike = [best] + [next_best] * (sum(misfits[next_best]) < _ALIKE * sum(misfits[best]) + _MARGIN)

    def retards(order: tuple[int, ...]) -> bool:
        """Whether cells come out brighter than the medium; of thick ones only the unwrapped phase tells."""
        real, imaginary = _field(coarse[order, :], floor[order, None, None], ring_transmission, shifts_rad)
        phase = unwrap_where_needed(np.arctan2(imaginary, real), mode="gated", gate_rad=np.pi)[0]
        # The halo is darker than the medium and wide, but never as much as cells are brighter.
        darkest, brightest = (percentile_where(phase, cells, percent) for percent in (1, 99))
        return bool((darkest + brightest) / 2 > median_where(phase, medium))

    # The given order first, which is right nearly always: unwrapping costs more than all the rest.
    if given in alike and retards(given):
        return given
    alike = [order for order in alike if order != given and retards(order)]
    if not alike:
        return given
    # Orders with the same pairs of opposite frames close alike, however large the errors of the shifts.
    clearly = any(new < _BETTER * old - _MARGIN for new, old in zip(misfits[alike[0]], misfits[given], strict=True))
    return alike[0] if clearly or not retards(given) else given


def amplitude_spread(
    coarse: np.ndarray, unscattered: float | np.ndarray, *, ring_transmission: float, shifts_rad: Sequence[float]
) -> float | None:
    """Spread of the light's amplitude behind cells, which let it through: large where the calibration is wrong.

    Parameters
    ----------
    coarse : numpy.ndarray
        Frames on the coarse grid, balanced, in order, without offset.
    unscattered : float or numpy.ndarray
        Intensity of the attenuated unscattered light that the retrieval uses, a number or on the coarse grid.
    ring_transmission : float
        Amplitude transmission of the phase ring.
    shifts_rad : sequence of float
        Shift of every frame.

    Returns
    -------
    float or None
        Standard deviation over mean; None where too few pixels have fringes.
    """
    cells = _spread(coarse) * np.sqrt(2) > _CELL_MODULATION * coarse.mean()
    if cells.sum() < _LEAST_AREAS:
        return None
    places = np.flatnonzero(cells)
    _, sine, cosine = mean_sine_cosine(coarse.reshape(len(coarse), -1).take(places, 1), shifts_rad)
    scale = ring_transmission / 4 / np.broadcast_to(unscattered, cells.shape).ravel()[places]
    amplitude = np.empty_like(scale)
    lengths(scale * sine, 1 + scale * cosine, amplitude)
    return float(amplitude.std() / amplitude.mean())


def _spread(coarse: np.ndarray) -> np.ndarray:
    """Measure how far the frames spread in every area."""
    spread = np.empty(coarse.shape[1:], np.float32)
    frame_spread(coarse, spread)
    return spread


def _field(
    frames: np.ndarray, floor: np.ndarray, ring_transmission: float, shifts_rad: Sequence[float]
) -> tuple[np.ndarray, np.ndarray]:
    """Field behind the specimen, relative to that behind the medium, where nearly all light is unscattered.

    Its real and its imaginary part.
    """
    _, cosine, sine = fringe_parts(frames, shifts_rad)
    unscattered, cosine_there, sine_there = fringe_parts(floor, shifts_rad)
    scale = ring_transmission / 2 / np.maximum(unscattered, 1e-6)
    real, imaginary = 1 + scale * cosine, scale * sine
    real_there, imaginary_there = 1 + scale * cosine_there, scale * sine_there
    square = real_there**2 + imaginary_there**2
    return (
        real * (real_there / square) + imaginary * (imaginary_there / square),
        imaginary * (real_there / square) - real * (imaginary_there / square),
    )


def _misfits(
    frames: np.ndarray, floor: np.ndarray, ring_transmission: float, shifts_rad: Sequence[float]
) -> list[tuple[float, float]]:
    """Measure the misfits of every order, (N, orders, pixels): what the shifts leave, and the amplitude's spread."""
    left = fit_fringes(frames, shifts_rad).residual
    amplitude = np.hypot(*_field(frames, floor, ring_transmission, shifts_rad))
    closure = 2 * np.sqrt((left**2).sum(0).mean(-1))
    return list(zip(closure.tolist(), (amplitude.std(-1) / amplitude.mean(-1)).tolist(), strict=True))
