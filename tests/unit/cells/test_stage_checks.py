import math

import numpy as np
import pytest
from livedead.cells.stage_checks import (
    CHECK_COLUMNS,
    body_mass_error,
    check_row,
    judge_stages,
    phase_rms_rad,
    refuse_failures,
)
from livedead.cells.truth_comparison import check_frames, label_counts, phase_sums
from livedead.desk.errors import CheckError
from livedead.optics.phantoms import phantom_phase

LIMITS = {
    "dead_fraction_low": 0.2,
    "dead_fraction_high": 0.8,
    "phase_rms_rad": 0.02,
    "dry_mass_error": 0.03,
    "opd_noise_nm": 1.0,
    "nuclei_found": 0.97,
    "right_state": 0.98,
    "invented": 0.05,
    "macro_f1": 0.94,
    "missed": 0.1,
    "lead": 0.1,
}


def scene():
    """Four true nuclei: one found as live, one found with the wrong state, two labelled as one."""
    truth, instances, labels = (np.zeros((40, 40), int) for _ in range(3))
    for number, (row, column, width) in enumerate([(2, 2, 10), (2, 20, 10), (20, 2, 12), (20, 14, 6)], start=1):
        truth[row : row + 10, column : column + width] = number
    instances[2:12, 2:12], labels[2:12, 2:12] = 1, 1
    instances[2:12, 20:28], labels[2:12, 20:28] = 2, 1
    instances[20:30, 2:20], labels[20:30, 2:20] = 3, 2
    instances[34:38, 30:36], labels[34:38, 30:36] = 4, 2
    return instances, labels, truth, {1: "live", 2: "dead", 3: "dead", 4: "dead"}


def test_labels_against_truth_in_a_hand_made_scene():
    assert label_counts(*scene(), min_pixels=10) == {"nuclei": 4, "found": 3, "right_state": 2, "invented": 1}


def test_slivers_of_nuclei_are_not_asked_for():
    assert label_counts(*scene(), min_pixels=61)["nuclei"] == 3


def test_half_covered_is_found_and_less_is_not():
    truth = np.zeros((10, 10), int)
    truth[:, :4] = 1
    for rows, found in ((5, 1), (4, 0)):
        instances = np.zeros_like(truth)
        instances[:rows, :4] = 1
        assert label_counts(instances, instances, truth, {1: "live"}, min_pixels=1)["found"] == found


def test_frames_without_labels_or_nuclei():
    empty = np.zeros((6, 6), int)
    assert label_counts(empty, empty, empty, {}, min_pixels=1) == {
        "nuclei": 0,
        "found": 0,
        "right_state": 0,
        "invented": 0,
    }
    instances, labels, truth, states = scene()
    assert label_counts(empty.repeat(7, 0)[:40].repeat(7, 1)[:, :40], labels, truth, states, min_pixels=1)["found"] == 0
    everything = label_counts(instances, labels, np.zeros_like(truth), {}, min_pixels=1)
    assert (everything["nuclei"], everything["invented"]) == (0, 4)


def test_phase_error_of_a_known_offset():
    truth = np.zeros((10, 10), np.float32)
    truth[:5] = 1
    sums = phase_sums(truth + np.float32(0.1), truth)
    assert sums["cell_pixels"] == 50
    assert math.sqrt(sums["squared_error_rad2"] / 50) == pytest.approx(0.1, rel=1e-5)
    assert sums["phase_sum_rad"] == pytest.approx(55)
    assert sums["truth_sum_rad"] == pytest.approx(50)
    assert phase_rms_rad([sums, sums]) == pytest.approx(0.1, rel=1e-5)


def test_frames_of_a_film_get_their_own_truth():
    instances, labels, truth, states = scene()
    rows = [{"frame": 1, "nucleus": number, "state": state} for number, state in states.items()]
    blank = np.zeros((1, 40, 40), np.float32)
    frames = check_frames(
        [blank, blank],
        [blank, blank],
        [np.zeros((1, 40, 40), int), truth[None]],
        rows,
        [[instances[None] * 0, instances[None]], [labels[None] * 0, labels[None]]],
        min_pixels=10,
    )
    assert [frame["nuclei"] for frame in frames] == [0, 4]
    assert [frame["true_dead_fraction"] for frame in frames] == [None, 0.75]
    unstained = check_frames([blank], [blank], [truth[None]], rows, [], min_pixels=10)
    assert "nuclei" not in unstained[0]


