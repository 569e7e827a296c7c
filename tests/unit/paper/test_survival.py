import numpy as np
from livedead.paper.growthcurves import ARM_COLOURS
from livedead.paper.survival import COLUMNS, draw_survival

MODELS = [{"analysis": "cox", "p": 0.5}, {"analysis": "log_rank", "p": 0.0123}]


def row(arm, time_h, at_risk, deaths, censored, survival, low=None, high=None, lost=0):
    values = (arm, time_h, at_risk, deaths, censored, lost, survival, low, high)
    return dict(zip(COLUMNS, values, strict=True)) | {"note": None}


CURVES = [
    row("stained", 0.0, 10, 0, 0, 1.0),
    row("stained", 2.0, 10, 2, 0, 0.8, 0.5, 0.95),
    row("stained", 4.0, 8, 0, 3, 0.8, 0.5, 0.95, lost=3),
    row("stained", 6.0, 5, 0, 5, 0.8, 0.5, 0.95),
    row("unstained", 0.0, 4, 0, 0, 1.0),
    row("unstained", 6.0, 4, 0, 4, 1.0),
]


def test_steps_losses_and_numbers_at_risk():
    drawing = draw_survival(CURVES, MODELS, cells="simulated")
    (axes,) = drawing.figure.axes
    steps = {line.get_label(): line for line in axes.lines if line.get_drawstyle() == "steps-post"}
    assert set(steps) == {"stained, 2 of 10 died", "unstained, 0 of 4 died"}
    stained = steps["stained, 2 of 10 died"]
    assert stained.get_color() == ARM_COLOURS["stained"]
    np.testing.assert_allclose(stained.get_xdata(), [0, 2, 4, 6])
    np.testing.assert_allclose(stained.get_ydata(), [1, 0.8, 0.8, 0.8])
    # Cells seen until the end of the film are not lost.
    crosses = [line for line in axes.lines if line.get_marker() == "+"]
    assert [list(line.get_xdata()) for line in crosses] == [[4], []]
    # At 3 h those are at risk whose end comes at 4 h or later.
    labels = {
        float(label.get_text().split("\n")[0]): label.get_text().split("\n")[1:] for label in axes.get_xticklabels()
    }
    assert labels[0] == ["10", "4"] and labels[3] == ["8", "4"] and labels[6] == ["5", "4"]
    assert drawing.rows[1] == {name: CURVES[1][name] for name in COLUMNS}
    assert drawing.caption == (
        "Simulated cells: 2 of 10 stained cells died, 0 of 4 unstained cells died; log-rank test over cells p = 0.012."
    )


def test_an_arm_of_shorter_films_ends_with_them():
    drawing = draw_survival(
        [*CURVES[:4], row("unstained", 0.0, 4, 0, 0, 1.0), row("unstained", 3.0, 4, 0, 4, 1.0)], [], cells="real"
    )
    (axes,) = drawing.figure.axes
    steps = {line.get_label(): line for line in axes.lines if line.get_drawstyle() == "steps-post"}
    np.testing.assert_allclose(steps["unstained, 0 of 4 died"].get_xdata(), [0, 3])
    assert [list(line.get_xdata()) for line in axes.lines if line.get_marker() == "+"] == [[4], []]


def test_an_arm_without_cells_and_no_test():
    empty = row("unstained", 0.0, 0, 0, 0, None)
    drawing = draw_survival([*CURVES[:4], empty], [{"analysis": "log_rank", "p": None}], cells="real")
    (axes,) = drawing.figure.axes
    assert sum(line.get_drawstyle() == "steps-post" for line in axes.lines) == 1
    assert "0 of 0 unstained cells died; no log-rank test." in drawing.caption
    assert draw_survival([], [], cells="real").rows == []
