import numpy as np
import pytest
from livedead.desk.errors import DataError
from livedead.paper import panels
from livedead.paper.style import DEAD_COLOUR, LIVE_COLOUR, new_figure
from matplotlib.colors import to_rgb


@pytest.fixture
def axes():
    return new_figure(3, 3).subplots()


def test_display_range_is_common_and_cuts_the_tails():
    low, high = panels.display_range([np.arange(501.0), np.arange(500.0, 1001.0)], tail=0.1)
    assert low == pytest.approx(100, abs=1) and high == pytest.approx(900, abs=1)


def test_display_range_of_a_flat_image_has_a_width():
    assert panels.display_range([np.full((3, 3), 2.0)]) == (2.0, 3.0)


def test_display_range_leaves_out_what_is_not_finite():
    assert panels.display_range([np.array([np.nan, 1.0, 2.0, np.inf])], tail=0) == (1.0, 2.0)
    with pytest.raises(DataError, match="no finite pixel"):
        panels.display_range([np.full((2, 2), np.nan)])


def test_image_panels_are_in_micrometres(axes):
    field = panels.field_um((100, 200), 0.65)
    assert field == (65.0, 130.0)
    image = panels.show_phase(axes, np.zeros((100, 200)), field, (-0.5, 2.0))
    assert axes.get_xlim() == (0, 130) and axes.get_ylim() == (65, 0)
    assert image.get_clim() == (-0.5, 2.0) and image.get_cmap().name == "gray"


def test_fluorescence_at_another_sampling_fills_the_same_field(axes):
    image = panels.show_fluorescence(axes, np.zeros((200, 400)), (65, 130), (100, 900), "dead")
    assert tuple(image.get_extent()) == (0, 130, 65, 0)
    assert image.get_clim() == (100, 900) and image.get_cmap().name == "dead"


def test_label_colours(axes):
    shown = panels.show_labels(axes, np.array([[0, 1, 2]]), (1, 3)).get_array()
    np.testing.assert_allclose(shown[0, 1], to_rgb(LIVE_COLOUR), atol=1e-6)
    np.testing.assert_allclose(shown[0, 2], to_rgb(DEAD_COLOUR), atol=1e-6)


def test_labels_over_phase_keep_the_phase_between_nuclei(axes):
    phase = np.array([[0.5, 0.5, 9.0]])
    shown = panels.show_labels(axes, np.array([[0, 2, 0]]), (1, 3), phase, (0.0, 1.0)).get_array()
    np.testing.assert_allclose(shown[0, 0], 0.5)
    np.testing.assert_allclose(shown[0, 1], 0.75 * np.array(to_rgb(DEAD_COLOUR)) + 0.125, atol=1e-6)
    np.testing.assert_allclose(shown[0, 2], 1.0)


def test_foreign_label_is_refused(axes):
    with pytest.raises(DataError, match=r"\[0, 3\].*label_values"):
        panels.show_labels(axes, np.array([[0, 3]]), (1, 2))
