import io

import numpy as np
from livedead.paper.cover import cover_png
from livedead.paper.style import DEAD_COLOUR, LIVE_COLOUR
from matplotlib.colors import to_rgb
from matplotlib.image import imread


def test_phase_left_prediction_right():
    phase = np.random.default_rng(0).normal(0, 0.1, (64, 96))
    labels = np.zeros((64, 96), np.uint8)
    labels[:32, 16:48], labels[32:, 48:80] = 1, 2
    content = cover_png(phase, labels)
    picture = imread(io.BytesIO(content))[..., :3]
    assert picture.shape == (400, 800, 3)
    assert len(content) < 500_000  # bioimage.io takes no larger one
    left, right = picture[:, :400], picture[:, 400:]
    assert np.ptp(left, axis=-1).max() == 0  # grey
    for quarter, colour in ((right[:200, :200], LIVE_COLOUR), (right[200:, 200:], DEAD_COLOUR)):
        hue = (quarter - left[:200, :200].mean()).mean(axis=(0, 1))
        assert np.corrcoef(hue, to_rgb(colour))[0, 1] > 0.9
    np.testing.assert_allclose(right[:200, 200:], left[:200, 200:])
    assert cover_png(phase, labels) == content
