"""Fig. 5: film strips, single cells and means of two arms."""

from types import SimpleNamespace

import numpy as np
import pytest
from livedead.paper.figure5 import COLUMNS, draw_figure5
from livedead.paper.growthcurves import ARM_COLOURS, draw_means, kept_lines
from livedead.paper.growthfilm import FilmStrip, crop_around, cut_strip, draw_outlines, middle_track
from livedead.paper.style import DEAD_COLOUR, LIVE_COLOUR, new_figure
from matplotlib.colors import to_hex

TIMES = [0.0, 0.5, 1.0, 1.5]
FILMS = {"s1": "stained", "s2": "stained", "u1": "unstained"}


def nucleus(sequence, track, frame, x=60.0, y=60.0, area=1.0, mass=1.0):
    row = {"sequence": sequence, "track": track, "frame": frame, "time_h": TIMES[frame], "x_um": x, "y_um": y}
    return row | {"area_relative": area, "dry_mass_relative": mass}


@pytest.fixture
def tracks():
    rows = [nucleus("s1", 1, frame, 20 + frame, 30, 1 + frame / 10) for frame in reversed(range(4))]
    rows += [nucleus("s1", 2, frame, 58, 62) for frame in range(4)]
    rows += [nucleus("s1", 3, frame, 60, 60) for frame in range(4)]
    rows += [nucleus("s2", 1, frame, 10, 10, mass=None) for frame in (0, 2)]
    return [*rows, nucleus("s1", None, 0), *(nucleus("u1", 7, frame, 110, 5, 0.9) for frame in range(4))]


@pytest.fixture
def lives():
    # Track 3 of s1, in the very middle, was not kept.
    kept = {("s1", 1): True, ("s1", 2): True, ("s1", 3): False, ("s2", 1): True, ("u1", 7): True}
    return [{"sequence": sequence, "track": track, "kept": yes} for (sequence, track), yes in kept.items()]


@pytest.fixture
def film(field):
    """A film of four frames as the reader of stacks gives it."""
    phase, labels, _ = field(dead=4)

    class Stack(list):
        info = SimpleNamespace(pixel_size_um=0.5, frame_interval_min=30)

    return Stack([phase[None]] * 4), Stack([labels[None]] * 4)


def course(quantity="area", wells=3):
    return [
        {"quantity": quantity, "condition": arm, "time_h": time, "n": n, "wells": wells, "mean": mean}
        | {"standard_error": 0.0 if time == 0 else 0.02}
        for arm, n, gain in (("stained", 9, 0.1), ("unstained", 5, 0.2))
        for time, mean in ((time, 1 + gain * time) for time in TIMES)
    ]


def comparison(quantity="area", note=None):
    marks = {0.5: (0.2, 0.9), 1.0: (0.03, 0.09), 1.5: (0.001, 0.003)}
    return [
        {"quantity": quantity, "time_h": time, "p_pooled": pooled, "p_holm": holm, "note": note}
        | {"significant_pooled": pooled < 0.05}
        for time, (pooled, holm) in marks.items()
    ]


def interval(quantity="area", first=1.0, last=1.5):
    return {"quantity": quantity, "method": "pooled", "from_h": first, "to_h": last}


def test_kept_cells_by_arm_in_order_of_time(tracks, lives):
    lines = kept_lines(tracks, lives, FILMS)
    assert [(line.sequence, line.track) for line in lines["stained"]] == [("s1", 1), ("s1", 2), ("s2", 1)]
    assert [line.track for line in lines["unstained"]] == [7]
    first, _, gaps = lines["stained"]
    assert first.times_h == TIMES and first.values["area"] == pytest.approx([1, 1.1, 1.2, 1.3])
    assert gaps.times_h == [0.0, 1.0] and gaps.values["dry_mass"] == [None, None]
    assert kept_lines(tracks, lives, dict.fromkeys(FILMS, "stained_after")) == {"stained": [], "unstained": []}


def test_the_shown_cell_is_the_kept_one_nearest_to_the_middle(tracks, lives):
    assert middle_track(tracks, lives, "s1", (120, 120)) == 2
    assert middle_track(tracks, lives, "s1", (40, 40)) == 1
    assert middle_track(tracks, [row | {"kept": False} for row in lives], "s1", (120, 120)) is None


