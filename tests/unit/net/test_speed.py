import keras
import numpy as np
import pytest
from livedead.desk.errors import DataError
from livedead.net.speed import FRAME_RATE_COLUMNS, measure_frame_rate

PHASE = {
    "frame_order": [0, 1, 2, 3],
    "shifts_deg": [0, 90, 180, 270],
    "min_cell_free_fraction": 0.2,
    "max_closure_residual": 0.1,
    "max_amplitude_spread": 0.5,
    "ring_transmission": 0.4,
    "camera_offset_adu": 100,
    "illumination": "flat",
    "unscattered_adu": 400,
    "saturation_adu": 65000,
    "max_saturated_fraction": 0.01,
    "unwrap": "never",
    "unwrap_gate_rad": 3.14,
    "halo_correction": "none",
    "downsample": 2,
}


class Model:
    """Stands for a network and counts how often it is asked."""

    name = "toy"
    asked = 0

    def predict_on_batch(self, images):
        self.asked += 1
        return np.full((*images.shape[:3], 3), 1 / 3, np.float32)


def clock(*seconds):
    """Clock that shows the given durations one after the other: retrieval, network, retrieval, ..."""
    now = 0.0
    marks = []
    for number, duration in enumerate(seconds):
        if number % 2 == 0:
            marks.append(now)
        now += duration
        marks.append(now)
    return iter(marks).__next__


def film(frames, size=128):
    random = np.random.default_rng(1)
    return [random.normal(1100, 5, (4, size, size)).astype(np.uint16) for _ in range(frames)]


def measure(model, raw, warm_up_frames=1, **more):
    settings = {"phase_settings": PHASE, "scaling": "window", "window": (-0.6, 2.4), "threads": 2}
    return measure_frame_rate(model, raw, **settings, warm_up_frames=warm_up_frames, **more)


def test_medians_without_the_warm_up():
    model = Model()
    rows = measure(model, film(3), clock=clock(9, 9, 0.030, 0.050, 0.020, 0.060, 0.040, 0.100))
    assert [row["step"] for row in rows] == ["retrieval", "network", "both"]
    assert [row["ms_per_frame"] for row in rows] == pytest.approx([30, 60, 80])
    assert [row["slowest_ms"] for row in rows] == pytest.approx([40, 100, 140])
    assert rows[2]["frames_per_second"] == pytest.approx(12.5)
    assert model.asked == 4
    for row in rows:
        assert tuple(row) == FRAME_RATE_COLUMNS
        assert (row["frames"], row["network"], row["threads"]) == (3, "toy", 2)
        assert (row["camera_height_px"], row["height_px"], row["width_px"]) == (128, 64, 64)
        assert row["device"].startswith(keras.distribution.list_devices()[0])


def test_a_film_of_one_frame_is_enough():
    model = Model()
    assert measure(model, film(1), warm_up_frames=2)[0]["frames"] == 1
    assert model.asked == 3


def test_a_real_clock_gives_positive_times_that_add_up():
    retrieval, network, both = measure(Model(), film(1))
    assert retrieval["ms_per_frame"] > 0 and network["ms_per_frame"] > 0
    assert both["ms_per_frame"] == pytest.approx(retrieval["ms_per_frame"] + network["ms_per_frame"])


def test_an_empty_film_is_refused():
    with pytest.raises(DataError, match="no frame"):
        measure(Model(), [])
