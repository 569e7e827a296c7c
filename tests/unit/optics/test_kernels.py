"""Compiled loops against whole arrays in float64."""

import numpy as np
import pytest
from livedead.optics import coarse_kernels, kernels
from livedead.optics.sampling import downsample_area_mean
from scipy import ndimage

SHAPE = (37, 250)


@pytest.fixture
def planes(rng):
    return rng.integers(80, 60_000, (4, *SHAPE)).astype(np.uint16)


def dark_planes(kind, rng):
    shape = SHAPE if kind == "frame" else (1, 1)
    return tuple(rng.integers(90, 110, (4, *shape)).astype(np.float32))


@pytest.mark.parametrize("kind", ["number", "frame"])
@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_phase_and_sums_of_quarter_steps(planes, kind, dtype, rng):
    dark, gains = dark_planes(kind, rng), np.array([1.01, 0.98, 1.02, 0.99], np.float32)
    light = (np.array([20_000, 12, -0.03]) * rng.uniform(0.9, 1.1, (SHAPE[0], 3))).astype(np.float32)
    counts, phase = tuple(planes.astype(dtype)), np.empty(SHAPE, np.float32)
    kernels.wrapped_phase(counts, dark, gains, light, phase)
    frames = (planes - np.array(dark, float)) * gains.astype(float)[:, None, None]
    field = np.empty(SHAPE, np.float32)
    kernels.spread_rows(light, field)
    x = np.arange(SHAPE[1], dtype=float)
    one = np.stack([np.polynomial.polynomial.polyval(x, row) for row in light.astype(float)])
    np.testing.assert_allclose(field, one, rtol=3e-7)
    sine, cosine = frames[3] - frames[1], frames[0] - frames[2]
    error = np.angle(np.exp(1j * (phase - np.arctan2(sine, one + cosine))))
    # Where the amplitude of the field vanishes no phase is exact.
    assert np.abs(error)[np.hypot(sine, one + cosine) > 10_000].max() < 1e-6
    assert (np.abs(phase) > 3).any()
    total, closure, modulation = kernels.fringe_sums(counts, dark, gains)
    left = frames[0] - frames[1] + frames[2] - frames[3]
    assert (total, closure, modulation) == pytest.approx(
        (frames.sum(), (left**2).sum(), np.hypot(sine, cosine).sum()), rel=1e-6
    )


def test_arctangent_all_around_the_circle():
    """Counts that draw a circle, axes and origin included: within 5e-7 rad of float64."""
    angle = np.linspace(-np.pi, np.pi, 100_001)
    for radius in (1e-3, 1.0, 4e4):
        x, y = (radius * part(angle).astype(np.float32)[None] for part in (np.cos, np.sin))
        none, phase = np.zeros_like(x), np.empty_like(x)
        dark, gains = (np.zeros((1, 1), np.float32),) * 4, np.ones(4, np.float32)
        kernels.wrapped_phase((x, none, none, y), dark, gains, np.zeros((1, 3), np.float32), phase)
        assert np.abs(phase - np.arctan2(y.astype(float), x.astype(float))).max() < 5e-7
    axes = np.array([[1.0, 0, -1, 0, 0]], np.float32), np.array([[0.0, 1, 0, -1, 0]], np.float32)
    none, phase = np.zeros((1, 5), np.float32), np.empty((1, 5), np.float32)
    kernels.wrapped_phase((axes[0], none, none, axes[1]), dark, gains, np.zeros((1, 3), np.float32), phase)
    np.testing.assert_allclose(phase[0], [0, np.pi / 2, np.pi, -np.pi / 2, 0], atol=1e-7)


