import matplotlib as mpl
import numpy as np
import pytest
from livedead.paper.style import (
    DEAD_COLOUR,
    LIVE_COLOUR,
    MAX_HEIGHT_IN,
    WIDTH_IN,
    in_style,
    mark_source,
    new_figure,
    stain_colours,
)
from matplotlib.colors import to_rgb


def grey(colour):
    return np.dot(to_rgb(colour), [0.299, 0.587, 0.114])


def test_live_and_dead_differ_in_grey_and_without_red_green_vision():
    assert abs(grey(LIVE_COLOUR) - grey(DEAD_COLOUR)) > 0.2
    # Blue against yellow: the axis that people without red or green cones keep.
    assert to_rgb(LIVE_COLOUR)[2] - to_rgb(DEAD_COLOUR)[2] > 0.5


def test_style_holds_inside_and_leaves_no_trace():
    before = mpl.rcParams["font.size"], mpl.rcParams["svg.hashsalt"]

    @in_style
    def look(size):
        return size, mpl.rcParams["font.size"], mpl.rcParams["svg.hashsalt"]

    with mpl.rc_context({"axes.titlesize": 40}):
        assert look(3) == (3, 7, "livedead")
    assert (mpl.rcParams["font.size"], mpl.rcParams["svg.hashsalt"]) == before


def test_largest_figure_fits_the_report():
    figure = in_style(new_figure)(MAX_HEIGHT_IN)
    width, height = figure.get_size_inches() * 180
    assert width <= 1300 and height <= 1000


@pytest.mark.parametrize("size", [(6.0, WIDTH_IN), (3.0, 8.0), (0.0, 3.0)])
def test_figure_larger_than_a_page_is_refused(size):
    with pytest.raises(ValueError, match="wanted at most"):
        new_figure(*size)


@pytest.mark.parametrize(
    "cells, words", [("simulated", "simulated cells"), ("real", "real cells"), ("mixed", "simulated and real cells")]
)
def test_source_is_written_on_the_figure(cells, words):
    figure = new_figure(2, 3)
    mark_source(figure, cells)
    assert figure.get_supxlabel() == words


def test_stains_go_from_black_to_their_dye():
    for name, channel in (("live", 2), ("dead", 1)):
        colours = stain_colours(name)
        assert colours(0.0)[:3] == (0, 0, 0)
        assert np.argmax(colours(1.0)[:3]) == channel
