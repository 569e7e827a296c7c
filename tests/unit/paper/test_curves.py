import math

import pytest
from livedead.paper.phasequality import QUANTITIES, draw_phase_quality
from livedead.paper.viability import COLUMNS, count_viability, draw_viability


def nuclei(dead_by_frame, total=10):
    return [
        {"frame": frame, "time_h": frame / 2, "state": "dead" if number < dead else "live"}
        for frame, dead in dead_by_frame.items()
        for number in range(total)
    ]


def test_viability_is_counted_frame_by_frame():
    rows = count_viability(nuclei({3: 4, 0: 1}), "hela-1", "truth")
    assert [tuple(row.values()) for row in rows] == [
        ("hela-1", 0, 0.0, "truth", 9, 1, 0.1),
        ("hela-1", 3, 1.5, "truth", 6, 4, 0.4),
    ]
    assert tuple(rows[0]) == COLUMNS


def test_one_panel_per_sequence_with_both_curves():
    rows = []
    for name in ("a", "b"):
        rows += count_viability(nuclei({0: 1, 1: 5, 2: 10}), name, "truth")
        rows += count_viability(nuclei({0: 1, 1: 7, 2: 10}), name, "prediction")
    drawing = draw_viability(rows, cells="simulated")
    assert [axes.get_title() for axes in drawing.figure.axes] == ["a", "b"]
    truth, predicted = drawing.figure.axes[0].lines
    assert list(truth.get_xdata()) == [0, 0.5, 1.0] and list(truth.get_ydata()) == [0.1, 0.5, 1.0]
    assert list(predicted.get_ydata()) == [0.1, 0.7, 1.0]
    low, high = drawing.figure.axes[0].get_ylim()
    assert low < 0 and high > 1
    assert "6.7 percentage points on average over 6 frames, at most by 20.0" in drawing.caption
    assert drawing.rows == rows


def test_many_sequences_stay_in_the_source_data():
    rows = [row for n in range(15) for row in count_viability(nuclei({0: 1}), f"s{n}", "truth")]
    drawing = draw_viability(rows, cells="real")
    assert sum(bool(axes.get_title()) for axes in drawing.figure.axes) == 12
    assert len(drawing.rows) == 15
    assert "No frame" in drawing.caption


def test_no_nuclei_at_all_is_drawn_and_said():
    drawing = draw_viability([], cells="real")
    assert drawing.rows == [] and drawing.columns == COLUMNS and "No frame" in drawing.caption


def quality(**changes):
    return {"frame": 0, "time_h": 0.0} | dict.fromkeys(QUANTITIES, 0.5) | changes


def test_quality_has_one_point_per_frame_and_a_median():
    frames = {
        "a": [quality(background_opd_noise_nm=1.0), quality(background_opd_noise_nm=3.0, frame=1)],
        "b": [quality(background_opd_noise_nm=None)],
    }
    drawing = draw_phase_quality(frames, cells="simulated")
    assert len(drawing.figure.axes) == len(QUANTITIES) and len(drawing.rows) == 3
    noise = drawing.figure.axes[list(QUANTITIES).index("background_opd_noise_nm")]
    points, median, missing = noise.lines
    assert list(points.get_ydata()) == [1.0, 3.0] and list(points.get_xdata()) == [0, 0]
    assert list(median.get_ydata()) == [2.0, 2.0]
    assert math.isnan(missing.get_ydata()[0])
    assert [label.get_text() for label in drawing.figure.axes[-1].get_xticklabels()] == ["a", "b"]
    assert "2.00 nm (median), 3.00 at most" in drawing.caption


@pytest.mark.parametrize("count, shown", [(32, 32), (100, 34)])
def test_names_do_not_overlap(count, shown):
    drawing = draw_phase_quality({f"s{n}": [quality()] for n in range(count)}, cells="real")
    assert len(drawing.figure.axes[-1].get_xticks()) == shown