@pytest.mark.parametrize("gate", [0.5, 2.0, 100.0])
def test_jumps_are_counted_and_their_blocks_marked(rng, gate):
    phase = rng.normal(0, 0.2, SHAPE)
    phase[rng.random(SHAPE) < 0.004] += 3
    phase = phase.astype(np.float32)
    jumps = [np.argwhere(np.abs(np.diff(phase, axis=axis)) > gate) for axis in (0, 1)]
    assert kernels.jumps_above(phase, np.float32(gate)) == len(jumps[0]) + len(jumps[1])
    marked = np.zeros((5, 32), np.uint8)
    kernels.mark_jumps(phase, np.float32(gate), 8, marked)
    expected = np.zeros_like(marked)
    for axis, found in enumerate(jumps):
        for pixel in (found, found + np.eye(2, dtype=int)[axis]):
            expected[tuple(pixel.T // 8)] = 1
    np.testing.assert_array_equal(marked, expected)


def test_means_of_blocks_and_maxima_of_rows_are_exact(planes):
    planes[0, 5, 249] = 65_535
    means, tops = np.empty((9, 62), np.float32), np.empty(SHAPE[0], np.uint16)
    for plane in planes:
        kernels.block_means(plane, means)
        np.testing.assert_array_equal(means, plane[:36, :248].reshape(9, 4, 62, 4).mean((1, 3)).astype(np.float32))
        kernels.row_maxima(plane, tops)
        np.testing.assert_array_equal(tops, plane.max(1))


def test_sums_over_a_mask(rng):
    values, mask = rng.normal(2, 0.1, SHAPE).astype(np.float32), rng.random((9, 62)) < 0.3
    fine = mask.repeat(4, 0).repeat(4, 1)
    steps = np.diff(values.astype(float), axis=1)[:36, :247][fine[:, 1:]]
    assert coarse_kernels.step_sums(values, mask) == pytest.approx(
        (steps.size, steps.sum(), (steps**2).sum()), rel=1e-5
    )


@pytest.mark.parametrize("block", [1, 4])
@pytest.mark.parametrize("room", [3, 10_000])
def test_values_between_two_ends_are_gathered_as_far_as_there_is_room(rng, block, room):
    values = rng.normal(2, 0.1, SHAPE).astype(np.float32)[: SHAPE[0] // block * block, : SHAPE[1] // block * block]
    mask = rng.random([side // block for side in values.shape]) < 0.3
    inside = values[mask.repeat(block, 0).repeat(block, 1)]
    low, high = np.sort(inside)[[100, 400]]
    found = np.zeros(room, np.float32)
    between = inside[(inside >= low) & (inside <= high)]
    numbers = coarse_kernels.gather_between(values, mask, low, high, found)
    assert numbers == (inside.size, 100, between.size)
    np.testing.assert_array_equal(found[: between.size], between[:room])


def test_histogram_is_that_of_numpy(rng):
    for values in (rng.normal(-2, 0.3, 50_000).astype(np.float32), np.arange(257, dtype=np.float32)):
        edges, counts = np.histogram_bin_edges(values, 256), np.zeros(256, np.int64)
        coarse_kernels.histogram_counts(values, edges, counts)
        np.testing.assert_array_equal(counts, np.histogram(values, 256)[0])


def test_lengths_and_larger_roots_are_those_of_numpy(rng):
    sine, cosine = rng.normal(0, 900, (2, *SHAPE)).astype(np.float32)
    length, root = np.empty(SHAPE, np.float32), np.empty(SHAPE, np.float32)
    coarse_kernels.lengths(sine.ravel(), cosine.ravel(), length.ravel())
    np.testing.assert_array_equal(length, np.hypot(sine, cosine))
    mean = rng.uniform(200, 900, SHAPE).astype(np.float32)
    coarse_kernels.larger_root(mean, sine, cosine, root)
    np.testing.assert_array_equal(root, (mean + np.sqrt(np.maximum(mean**2 - 4 * (length / 4) ** 2, 0))) / 2)


def test_moments_of_rows_and_heights_above_polynomials(rng):
    values, mask = rng.normal(50, 3, SHAPE).astype(np.float32), rng.random(SHAPE) < 0.4
    x, moments = (np.arange(SHAPE[1]) + 0.5) / SHAPE[1], np.empty((SHAPE[0], 8))
    coarse_kernels.row_moments(values, mask, moments)
    powers = x ** np.arange(5)[:, None]
    np.testing.assert_allclose(moments[:, :5], mask @ powers.T, rtol=1e-12)
    np.testing.assert_allclose(moments[:, 5:], (mask * values.astype(float)) @ powers[:3].T, rtol=1e-12)
    rows, above = rng.normal(20, 5, (SHAPE[0], 3)), np.empty(SHAPE, np.float32)
    coarse_kernels.above_rows(values, rows, above)
    np.testing.assert_allclose(above, values - rows @ powers[:3], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("factor", [1, 2, 3])
def test_means_above_a_level_are_those_of_downsampling(rng, factor):
    image = rng.normal(0, 2, (36, 252)).astype(np.float32)
    means = np.empty((36 // factor, 252 // factor), np.float32)
    kernels.means_above(image, np.float32(0.3), means)
    np.testing.assert_array_equal(means, downsample_area_mean(image, factor) - np.float32(0.3))


def test_spread_over_frames_is_that_of_numpy(rng):
    for frames in (rng.normal(900, 200, (4, *SHAPE)), rng.normal(900, 200, (3, *SHAPE))):
        spread = np.empty(SHAPE, np.float32)
        coarse_kernels.frame_spread(frames.astype(np.float32), spread)
        np.testing.assert_array_equal(spread, frames.astype(np.float32).std(0))


def test_box_means_are_those_of_scipy(rng):
    image, means = rng.normal(0, 1, SHAPE).astype(np.float32), np.empty(SHAPE, np.float32)
    coarse_kernels.box_means(image, means)
    np.testing.assert_allclose(means, ndimage.uniform_filter(image, 5, mode="nearest"), atol=1e-7)