@pytest.mark.parametrize(
    "centre, window",
    [((60, 50), (40, 60, 50, 70)), ((3, 118), (100, 120, 0, 20)), ((195, 2), (0, 20, 180, 200))],
)
def test_the_window_stays_in_the_field(centre, window):
    rows, columns = crop_around((240, 400), centre, 20, 0.5)
    assert tuple(0.5 * n for n in (rows.start, rows.stop, columns.start, columns.stop)) == window


def test_a_field_smaller_than_the_window_is_shown_whole():
    assert crop_around((30, 50), (10, 10), 80, 1) == (slice(0, 30), slice(0, 50))


def test_strip_follows_the_cell_through_the_nearest_frames(tracks, lives, film):
    strip = cut_strip("s1", *film, tracks, lives, start_h=0.0, wanted_h=[0, 0.9, 9])
    assert strip.track == 2 and strip.times_h == [0.0, 1.0, 1.5]
    assert strip.centres_um == [(58, 62)] * 3 and strip.phase[0].shape == (240, 240)
    empty = cut_strip("s1", *film, tracks, [], start_h=0.0, wanted_h=[0, 9])
    assert empty.track is None and empty.centres_um == [None, None]


def test_outlines_lie_on_the_edge_of_the_nuclei():
    labels = np.zeros((40, 60), np.uint8)
    labels[10:20, 30:50] = 1
    labels[30:, :8] = 2
    axes = new_figure(2, 2).subplots()
    draw_outlines(axes, labels, 0.5)
    live, dead = axes.collections
    assert [to_hex(found.get_edgecolor()[0]) for found in (live, dead)] == [LIVE_COLOUR.lower(), DEAD_COLOUR.lower()]
    box = live.get_paths()[0].get_extents()
    np.testing.assert_allclose(box.extents, [15, 5, 25, 10], atol=0.26)
    # A nucleus cut by the edge is closed along it.
    np.testing.assert_allclose(dead.get_paths()[0].get_extents().extents, [0, 15, 4, 20], atol=0.26)


def marked(axes, marker):
    return [list(line.get_xdata()) for line in axes.lines if line.get_marker() == marker]


def test_means_marks_and_shade():
    axes = new_figure(3, 3).subplots()
    draw_means(axes, "area", course() + course("dry_mass"), comparison(), interval(), 0.05)
    lines = {line.get_label(): line for line in axes.lines if line.get_marker() == "o"}
    assert set(lines) == {"stained, n = 9", "unstained, n = 5"}
    stained = lines["stained, n = 9"]
    assert stained.get_color() == ARM_COLOURS["stained"] and list(stained.get_xdata()) == TIMES
    np.testing.assert_allclose(stained.get_ydata(), [1, 1.05, 1.1, 1.15])
    assert marked(axes, ".") == [[1.0]] and marked(axes, "D") == [[1.5]]
    # Marks stand above the curves and their errors.
    height = next(line.get_ydata()[0] for line in axes.lines if line.get_marker() == "D")
    assert 1.32 < height < axes.get_ylim()[1]
    band = axes.collections[0].get_paths()[0].get_extents()
    assert (band.y0, band.y1) == pytest.approx((1.0, 1.17))
    (shade,) = axes.patches
    assert (shade.get_x(), shade.get_x() + shade.get_width()) == pytest.approx((0.75, 1.75))


def test_means_without_cells_or_significant_times():
    rows = [row | {"mean": None, "standard_error": None, "n": 0} for row in course()[:4]]
    rows += [row | {"n": 5 - number, "standard_error": None} for number, row in enumerate(course()[4:])]
    axes = new_figure(3, 3).subplots()
    untested = [row | dict.fromkeys(("p_holm", "significant_pooled")) for row in comparison()]
    draw_means(axes, "area", rows, untested, interval(first=None, last=None), 0.05)
    assert [line.get_label() for line in axes.lines if line.get_marker() == "o"] == ["unstained, n = 2 to 5"]
    assert not axes.patches and marked(axes, "D") == [[]]


