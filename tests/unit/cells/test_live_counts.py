"""Counts of one image: those a person would count, with the warnings of a plate's image."""

import numpy as np
import pytest
from livedead.cells.live_counts import LIVE_COLUMNS, count_time_point, draw_time_point, warning_words
from livedead.cells.overlay import OUTLINE
from livedead.cells.viability import wilson_interval

NUCLEI = {"min_area_um2": 20, "split_distance_um": 6}
RETRIEVAL = {"saturated_fraction": 0.0, "warnings": "crowded;closure"}


@pytest.fixture
def scene():
    """Three live nuclei, one dead, one that is hardly live; one of them cut by the border."""
    labels = np.zeros((1, 80, 100), np.uint8)
    probability = np.zeros((3, 80, 100), np.uint8)
    probability[2] = 255
    places = [(0, 5, 1, 230), (5, 40, 1, 230), (35, 5, 1, 230), (35, 40, 2, 20), (60, 80, 1, 130)]
    for y, x, state, live in places:
        inside = slice(y, y + 12), slice(x, x + 12)
        labels[0][inside] = state
        probability[(slice(None), *inside)] = np.array([live, 250 - live, 5])[:, None, None]
    phase = np.random.default_rng(3).normal(0, 0.02, labels.shape).astype(np.float32) + (labels > 0)
    return phase, labels, probability


def counted(scene, retrieval=RETRIEVAL, nucleus_area_um2=(30, 1000)):
    return count_time_point(
        *scene,
        retrieval,
        {},
        channels=("live", "dead", "background"),
        pixel_size_um=1.0,
        nuclei=NUCLEI,
        quality={"range_margin": 0.5, "nucleus_area_um2": nucleus_area_um2, "max_saturated_fraction": 0.002},
        uncertain_below=0.7,
        confidence=0.95,
    )


def test_counts_are_those_of_the_image(scene):
    row, nuclei = counted(scene)
    low, high = wilson_interval(3, 4, 0.95)
    assert row == {
        "n_live": 3,
        "n_dead": 1,
        "live_fraction": 0.75,
        "low": low,
        "high": high,
        "n_uncertain": 1,
        "n_border": 1,
        "warnings": "crowded;closure",
    }
    assert len(nuclei) == 5 and row.keys() < set(LIVE_COLUMNS)


def test_flags_stand_behind_the_warnings(scene):
    row, _ = counted(scene, {"saturated_fraction": 0.5, "warnings": "clipped"}, nucleus_area_um2=(500, 1000))
    assert row["warnings"] == "clipped;saturated;odd_nuclei"
    assert warning_words({"warnings": None, **dict.fromkeys(("out_of_focus", "empty", "saturated"), False),
                          "unlike_training": None, "odd_nuclei": None}) is None  # fmt: skip


def test_an_image_without_nuclei_has_a_row_without_a_fraction(scene):
    phase, labels, probability = scene
    row, nuclei = counted((phase, 0 * labels, probability), {"saturated_fraction": 0.0, "warnings": None})
    assert (row["n_live"], row["live_fraction"], row["low"], row["warnings"], nuclei) == (0, None, None, "empty", [])


def test_every_state_is_drawn_in_its_channel(scene):
    _, nuclei = counted(scene)
    drawn = draw_time_point(*scene[:2], nuclei, uncertain_below=0.7, pixel_size_um=1.0, **NUCLEI)
    assert drawn.shape == (4, 80, 100) and drawn[0].min() == 0 and drawn[0].max() == 255
    assert drawn[1, 5, 40] == drawn[2, 35, 40] == drawn[3, 60, 80] == OUTLINE
