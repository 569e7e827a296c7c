"""Viability of a plate: a panel per well as on the plate, wells side by side at one time, and an honest caption."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from livedead.cells.viability import VIABILITY_COLUMNS, wilson_interval
from livedead.desk.tables import read_table
from livedead.paper.files import save_drawing
from livedead.paper.platecurve import MOST_PANELS, draw_plate, plate_grid
from livedead.paper.style import MAX_HEIGHT_IN, WIDTH_IN


def rows(groups, hours, conditions=("unstained",), flagged=0, empty=False):
    found = []
    for group in groups:
        for condition in conditions:
            for hour in hours:
                nuclei, live = (0, 0) if empty and hour == hours[-1] else (40, max(40 - 3 * int(hour), 0))
                ends = wilson_interval(live, nuclei, 0.95)
                fraction = live / nuclei if nuclei else None
                values = [None, group, group, condition, hour, live, nuclei - live, fraction, *ends]
                values += [2, fraction, 1, 0, 0, 1, flagged, None, None, None, None]
                found.append(dict(zip(VIABILITY_COLUMNS, values, strict=True)))
    return found


def panels(figure):
    return [axes for axes in figure.axes if axes.axison]


def test_a_panel_per_well_with_line_band_and_number():
    drawing = draw_plate(rows(["w1", "w2", "w3"], range(5)), plate="p1", cells="simulated", confidence=0.95)
    found = panels(drawing.figure)
    assert [axes.get_title() for axes in found] == ["w1", "w2", "w3"]
    np.testing.assert_allclose(found[0].lines[0].get_xydata(), [[h, 1 - 3 * h / 40] for h in range(5)])
    assert len(found[0].collections) == 1 and "n 40" in [text.get_text() for text in found[0].texts]
    assert drawing.figure._supxlabel.get_text() == "simulated cells"
    assert drawing.rows == rows(["w1", "w2", "w3"], range(5)) and drawing.columns == tuple(VIABILITY_COLUMNS)
    for part in (
        "p1: 3 wells from 0 to 4 h, simulated cells",
        "600 nuclei",
        "15 images",
        "Wilson's (95 %)",
    ):
        assert part in drawing.caption
    assert "1.00 to 1.00 at the start and 0.70 to 0.70 at the end" in drawing.caption


def test_flagged_and_empty_times_are_marked_and_named():
    drawing = draw_plate(rows(["w1"], range(3), flagged=1, empty=True), plate="p", cells="real", confidence=0.9)
    names = [text.get_text() for text in drawing.figure.legends[0].get_texts()]
    assert names == ["unstained", "90 % interval", "with a flagged image", "no nucleus counted"]
    (axes,) = panels(drawing.figure)
    crosses = next(line for line in axes.lines if line.get_marker() == "x")
    assert list(crosses.get_xdata()) == [0, 1]
    assert np.isnan(axes.lines[0].get_ydata()[-1]), "the line ends where nothing is known"


def test_conditions_of_a_well_share_its_panel():
    drawing = draw_plate(
        rows(["w1", "w2"], range(3), ("stained", "unstained")), plate="p", cells="real", confidence=0.95
    )
    assert len(panels(drawing.figure)) == 2
    drawn = [
        line for line in panels(drawing.figure)[0].lines if line.get_linestyle() == "-" and len(line.get_xdata()) == 3
    ]
    assert len({line.get_color() for line in drawn}) == 2
    assert [t.get_text() for t in drawing.figure.legends[0].get_texts()][:2] == ["stained", "unstained"]


def test_one_time_puts_the_wells_side_by_side():
    drawing = draw_plate(rows(["A1", "A2", "A3"], [24]), plate="p", cells="real", confidence=0.95)
    upper, lower = drawing.figure.axes
    assert [text.get_text() for text in lower.get_xticklabels()] == ["A1", "A2", "A3"]
    assert upper.get_title() == "24 h" and [bar.get_height() for bar in lower.patches] == [40, 40, 40]
    assert "3 wells at 24 h" in drawing.caption


def test_wells_lie_as_on_the_plate():
    names = [f"{letter}{number:02d}" for letter in "ABCDEFGH" for number in range(1, 13)]
    down, across, places = plate_grid(names[::-1])
    assert (down, across) == (8, 12) and places["A01"] == (0, 0) and places["H12"] == (7, 11)
    assert plate_grid(["w1", "w2", "w3", "w4"])[:2] == (2, 2)
    assert plate_grid([f"field-{n}" for n in range(30)])[:2] == (3, 12)


@pytest.mark.parametrize(
    "wells, hours", [(1, [3.0]), (6, np.arange(25) / 2), (24, range(8)), (96, range(4)), (120, [1, 2])]
)
def test_all_sizes_of_a_plate_fit_the_page_and_keep_every_row(wells, hours):
    names = [f"s{number}" for number in range(wells)]
    drawing = draw_plate(rows(names, list(hours)), plate="p", cells="mixed", confidence=0.95)
    width, height = drawing.figure.get_size_inches()
    assert width <= WIDTH_IN and height <= MAX_HEIGHT_IN
    assert len(drawing.rows) == wells * len(list(hours))
    assert len(panels(drawing.figure)) == min(wells, MOST_PANELS)
    assert ("the first 96 drawn" in drawing.caption) == (wells > 96)


def test_a_drawing_can_be_saved(tmp_path):
    drawing = draw_plate(rows(["A1"], [3.0]), plate="p", cells="real", confidence=0.95)
    output = {kind: str(tmp_path / f"curve.{kind}") for kind in ("svg", "png", "tsv", "caption")}
    save_drawing(drawing, output)
    assert plt.imread(output["png"]).std() > 0
    assert read_table(output["tsv"])[0]["group"] == "A1"


def test_a_plate_without_any_nucleus_is_drawn_and_says_so():
    drawing = draw_plate(rows(["w1", "w2"], [0], empty=True), plate="p", cells="real", confidence=0.95)
    assert "0 nuclei called live or dead" in drawing.caption and "Live fraction" not in drawing.caption
