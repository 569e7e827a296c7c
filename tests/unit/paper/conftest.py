"""A small field of round nuclei, drawn with plain arrays."""

import numpy as np
import pytest

PIXEL_SIZE_UM = 0.5


@pytest.fixture
def field():
    """Return a function that makes phase, label map and nuclei table of one frame; 240 x 240 px of 0.5 um."""
    return make_field


def make_field(dead=4, nuclei=12, size=240, seed=1, frame=0):
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:size, :size]
    phase = random.normal(0, 0.02, (size, size)).astype(np.float32)
    labels = np.zeros((size, size), np.uint8)
    table = []
    for number in range(nuclei):
        row, column = divmod(number, 4)
        cy, cx = (row + 0.5) * size / 3, (column + 0.5) * size / 4
        distance = np.hypot(y - cy, x - cx)
        phase += 1.2 * np.exp(-((distance / 24) ** 2)) + 0.6 * np.exp(-((distance / 10) ** 2))
        state = "dead" if number < dead else "live"
        labels[distance < 12] = 1 + (state == "dead")
        table.append(
            {
                "sequence": "toy",
                "frame": frame,
                "label": number + 1,
                "x_um": cx * PIXEL_SIZE_UM,
                "y_um": cy * PIXEL_SIZE_UM,
                "state": state,
            }
        )
    return phase, labels, table
