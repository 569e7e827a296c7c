"""Labels from fluorescence, on frames with known nuclei."""

import numpy as np
import pytest
from livedead.cells.semantic import dead_ratios, label_frame, label_sequence
from livedead.desk.errors import DataError

from tests.unit.cells.scenes import SETTINGS, Body, crowd, draw, recovered

PIXEL_UM = 0.65


def label(bodies, seed=0, max_area_um2=1500, **scene):
    blue, green, truth = draw(bodies, pixel_um=PIXEL_UM, seed=seed, **scene)
    return label_frame(blue, green, PIXEL_UM, SETTINGS | {"max_area_um2": max_area_um2}), truth


def states(frame):
    return [2 if row["state"] == "dead" else 1 for row in frame.nuclei]


@pytest.mark.parametrize("gradient", [0.0, 0.5])
def test_crowded_fields_are_recovered(gradient):
    totals = np.zeros(4)
    for seed in range(4):
        bodies = crowd(seed)
        frame, truth = label(bodies, seed, gradient=gradient)
        totals += recovered(truth, frame.instances, states(frame), bodies)[:4]
    true, found, right, false = totals
    assert found / true >= 0.97
    assert right / found >= 0.99
    assert false / true <= 0.04


def test_pixel_size_does_not_matter():
    bodies = crowd(5)
    for pixel_um in (0.4, 1.0):
        blue, green, truth = draw(bodies, pixel_um=pixel_um)
        frame = label_frame(blue, green, pixel_um, SETTINGS)
        true, found, right, _, _ = recovered(truth, frame.instances, states(frame), bodies, 15 / pixel_um**2)
        assert found / true >= 0.95
        assert right == found


def test_dim_live_nucleus_beside_a_bright_dead_one():
    bodies = [Body(70, 60, 8, 7, 0, 250, 10), Body(70, 72.5, 5, 5, 0, 2500, 2400)]
    frame, truth = label(bodies)
    assert recovered(truth, frame.instances, states(frame), bodies)[:4] == (2, 2, 2, 0)


def test_touching_equals_are_parted_and_keep_their_own_states():
    bodies = [Body(70, 60, 8, 8, 0, 500, 25), Body(70, 74, 8, 8, 0, 500, 450)]
    frame, truth = label(bodies)
    assert recovered(truth, frame.instances, states(frame), bodies)[:4] == (2, 2, 2, 0)


def test_rows_describe_the_nucleus():
    frame, _ = label([Body(50, 90, 9, 9, 0, 500, 400)], gradient=0.0)
    (row,) = frame.nuclei
    assert row["state"] == "dead"
    assert (row["x_um"], row["y_um"]) == pytest.approx((90, 50), abs=0.4)
    assert row["area_um2"] == pytest.approx(np.pi * 81, rel=0.12)
    assert row["dead_ratio"] == pytest.approx(0.8, rel=0.05)
    assert not row["touches_border"]
    assert frame.counts == {
        "found": 1, "kept": 1, "dropped_small": 0, "dropped_large": 0, "dropped_faint": 0,
        "dropped_out_of_focus": 0,
    }  # fmt: skip
    assert frame.semantic.dtype == np.uint8
    assert frame.instances.dtype == np.uint16
    assert np.array_equal(frame.semantic, np.where(frame.instances > 0, 2, 0))


def test_border_nuclei_are_kept_and_flagged():
    frame, _ = label([Body(70, 1, 9, 9, 0, 500, 20), Body(70, 70, 9, 9, 0, 500, 20)])
    assert sorted(row["touches_border"] for row in frame.nuclei) == [False, True]


def test_debris_giants_and_glow_are_dropped_with_reasons():
    nuclei = [Body(30, 30, 8, 8, 0, 500, 20), Body(110, 110, 8, 8, 0, 500, 20)]
    debris = Body(30, 110, 2.2, 2.2, 0, 900, 0)
    giant = Body(100, 40, 14, 13, 0, 500, 0)
    frame, _ = label([*nuclei, debris, giant], gradient=0.0, max_area_um2=400)
    assert len(frame.nuclei) == 2
    assert frame.counts["dropped_small"] >= 1
    assert frame.counts["dropped_large"] == 1
    glow = Body(100, 40, 9, 9, 0, 1500, 0, blur=12)
    frame, _ = label([*nuclei, glow], gradient=0.0)
    assert len(frame.nuclei) == 2
    dim = Body(100, 40, 8, 8, 0, 40, 0)
    frame, _ = label([*nuclei, dim], gradient=0.0)
    assert len(frame.nuclei) == 2