@pytest.fixture
def strips(tracks, lives, film):
    shown = {"stained": "s1", "unstained": "u1"}
    return {
        arm: cut_strip(name, *film, tracks, lives, start_h=0.0, wanted_h=[0, 0.5, 1, 1.5])
        for arm, name in shown.items()
    }


def test_six_panels_and_all_their_numbers(strips, tracks, lives):
    lines = kept_lines(tracks, lives, FILMS)
    tables = (course() + course("dry_mass"), comparison() + comparison("dry_mass", "one cell"))
    runs = [interval(), interval("dry_mass", 1.0, 1.0), interval() | {"method": "holm", "from_h": 0.5}]
    drawing = draw_figure5(strips, lines, *tables, runs, significance=0.05, cells="simulated")
    titles = [axes.get_title(loc="left") for axes in drawing.figure.axes if axes.get_title(loc="left")]
    assert [title[0] for title in titles] == list("acbdef")
    assert titles[4:] == ["e  nuclear area: differs from 1 to 1.5 h", "f  nuclear dry mass: differs at 1 h"]
    images = [axes for axes in drawing.figure.axes if axes.images]
    assert len(images) == 8 and {axes.get_xlim() for axes in images} == {(0, 80)}
    # The dot is on the shown cell, in the window around it.
    dot = next(line for line in images[0].lines if line.get_label() == "cell")
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (40, 40)
    spaghetti = next(axes for axes in drawing.figure.axes if axes.get_title(loc="left") == "c  stained, n = 3")
    assert sorted(line.get_linewidth() for line in spaghetti.lines) == [0.4, 0.4, 0.5, 1.1]
    assert all(set(row) <= set(COLUMNS) for row in drawing.rows) and drawing.columns == COLUMNS
    by_panel = {letter: [row for row in drawing.rows if row["panel"] == letter] for letter in "abcdef"}
    assert {letter: len(rows) for letter, rows in by_panel.items()} == {"a": 4, "b": 4, "c": 20, "d": 8, "e": 8, "f": 8}
    assert by_panel["e"][2]["p_pooled"] == 0.03 and by_panel["e"][0]["p_pooled"] is None
    assert by_panel["a"][0]["left_um"] == 18 and by_panel["a"][0]["track"] == 2
    assert drawing.figure.get_supxlabel() == "simulated cells"
    assert drawing.caption == (
        "Simulated cells: 3 stained cells in 3 wells and 1 unstained cell in 3 wells; nuclear area: differs from 1 to "
        "1.5 h; nuclear dry mass: differs at 1 h. Shown: stained film s1, cell 2; unstained film u1, cell 7. Not "
        "tested everywhere: one cell."
    )


@pytest.mark.parametrize("short", ["stained", "unstained"])
def test_films_of_the_arms_may_differ_in_length(strips, tracks, lives, short):
    long = vars(strips[short])
    cut = {name: long[name][:2] for name in ("times_h", "phase", "labels", "centres_um")}
    drawing = draw_figure5(
        strips | {short: FilmStrip(**long | cut)},
        kept_lines(tracks, lives, FILMS), course(), comparison(), [interval()], significance=0.05, cells="real",
    )  # fmt: skip
    assert len([axes for axes in drawing.figure.axes if axes.images]) == 6
    assert [row["panel"] for row in drawing.rows if row["panel"] in "ab"] == (
        list("aabbbb") if short == "stained" else list("aaaabb")
    )


def test_no_cell_kept_is_drawn_and_said(strips):
    lost = {arm: FilmStrip(**vars(strip) | {"track": None, "centres_um": [None] * 4}) for arm, strip in strips.items()}
    rows = [row | {"mean": None, "standard_error": None, "n": 0, "wells": None} for row in course()]
    none = [interval(first=None, last=None)]
    lines = {"stained": [], "unstained": []}
    drawing = draw_figure5(lost, lines, rows, comparison(), none, significance=0.05, cells="real")
    assert "0 stained cells and 0 unstained cells; nuclear area: no significant time" in drawing.caption
    assert "stained film s1, no cell kept" in drawing.caption
    words = [text.get_text() for axes in drawing.figure.axes for text in axes.texts]
    assert words.count("no cell kept") == 4
