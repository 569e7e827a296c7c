from dataclasses import replace

import numpy as np
import pytest
from livedead.desk.errors import DataError
from livedead.net.frames import LabelledFrames
from livedead.net.learned_input import learned_input
from livedead.optics.frame_statistics import FEATURES, frame_statistics
from livedead.optics.stacks import StackInfo

INFO = StackInfo(1, ("phase [rad]",), 32, 32, np.dtype("float32"), 0.65, 30.0)


class Reader(list):
    """Frames with what their stack holds."""

    def __init__(self, frames, info=INFO):
        super().__init__(frames)
        self.info = info


def labelled(seeds, info=INFO):
    rng = [np.random.default_rng(seed) for seed in seeds]
    phases = [
        Reader([r.normal(seed, 1, (1, 32, 32)).astype(np.float32)], info) for seed, r in zip(seeds, rng, strict=True)
    ]
    return LabelledFrames(phases, [[np.zeros((1, 32, 32), np.uint8)] for _ in seeds])


def test_statistics_are_quantiles_over_the_frames_of_both_sides():
    training, validation = labelled(range(4)), labelled([9])
    found = learned_input(training, validation, "window")
    assert (found["pixel_size_um"], found["phase_unit"]) == (0.65, "rad")
    assert found["input_statistics"].keys() == set(FEATURES)
    rows = [frame_statistics(phase, 0.65)["p99"] for frames in (training, validation) for phase, _ in frames]
    assert found["input_statistics"]["p99"]["median"] == pytest.approx(sorted(rows)[2])
    # Between the fourth and the fifth of five numbers, 2 % below the largest.
    last, largest = sorted(rows)[-2:]
    assert found["input_statistics"]["p99"]["high"] == pytest.approx(largest - 0.02 * (largest - last))
    assert found["input_statistics"]["sd"]["low"] < found["input_statistics"]["sd"]["high"]


def test_area_of_the_nuclei_is_the_median_of_a_frame():
    labels = np.zeros((3, 1, 32, 32), np.uint8)
    labels[0, 0, 2:6, 2:6], labels[0, 0, 2:8, 20:26], labels[0, 0, 20:30, 2:12] = 1, 2, 1
    labels[1, 0, 2:12, 2:12] = 2
    frames = LabelledFrames([Reader([np.ones((1, 32, 32), np.float32)] * 3)], [list(labels)])
    found = learned_input(frames, labelled([1]), "window")["nucleus_area_um2"]
    assert found["median"] == pytest.approx(0.65**2 * (36 + 100) / 2)
    assert 0.65**2 * 36 < found["low"] < found["high"] < 0.65**2 * 100
    assert "nucleus_area_um2" not in learned_input(labelled([1]), labelled([2]), "window")


def test_different_pixels_are_told(caplog):
    training = LabelledFrames(
        [Reader([np.ones((1, 32, 32))], replace(INFO, pixel_size_um=size)) for size in (0.5, 0.65, 0.65)],
        [[np.zeros((1, 32, 32), np.uint8)]] * 3,
    )
    assert learned_input(training, labelled([1]), "window")["pixel_size_um"] == 0.65
    assert "learns from pixels of 0.5 to 0.65 um; it is taken as one of 0.65 um" in caplog.text


def test_grey_images_beside_rad_need_a_scaling_of_their_own():
    grey = labelled([1], replace(INFO, channels=("phase [grey]",)))
    assert learned_input(grey, grey, "window")["phase_unit"] == "grey"
    assert learned_input(labelled([2]), grey, "per_image")["phase_unit"] == "grey"
    with pytest.raises(DataError, match="1 of 2 sequences to learn from are grey, the others in rad"):
        learned_input(labelled([2]), grey, "window")
    # So do those that are shown again.
    with pytest.raises(DataError, match="2 of 3 sequences to learn from are grey"):
        learned_input(grey, grey, "window", labelled([2]))
    assert learned_input(grey, grey, "per_image", labelled([2]))["phase_unit"] == "grey"


def test_frames_without_a_pixel_leave_the_card_as_it_was():
    plain = [(np.zeros((32, 32)), np.zeros((32, 32)))]
    assert learned_input(plain, plain, "window") == {}
    unknown = labelled([1], replace(INFO, pixel_size_um=None))
    assert learned_input(unknown, unknown, "window") == {}
