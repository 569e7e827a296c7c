import numpy as np
import pytest
from livedead.desk.errors import DataError
from livedead.paper.figure3 import COLUMNS, ScoredFrame, draw_figure3, judge_nucleus


@pytest.fixture
def shot(field):
    phase, labels, nuclei = field(dead=4, frame=3)
    table = [nucleus | {"true_state": nucleus["state"], "predicted_state": nucleus["state"]} for nucleus in nuclei]
    table[0]["predicted_state"] = "live"
    table[5]["predicted_state"] = "missed"
    table.append(table[1] | {"frame": 4, "predicted_state": "live"})
    return ScoredFrame("hela-1", 3, 1.5, phase, labels, labels, table, 0.5)


def arrows(axes):
    return [text for text in axes.texts if text.get_text() == "" and text.arrow_patch is not None]


def test_arrows_only_at_wrong_nuclei_of_the_frame(shot):
    drawing = draw_figure3([shot], phase_label="phase [rad]", cells="simulated")
    predicted = next(axes for axes in drawing.figure.axes if axes.get_ylabel() == "prediction")
    assert len(arrows(predicted)) == 2
    for arrow, nucleus in zip(arrows(predicted), (shot.matches[0], shot.matches[5]), strict=True):
        assert np.hypot(arrow.xy[0] - nucleus["x_um"], arrow.xy[1] - nucleus["y_um"]) < 5
    others = [axes for axes in drawing.figure.axes if axes is not predicted]
    assert not any(arrows(axes) for axes in others)


def test_source_data_are_the_nuclei_shown(shot):
    drawing = draw_figure3([shot], phase_label="phase [rad]", cells="simulated")
    assert len(drawing.rows) == 12 and tuple(drawing.rows[0]) == COLUMNS == drawing.columns
    verdicts = [row["verdict"] for row in drawing.rows]
    assert [verdicts.count(word) for word in ("right", "wrong", "missed")] == [10, 1, 1]
    assert drawing.rows[0]["sequence"] == "hela-1" and drawing.rows[0]["time_h"] == 1.5
    assert "1 held-out frame of simulated cells with 12 nuclei: 10 called right, 1 wrong" in drawing.caption


def test_three_panels_per_frame_with_a_scale_bar(shot):
    drawing = draw_figure3([shot] * 3, phase_label="phase [rad]", cells="real")
    images = [axes for axes in drawing.figure.axes if axes.images and axes.get_xlim() == (0, 120)]
    assert len(images) == 9
    bars = [patch for axes in images for patch in axes.patches if patch.get_gid() == "scale-bar"]
    assert [bar.get_width() for bar in bars] == [20] * 3
    words = [text.get_text() for text in drawing.figure.legends[0].get_texts()]
    assert words == ["live", "dead", "arrow: wrong state", "hollow arrow: missed"]
    assert images[0].get_title() == "hela-1, 1.5 h" and drawing.figure.get_supxlabel() == "real cells"


def test_a_frame_without_nuclei_is_drawn(shot):
    empty = ScoredFrame("hela-1", 9, 9.0, shot.phase, shot.truth * 0, shot.predicted * 0, [], 0.5)
    drawing = draw_figure3([empty] * 8, phase_label="phase [rad]", cells="simulated")
    assert drawing.rows == [] and drawing.columns == COLUMNS


def test_foreign_labels_are_refused(shot):
    wrong = ScoredFrame("hela-1", 3, 1.5, shot.phase, shot.truth + 2, shot.predicted, [], 0.5)
    with pytest.raises(DataError, match="wanted 0 background, 1 live, 2 dead"):
        draw_figure3([wrong], phase_label="phase [rad]", cells="simulated")


@pytest.mark.parametrize(
    "true, predicted, verdict", [("live", "live", "right"), ("dead", "live", "wrong"), ("dead", "missed", "missed")]
)
def test_verdict(true, predicted, verdict):
    assert judge_nucleus({"true_state": true, "predicted_state": predicted}) == verdict
