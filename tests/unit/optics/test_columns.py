import numpy as np
import pytest
from livedead.optics.columns import gaussian, widened
from scipy import ndimage


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(64, 256), (33, 57), (1, 5)])
def test_gaussian_is_that_of_scipy_to_the_last_bit(rng, shape, dtype):
    image = rng.normal(1, 2, shape).astype(dtype)
    blurred = gaussian(image, 1.7)
    np.testing.assert_array_equal(blurred, ndimage.gaussian_filter(image, 1.7))
    assert blurred.dtype == dtype


def test_widened_rows_are_no_power_of_two(rng):
    image = rng.random((8, 1024)) < 0.5
    wide = widened(image, True)
    np.testing.assert_array_equal(wide[:, :1024], image)
    assert wide[:, 1024:].all() and np.log2(wide.shape[1]) % 1
