import numpy as np
import pytest
from livedead.optics.medians import median_of, median_where, percentile_where

SAMPLES = {
    "normal": lambda rng, n: rng.normal(0.3, 0.01, n),
    "ties": lambda rng, n: rng.integers(0, 4, n),
    "equal": lambda rng, n: np.full(n, 2.5),
    "two heaps": lambda rng, n: rng.choice([-1.0, 1.0], n) + rng.normal(0, 0.1, n),
    # Every 2nd, 3rd, ... value is not like the others: a sample of them misleads.
    "periodic": lambda rng, n: np.where(np.arange(n) % 60, rng.random(n), 9.0),
}


@pytest.mark.parametrize("size", [1, 2, 3, 10, 999, 983_040])
@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_median_is_that_of_numpy(kind, size, dtype, rng):
    values = SAMPLES[kind](rng, size).astype(dtype)
    found = median_of(values)
    assert found == np.median(values)
    assert found.dtype == dtype


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("part", [0.001, 0.4, 1.0])
@pytest.mark.parametrize("block", [1, 4])
def test_median_and_percentiles_of_a_masked_field(kind, part, block, rng):
    values = SAMPLES[kind](rng, 515 * 602).reshape(515, 602).astype(np.float32)[:, : 600 if block == 4 else 602]
    mask = rng.random([side // block for side in values.shape]) < part
    mask[3, 7] = True
    held = values[: block * mask.shape[0]][mask.repeat(block, 0).repeat(block, 1)]
    assert median_where(values, mask) == np.median(held)
    for percent in (0, 1, 33, 60, 99, 100):
        assert percentile_where(values, mask, percent) == np.percentile(held, percent)


def test_a_sample_that_misleads_is_noticed(rng):
    values = rng.random((256, 640)).astype(np.float32)
    values[2::4, 2::20] += 5
    assert median_where(values, np.ones((64, 160), bool)) == np.median(values)
