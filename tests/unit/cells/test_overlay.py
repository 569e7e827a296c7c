"""Overlays: every nucleus in the channel of its state, outline brighter than fill, one grey scale for the film."""

import numpy as np
import pytest
from livedead.cells.overlay import CHANNELS, FILL, OUTLINE, film_limits, overlay_frames
from livedead.desk.errors import DataError

FORM = {"pixel_size_um": 1.0, "min_area_um2": 20, "split_distance_um": 6, "uncertain_below": 0.7}


@pytest.fixture
def scene():
    labels = np.zeros((1, 60, 80), np.uint8)
    labels[0, 5:17, 5:17], labels[0, 5:17, 40:52], labels[0, 35:47, 5:17] = 1, 2, 1
    phase = np.linspace(-1, 3, 60 * 80, dtype=np.float32).reshape(1, 60, 80)
    states = [(0.9, 0.1, "live"), (0.1, 0.9, "dead"), (0.55, 0.45, "live")]
    nuclei = [
        {"frame": 0, "label": n, "p_live": a, "p_dead": b, "state": state} for n, (a, b, state) in enumerate(states, 1)
    ]
    return phase, labels, nuclei


def test_nuclei_are_drawn_in_the_channel_of_their_state(scene):
    phase, labels, nuclei = scene
    (drawn,) = overlay_frames([phase], [labels], nuclei, (0.0, 2.0), **FORM)
    assert drawn.dtype == np.uint8 and drawn.shape == (4, 60, 80)
    _, live, dead, uncertain = drawn
    for image, corner in ((live, (5, 5)), (dead, (5, 40)), (uncertain, (35, 5))):
        inside = np.zeros(image.shape, bool)
        inside[corner[0] : corner[0] + 12, corner[1] : corner[1] + 12] = True
        assert (image[inside] > 0).all() and not image[~inside].any()
        assert image[corner] == OUTLINE and image[corner[0] + 6, corner[1] + 6] == FILL
    assert list(CHANNELS) == ["phase", "live", "dead", "uncertain"]


def test_phase_is_scaled_between_the_limits(scene):
    phase, labels, nuclei = scene
    (drawn,) = overlay_frames([phase], [labels], nuclei, (0.0, 2.0), **FORM)
    np.testing.assert_array_equal(drawn[0], np.round(255 * np.clip(phase[0] / 2, 0, 1)))
    (flat,) = overlay_frames([0 * phase], [labels], nuclei, (0.0, 0.0), **FORM)
    assert not flat[0].any()


def test_limits_span_the_film():
    assert film_limits([{"p01": -0.2, "p99": 1.0}, {"p01": -0.1, "p99": 1.4}]) == (-0.2, 1.4)


def test_a_table_of_another_run_is_refused(scene):
    phase, labels, nuclei = scene
    with pytest.raises(DataError, match="3 nuclei in the map, 2 in the table"):
        list(overlay_frames([phase], [labels], nuclei[:2], (0.0, 2.0), **FORM))
