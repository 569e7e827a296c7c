"""Unwrapping in boxes against unwrapping of the whole field."""

import numpy as np
import pytest
from livedead.optics.unwrapping import unwrap_where_needed
from skimage.restoration import unwrap_phase


def wrapped(phase):
    return np.angle(np.exp(1j * phase)).astype(np.float32)


def domes(shape, centres, height=7.0, spread=150, background=0.0):
    y, x = np.mgrid[: shape[0], : shape[1]]
    return background + sum(height * np.exp(-((y - cy) ** 2 + (x - cx) ** 2) / spread) for cy, cx in centres)


def gated(phase, gate_rad=np.pi):
    return unwrap_where_needed(phase, mode="gated", gate_rad=gate_rad)


def up_to_turns(one, other):
    """Difference without the constant that unwrapping leaves open."""
    return one - other - 2 * np.pi * np.rint(np.median(one - other) / (2 * np.pi))


FIELDS = {
    "one dome": domes((160, 200), [(80, 90)]),
    "domes side by side": domes((160, 200), [(60, 60), (60, 95), (120, 150)]),
    "dome over the border": domes((160, 200), [(3, 90), (150, 198)]),
    "dome over a corner": domes((160, 200), [(2, 2)]),
    "high background": domes((160, 200), [(80, 90)], background=2.5),
    "higher than three turns": domes((160, 200), [(80, 90)], height=20, spread=400),
    "hole": domes((160, 200), [(80, 90)], height=-7.0),
    "odd sides": domes((157, 203), [(80, 90), (155, 201)]),
}


@pytest.mark.parametrize("name", FIELDS)
def test_boxes_give_the_phase_of_the_whole_field(name, monkeypatch):
    calls = []
    monkeypatch.setattr(
        "livedead.optics.unwrapping.unwrap_phase",
        lambda part, rng: calls.append(part.shape) or unwrap_phase(part, rng=rng),
    )
    truth, phase = FIELDS[name], wrapped(FIELDS[name])
    found, unwrapped = gated(phase)
    assert unwrapped
    assert found.dtype == np.float32
    np.testing.assert_allclose(up_to_turns(found, unwrap_phase(phase, rng=0)), 0, atol=1e-5)
    np.testing.assert_allclose(up_to_turns(found, truth), 0, atol=1e-5)
    # What does not hold a jump is not gone through.
    assert phase.shape not in calls


def test_noisy_domes_are_unwrapped_alike(rng):
    truth = domes((256, 256), [(60, 60), (60, 180), (190, 120)], height=6.5, spread=400)
    phase = wrapped(truth + rng.normal(0, 0.15, truth.shape))
    np.testing.assert_allclose(up_to_turns(gated(phase)[0], unwrap_phase(phase, rng=0)), 0, atol=1e-5)


@pytest.mark.parametrize(
    "truth",
    [
        np.add.outer(np.linspace(0, 12, 96), np.linspace(0, 9, 128)),
        domes((96, 128), [(48, 64)], height=30, spread=4000),
        # One line of jumps from border to border: what lies on its two sides is a turn apart.
        np.add.outer(np.zeros(96), 2.6 + 1.5 * np.tanh((np.arange(128.0) - 64) / 12)),
    ],
    ids=["ramp", "dome that fills the field", "step across the field"],
)
def test_what_no_box_can_place_is_unwrapped_as_a_whole(truth):
    phase = wrapped(truth)
    found, unwrapped = gated(phase)
    assert unwrapped
    np.testing.assert_array_equal(found, unwrap_phase(phase, rng=0).astype(np.float32))
    np.testing.assert_allclose(up_to_turns(found, truth), 0, atol=1e-5)


def test_a_gate_says_when_and_pi_what():
    smooth = domes((64, 64), [(32, 32)], height=2.0, spread=300).astype(np.float32)
    kept, unwrapped = gated(smooth)
    assert kept is smooth
    assert not unwrapped
    steep = wrapped(domes((64, 64), [(32, 32)]))
    assert unwrap_where_needed(steep, mode="never", gate_rad=np.pi) == (steep, False)
    assert gated(steep, gate_rad=6.5) == (steep, False)
    assert unwrap_where_needed(smooth, mode="always", gate_rad=np.pi)[1]
    np.testing.assert_array_equal(gated(steep, gate_rad=5.0)[0], gated(steep)[0])


def test_a_low_gate_unwraps_more_and_changes_nothing_that_is_continuous():
    phase = domes((128, 128), [(40, 40)], height=3.0, spread=60).astype(np.float32)
    found, unwrapped = gated(phase, gate_rad=0.2)
    assert unwrapped
    np.testing.assert_array_equal(found, phase)