def test_mass_error_of_bodies_is_zero_for_their_own_phase_and_five_percent_for_more():
    phase = phantom_phase((512, 512), pixel_size_um=0.325, wavelength_nm=550)
    row = {"pixel_size_um": 0.325, "wavelength_nm": 550, "phase_sum_rad": phase.sum()}
    assert body_mass_error([row]) < 0.003
    assert body_mass_error([row, row | {"phase_sum_rad": 1.05 * phase.sum()}]) == pytest.approx(0.05, abs=0.003)


def test_judging_one_number():
    assert check_row("a", 1.0, "rad", 2.0, "at most")["passed"] is True
    assert check_row("a", 1.0, "rad", 2.0, "at least")["passed"] is False
    assert check_row("a", 2.0, "rad", 2.0, "at least")["passed"] is True
    assert check_row("a", 1.0, "rad", None, "reported")["passed"] is None
    open_limit = check_row("a", float("nan"), "rad", None, "at least")
    assert (open_limit["passed"], open_limit["direction"]) == (None, "reported")
    assert check_row("a", float("nan"), "rad", 2.0, "at most")["passed"] is False


def frames_of(kind, **changes):
    row = {
        "cohort": "hela",
        "sequence": "a",
        "kind": kind,
        "pixel_size_um": 0.65,
        "wavelength_nm": 550,
        "cell_pixels": 100,
        "squared_error_rad2": 0.01,
        "phase_sum_rad": 80.0,
        "truth_sum_rad": 100.0,
        "nuclei": None,
        "found": None,
        "right_state": None,
        "invented": None,
        "true_dead_fraction": None,
    }
    return row | changes


def simple(live, dead):
    return [{"score": "f1_live_matched", "value": live}, {"score": "f1_dead_matched", "value": dead}]


def judged(**changes):
    frames = [
        frames_of("cells", nuclei=100, found=98, right_state=97, invented=1, true_dead_fraction=0.1),
        frames_of("cells", nuclei=100, found=99, right_state=99, invented=0, true_dead_fraction=0.9),
        frames_of("no_halo"),
    ]
    inputs = {
        "frames": frames,
        "quality": [{"background_opd_noise_nm": 0.4}, {"background_opd_noise_nm": None}],
        "sides": [{"sequence": "a", "side": "train"}, {"sequence": "b", "side": "test"}],
        "scores": {
            "hela": [
                {"score": "macro_f1_matched", "subset": "all", "value": 0.96, "low": 0.94, "high": 0.98},
                {"score": "f1_live_matched", "subset": "all", "value": 0.98},
                {"score": "f1_dead_matched", "subset": "all", "value": 0.94},
                {"score": "f1_dead_matched", "subset": "interior", "value": 0.5},
                {"score": "missed_fraction", "subset": "all", "value": 0.03, "low": 0.0, "high": 0.1},
            ]
        },
        "baselines": {"hela": simple(0.8, 0.6)},
        "limits": LIMITS,
    }
    inputs |= changes
    inputs.setdefault("cohort_limits", {"hela": inputs["limits"], "growth": inputs["limits"]})
    return {row["check"]: row for row in judge_stages(**inputs)}


def test_all_stages_are_judged_with_their_numbers():
    rows = judged()
    assert all(list(row) == CHECK_COLUMNS for row in rows.values())
    assert rows["labels: true nuclei found, hela"]["value"] == pytest.approx(0.985)
    assert rows["labels: found nuclei with the right state, hela"]["value"] == pytest.approx(196 / 197)
    assert rows["phase: rms error in cells, halo off"]["value"] == pytest.approx(0.01)
    assert rows["phase: dry mass kept, halo on"]["value"] == pytest.approx(0.8)
    assert rows["phase: background noise, worst frame"]["value"] == 0.4
    assert rows["evaluate: mean object F1, hela"]["value"] == 0.96
    assert rows["evaluate: lead of the network over it, hela"]["value"] == pytest.approx(0.26)
    assert {row["passed"] for row in rows.values()} == {True, None}