def test_every_found_object_is_kept_or_has_one_reason():
    for seed in range(3):
        frame, _ = label(crowd(seed, debris=15, glow=4), seed)
        dropped = sum(number for name, number in frame.counts.items() if name.startswith("dropped"))
        assert frame.counts["found"] == frame.counts["kept"] + dropped
        assert frame.counts["kept"] == len(frame.nuclei) == frame.instances.max()


def test_nucleoli_leave_no_holes():
    blue, green, _ = draw([Body(70, 70, 10, 10, 0, 600, 20)], pixel_um=PIXEL_UM)
    y, x = np.indices(blue.shape) * PIXEL_UM
    blue[np.hypot(y - 70, x - 70) < 2] = 200
    frame = label_frame(blue, green, PIXEL_UM, SETTINGS)
    assert len(frame.nuclei) == 1
    assert frame.instances[round(70 / PIXEL_UM), round(70 / PIXEL_UM)] == 1


def test_camera_offset_does_not_change_the_ratio():
    body = [Body(70, 70, 9, 9, 0, 500, 150)]
    ratios = [label(body, offset=offset)[0].nuclei[0]["dead_ratio"] for offset in (0, 400)]
    assert ratios[0] == pytest.approx(ratios[1], abs=0.01)
    assert ratios[0] == pytest.approx(0.3, abs=0.02)


def test_dead_ratio_by_hand():
    instances = np.zeros((20, 20), dtype=int)
    instances[8:12, 8:12] = 1
    blue = np.where(instances, 300.0, 100.0)
    green = np.where(instances, 90.0, 50.0)
    assert dead_ratios(blue, green, instances, 1, 3) == pytest.approx([0.2])
    # No ring is left where everything is nucleus; no NucBlue, no ratio.
    assert np.isnan(dead_ratios(blue * 0, green, instances, 1, 3)).all()


@pytest.mark.parametrize("level", [0, 100])
def test_empty_frames(level):
    rng = np.random.default_rng(0)
    for noise in (0, 5):
        flat = (level + noise * rng.random((80, 90))).astype(np.uint16)
        frame = label_frame(flat, flat, PIXEL_UM, SETTINGS)
        assert frame.nuclei == []
        assert frame.counts["kept"] == 0
        assert not frame.semantic.any()


def test_bad_frames_are_refused():
    good = np.full((32, 32), 100.0)
    with pytest.raises(DataError, match="one camera field"):
        label_frame(good, good[:-1], PIXEL_UM, SETTINGS)
    with pytest.raises(DataError, match="1 pixels that are not finite"):
        label_frame(np.where(np.eye(32, dtype=bool) & (np.arange(32) == 3), np.nan, good), good, 1.0, SETTINGS)
    with pytest.raises(DataError, match="NucGreen frame has shape"):
        label_frame(good, good[None], PIXEL_UM, SETTINGS)


def test_sequence_is_reduced_to_the_grid_of_the_phase():
    blue, green, _ = draw([Body(40, 50, 8, 8, 0, 500, 20)], side_um=104, pixel_um=0.325)
    stack = [frame[np.newaxis] for frame in (blue, blue)], [frame[np.newaxis] for frame in (green, green)]
    frames = list(label_sequence(*stack, 2, 0.65, SETTINGS))
    assert len(frames) == 2
    assert frames[0].instances.shape == (160, 160)
    assert frames[1].nuclei[0]["x_um"] == pytest.approx(50, abs=1)
    with pytest.raises(DataError, match="NucBlue has 2 frames and NucGreen 1"):
        list(label_sequence(stack[0], stack[1][:1], 2, 0.65, SETTINGS))
