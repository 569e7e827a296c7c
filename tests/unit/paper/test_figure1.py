import numpy as np
import pytest
from livedead.paper.figure1 import Snapshot, draw_figure1


@pytest.fixture
def shots(field):
    made, nuclei = [], []
    for frame, dead in ((1, 1), (6, 5), (8, 12)):
        phase, labels, table = field(dead=dead, frame=frame)
        dyes = (np.kron(labels > 0, np.ones((2, 2))) * 800.0, np.kron(labels == 2, np.ones((2, 2))) * 500.0)
        made.append(Snapshot(frame, frame + 0.5, phase, labels, *dyes))
        nuclei += table
    return made, nuclei


def draw(shots, nuclei, cells="simulated"):
    return draw_figure1("hela-1", shots, nuclei, pixel_size_um=0.5, phase_label="phase [rad]", cells=cells)


def panels(drawing):
    return [axes for axes in drawing.figure.axes if axes.images and axes.get_xlim() == (0, 120)]


def test_one_row_of_source_data_per_panel(shots):
    drawing = draw(*shots)
    assert len(panels(drawing)) == len(drawing.rows) == 12
    assert [(row["frame"], row["time_h"]) for row in drawing.rows[::4]] == [(1, 1.5), (6, 6.5), (8, 8.5)]
    assert [(row["live_nuclei"], row["dead_nuclei"]) for row in drawing.rows[::4]] == [(11, 1), (7, 5), (0, 12)]
    assert {row["field_width_um"] for row in drawing.rows} == {120.0}
    assert {row["scale_bar_um"] for row in drawing.rows} == {20.0}


def test_a_column_has_one_scale_and_the_phase_a_bar(shots):
    drawing = draw(*shots)
    phase = panels(drawing)[0::4]
    assert len({axes.images[0].get_clim() for axes in phase}) == 1
    assert phase[0].images[0].get_clim() == (drawing.rows[0]["shown_low"], drawing.rows[0]["shown_high"])
    bars = [patch for axes in phase for patch in axes.patches if patch.get_gid() == "scale-bar"]
    assert [bar.get_width() for bar in bars] == [20, 20, 20]


def test_titles_times_and_counts_are_written(shots):
    drawing = draw(*shots)
    grid = panels(drawing)
    assert [axes.get_title("left")[0] for axes in grid[:4]] == ["b", "c", "d", "e"]
    assert [axes.get_ylabel() for axes in grid[::4]] == ["1.5 h", "6.5 h", "8.5 h"]
    assert grid[3].texts[0].get_text() == "11 live, 1 dead"
    assert drawing.figure.get_supxlabel() == "simulated cells"
    assert "hela-1 (simulated cells), 0.5 µm per pixel" in drawing.caption
    assert "6.5 h (7 live, 5 dead)" in drawing.caption


def test_without_dyes_two_columns(shots):
    made = [Snapshot(shot.frame, shot.time_h, shot.phase, shot.labels) for shot in shots[0][:1]]
    drawing = draw(made, shots[1], cells="real")
    assert [row["panel"] for row in drawing.rows] == ["b  SLIM phase", "e  viability"]
    assert drawing.figure.get_supxlabel() == "real cells"


@pytest.mark.parametrize("shape", [(60, 240), (240, 60)])
def test_any_field_and_five_times_fit_the_page(field, shape):
    phase, labels, nuclei = field()
    cut = tuple(slice(0, length) for length in shape)
    made = [Snapshot(frame, float(frame), phase[cut], labels[cut], labels[cut], labels[cut]) for frame in range(5)]
    assert len(draw(made, nuclei).rows) == 20