def test_each_missed_threshold_fails_its_own_row():
    doubled = [{"sequence": "a", "side": "train"}, {"sequence": "a", "side": "test"}]
    assert judged(sides=doubled)["split: sequences on two sides"]["passed"] is False
    close = judged(baselines={"hela": simple(0.92, 0.88)})
    assert close["evaluate: lead of the network over it, hela"]["passed"] is False
    for limit, value in {"macro_f1": 0.97, "missed": 0.02, "nuclei_found": 0.99, "phase_rms_rad": 0.001}.items():
        failed = [row for row in judged(limits=LIMITS | {limit: value}).values() if row["passed"] is False]
        assert len(failed) == 1


def test_labels_without_any_true_nucleus_fail_with_their_numbers():
    rows = judged(frames=[frames_of("cells", nuclei=100, found=0, right_state=0, invented=90)])
    assert (rows["labels: true nuclei found, hela"]["value"], rows["labels: true nuclei found, hela"]["passed"]) == (
        0,
        False,
    )
    assert rows["labels: found nuclei with the right state, hela"]["passed"] is False


def test_every_cohort_is_held_to_its_own_limits():
    growth = frames_of("cells", cohort="growth", nuclei=100, found=90, right_state=90, invented=0)
    frames = [frames_of("cells", nuclei=100, found=98, right_state=97, invented=1), growth]
    rows = judged(frames=frames, cohort_limits={"hela": LIMITS, "growth": LIMITS | {"nuclei_found": None}})
    assert rows["labels: true nuclei found, hela"]["value"] == 0.98
    assert (
        rows["labels: true nuclei found, growth"] | {"value": 0.9, "passed": None}
        == rows["labels: true nuclei found, growth"]
    )


def test_a_cohort_with_the_network_of_another_has_no_baseline_of_its_own():
    scores = [
        {"score": "macro_f1_matched", "subset": "all", "value": 0.9, "low": 0.8, "high": 0.98},
        {"score": "f1_live_matched", "subset": "all", "value": 0.9},
        {"score": "f1_dead_matched", "subset": "all", "value": 0.9},
        {"score": "missed_fraction", "subset": "all", "value": 0.03, "low": 0.0, "high": 0.1},
    ]
    rows = judged(scores={"growth": scores}, baselines={})
    assert rows["evaluate: mean object F1, growth"]["passed"] is False
    assert not any("phase and area alone" in name or "dead nuclei in" in name for name in rows)


def test_a_network_that_was_never_shown_a_dead_nucleus_does_not_pass():
    blind = {
        "hela": [
            {"score": "macro_f1_matched", "subset": "all", "value": 1.0, "low": 1.0, "high": 1.0},
            {"score": "f1_live_matched", "subset": "all", "value": 1.0},
            {"score": "f1_dead_matched", "subset": "all", "value": None},
            {"score": "missed_fraction", "subset": "all", "value": 0.0},
        ]
    }
    rows = judged(scores=blind)
    assert rows["evaluate: mean object F1, hela"]["passed"] is False
    assert rows["evaluate: lead of the network over it, hela"]["passed"] is False


def test_a_failed_check_ends_the_run_with_its_numbers():
    rows = list(judged(limits=LIMITS | {"macro_f1": 0.99}).values())
    with pytest.raises(CheckError, match=r"1 of \d+ stage checks failed: .*F1, hela = 0.96 1 \(wanted at least 0.99\)"):
        refuse_failures(rows)
    refuse_failures(list(judged().values()))
    unknown = check_row("a", float("nan"), "1", 0.5, "at least") | {"value": None}
    with pytest.raises(CheckError, match=r"a = NA \(wanted at least 0.5\)"):
        refuse_failures([unknown])
