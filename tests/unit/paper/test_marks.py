import numpy as np
import pytest
from livedead.paper import marks, panels
from livedead.paper.style import new_figure
from matplotlib.patches import FancyArrowPatch


@pytest.fixture
def axes():
    return new_figure(3, 3).subplots()


@pytest.mark.parametrize("width, length", [(270, 50), (800, 200), (66, 20), (16, 5), (3.1, 1), (3000, 1000)])
def test_scale_bar_is_a_round_number_below_a_third(width, length):
    assert marks.scale_bar_um(width) == pytest.approx(length)


def test_scale_bar_has_its_length_in_data_units(axes):
    field = panels.field_um((256, 256), 0.65)
    panels.show_phase(axes, np.zeros((256, 256)), field, (0, 1))
    assert marks.add_scale_bar(axes, field) == 50
    (bar,) = [patch for patch in axes.patches if patch.get_gid() == "scale-bar"]
    assert bar.get_width() == pytest.approx(50)
    assert bar.get_x() + bar.get_width() < field[1] and bar.get_y() + bar.get_height() < field[0]
    assert [text.get_text() for text in axes.texts] == ["50 µm"]


def test_words_stand_in_the_corner(axes):
    marks.write_over(axes, "3 live, 1 dead", (50, 100))
    assert axes.texts[0].get_text() == "3 live, 1 dead"
    assert axes.texts[0].get_position() == (3.0, 1.5)


@pytest.mark.parametrize("side, orientation", [("right", "vertical"), ("bottom", "horizontal")])
def test_colour_bar_has_unit_and_range(axes, side, orientation):
    image = panels.show_phase(axes, np.zeros((4, 4)), (4, 4), (-0.5, 2.0))
    bar = marks.add_colour_bar(image, "phase [rad]", side)
    assert bar.orientation == orientation and (bar.vmin, bar.vmax) == (-0.5, 2.0)
    labels = {bar.ax.get_ylabel(), bar.ax.get_xlabel()}
    assert labels == {"phase [rad]", ""}


def test_arrows_point_at_nuclei_from_inside_the_field(axes):
    field = (100.0, 100.0)
    assert marks.point_at(axes, [10, 95], [10, 90], field, hollow=False) == 2
    assert marks.point_at(axes, [50], [50], field, hollow=True) == 1
    arrows = [text for text in axes.texts if isinstance(text.arrow_patch, FancyArrowPatch)]
    assert len(arrows) == 3
    for arrow, centre in zip(arrows, [(10, 10), (95, 90), (50, 50)], strict=True):
        assert np.hypot(*np.subtract(arrow.xy, centre)) < 4
        assert all(0 <= place <= 100 for place in arrow.get_position())
    assert arrows[0].arrow_patch.get_facecolor() != arrows[2].arrow_patch.get_facecolor()
