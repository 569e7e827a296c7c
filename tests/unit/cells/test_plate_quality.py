"""Flags of an image: each raised by what it stands for, and none by an image like those that were learned."""

import numpy as np
import pytest
from livedead.cells.plate_quality import FLAGS, QUALITY_COLUMNS, judge_frames, plausible_area
from livedead.desk.errors import DataError
from livedead.optics.frame_statistics import FEATURES, frame_statistics
from scipy.ndimage import gaussian_filter

PIXEL_UM = 0.5
RNG = np.random.default_rng(5)
GOOD = (gaussian_filter(RNG.normal(size=(160, 160)), 1.2) + RNG.normal(0, 0.02, (160, 160))).astype(np.float32)
CARD = {
    "phase_unit": "rad",
    "input_statistics": {
        name: {"low": value - 0.1 * abs(value), "median": value, "high": value + 0.1 * abs(value)}
        for name, value in frame_statistics(GOOD, PIXEL_UM).items()
    },
    "nucleus_area_um2": {"low": 120.0, "median": 160.0, "high": 200.0},
}


def judge(image, areas=(150.0, 170.0), card=CARD, retrieval=(), channel="phase [rad]"):
    rows = judge_frames(
        [image[None]],
        [{"frame": 0, "area_um2": area} for area in areas],
        retrieval,
        card,
        sequence="s1",
        times_h=[2.0],
        pixel_size_um=PIXEL_UM,
        channel=channel,
        range_margin=0.5,
        nucleus_area_um2=[30.0, 1000.0],
        max_saturated_fraction=0.002,
    )
    assert list(rows[0]) == QUALITY_COLUMNS
    return rows[0]


def raised(row):
    return {flag for flag in FLAGS if row[flag]}


def test_an_image_like_those_learned_is_not_flagged():
    row = judge(GOOD, retrieval=[{"saturated_fraction": 0.001}])
    assert not raised(row) and row["flagged"] is False and row["note"] is None
    assert (row["nuclei"], row["median_area_um2"], row["saturated"]) == (2, 160.0, False)
    assert (row["height_um"], row["width_um"], row["time_h"]) == (80.0, 80.0, 2.0)
    assert {name: row[name] for name in FEATURES} == frame_statistics(GOOD, PIXEL_UM)


def test_blur_is_called_out_of_focus_not_unlike():
    row = judge(gaussian_filter(GOOD, 2) * 1.6)
    assert row["out_of_focus"] and "sharpness" not in (row["unlike_training"] or "")


def test_too_much_fine_structure_is_unlike_the_training():
    row = judge(GOOD + RNG.normal(0, 0.5, GOOD.shape).astype(np.float32))
    assert row["out_of_focus"] is False
    assert {"sharpness", "noise"} <= set(row["unlike_training"].split(", ")) and row["flagged"]


@pytest.mark.parametrize(
    ("change", "flag"),
    [
        ({"areas": ()}, "empty"),
        ({"areas": (600.0, 700.0, 640.0)}, "odd_nuclei"),
        ({"areas": (35.0, 42.0)}, "odd_nuclei"),
        ({"retrieval": [{"saturated_fraction": 0.01}]}, "saturated"),
    ],
)
def test_flags_of_nuclei_and_camera(change, flag):
    row = judge(GOOD, **change)
    assert raised(row) == {flag} and row["flagged"] is True


def test_warnings_of_the_retrieval_are_passed_on_and_flag_the_image():
    row = judge(GOOD, retrieval=[{"saturated_fraction": 0.0, "warnings": "cells darker than the background"}])
    assert row["warnings"] == "cells darker than the background" and row["flagged"] and not raised(row)


def test_a_card_without_statistics_compares_nothing_and_says_so():
    row = judge(-5 * GOOD, card={})
    assert row["out_of_focus"] is None and row["unlike_training"] is None and row["flagged"] is False
    assert "no input statistics" in row["note"]
    assert plausible_area({}, [30.0, 1000.0]) == (30.0, 1000.0)
    assert plausible_area(CARD, [30.0, 1000.0]) == (60.0, 400.0)


def test_grey_images_saturate_at_white_and_are_told_from_rad():
    grey = np.clip((GOOD - GOOD.min()) / np.ptp(GOOD) * 1.3, 0, 1)
    row = judge(grey, channel="phase [grey]")
    assert row["phase_unit"] == "grey" and row["saturated"]
    assert row["saturated_fraction"] == pytest.approx(float((grey >= 1).mean()))
    assert "learned phase in rad, this one is in grey" in row["note"]
    assert judge(GOOD)["saturated"] is None


def test_bad_input():
    with pytest.raises(DataError, match="s1, frame 0"):
        judge(GOOD * np.nan)
    with pytest.raises(DataError, match="2 rows of the retrieval's quality for 1 images"):
        judge(GOOD, retrieval=[{"saturated_fraction": 0.0}] * 2)
