"""The page of a running experiment: what it says, in a form that any browser shows without a network."""

import io
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from livedead.cells.live_counts import LIVE_COLUMNS
from livedead.paper.livecurve import curve_svg
from livedead.paper.livepage import LiveState, live_page, picture_png
from matplotlib.colors import to_rgb
from matplotlib.image import imread

STATE = LiveState(
    title="Live/dead of <plate> & co",
    written="2026-01-02 03:04:05",
    counted=3,
    skipped=1,
    waiting=2,
    ended=False,
    refresh_s=2.4,
    confidence=0.95,
    picture="live.png",
    pictured="Time point 3",
)


def row(t, live=8, dead=2, **other):
    found = dict.fromkeys(LIVE_COLUMNS) | {"t": t, "time_h": t / 2}
    if live is not None:
        found |= {"n_live": live, "n_dead": dead, "n_uncertain": 1, "live_fraction": live / (live + dead)}
        found |= {"low": 0.1, "high": 0.9, **dict.fromkeys([c for c in LIVE_COLUMNS if c.endswith("_ms")], 10.0)}
    return found | other


BROKEN = row(2, None, reason="f1_t2.tif: <cut off>")


def points(svg, kind):
    return [element for element in ElementTree.fromstring(svg) if element.tag == kind]


def test_the_page_says_it_all_and_needs_nothing_else():
    last = [row(0), row(1), row(3, 9, 1, warnings="crowded;empty"), BROKEN]
    page = live_page(STATE, last, last)
    assert '<meta http-equiv="refresh" content="2">' in page
    for words in (
        "<h1>Live/dead of &lt;plate&gt; &amp; co</h1>",
        "Running; written at 2026-01-02 03:04:05; 3 time points counted",
        "2 waiting for their files",
        "1 skipped",
        "<b>90.0 % live</b>",
        "9 live, 1 dead, 1 uncertain",
        "t 3, 1.5 h",
        "crowded, empty",
        "f1_t2.tif: &lt;cut off&gt;",
        'src="live.png?2026-01-02-030405"',
        "Ticks at the bottom: no count.",
        "<td>40</td>",
    ):
        assert words in page, words
    assert "<cut off>" not in page and "<script" not in page and "http:" not in page and "https:" not in page
    assert page.index("<td>2</td>") < page.index("<td>3</td>"), "the newest row stands first"


def test_a_late_time_point_is_not_the_newest():
    assert "t 9, 4.5 h" in live_page(STATE, [], [row(9), row(4)])


def test_an_experiment_that_has_ended_is_not_read_again():
    ended = LiveState(**{**vars(STATE), "ended": True, "step": 4})
    page = live_page(ended, [row(0)], [row(0, origin="simulated")])
    assert "refresh" not in page and "Ended; " in page and "waiting" not in page
    assert "every 4th time point is drawn" in page and "Simulated cells." in page


def test_a_page_before_the_first_time_point():
    page = live_page(LiveState(**{**vars(STATE), "picture": None}), [], [])
    assert "<img" not in page and "<svg" in page


def test_the_curve_is_at_the_fractions_and_breaks_where_there_is_none():
    svg = curve_svg([row(4), BROKEN, row(0, 5, 5), row(1, 0, 10), row(3, 10, 0)])
    dots = [(float(d.get("cx")), float(d.get("cy"))) for d in points(svg, "circle")]
    xs, ys = zip(*dots, strict=True)
    np.testing.assert_allclose(np.diff(xs), (xs[-1] - xs[0]) / 4 * np.array([1, 2, 1]), atol=0.11)
    height = ys[1] - ys[2]
    np.testing.assert_allclose(np.array(ys), ys[2] + height * np.array([0.5, 1, 0, 0.2]), atol=0.11)
    paths = [p for p in points(svg, "path") if p.get("fill") not in (None, "none")]
    assert len(paths) == 2, "one band before the gap and one behind it"
    assert len([p for p in points(svg, "path") if p.get("stroke") == "#a63c00"]) == 1
    assert "time [h]" in svg


def test_an_axis_without_hours_counts_time_points():
    svg = curve_svg([row(t, time_h=None) for t in (10, 30)])
    labels = [text.text for text in points(svg, "text")]
    assert labels[5:] == ["10", "15", "20", "25", "30", "time point t"]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_points_are_drawn_too(count):
    svg = curve_svg([row(t) for t in range(count)])
    assert len(points(svg, "circle")) == count
    assert not re.search("nan|inf", svg)


def test_many_points_are_a_line():
    assert not points(curve_svg([row(t) for t in range(200)]), "circle")


def test_the_picture_keeps_outlines_and_stays_small():
    drawn = np.zeros((4, 60, 2100), np.uint8)
    drawn[0] = 100
    drawn[1, 31, 301] = drawn[2, 40, 600] = drawn[3, 50, 903] = 255
    drawn[1, 10:20, 10:20] = 60
    picture = imread(io.BytesIO(picture_png(drawn)))[..., :3]
    assert picture.shape == (20, 700, 3)
    np.testing.assert_allclose(picture[10, 100], to_rgb("#0072B2"), atol=0.01)
    np.testing.assert_allclose(picture[13, 200], to_rgb("#E69F00"), atol=0.01)
    np.testing.assert_allclose(picture[16, 301], to_rgb("#CC3399"), atol=0.01)
    np.testing.assert_allclose(picture[5, 5], 100 / 255, atol=0.01)
