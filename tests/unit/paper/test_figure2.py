import math

import pytest
from livedead.desk.errors import DataError
from livedead.paper.figure2 import draw_figure2, loss_words

HISTORY = [
    {"epoch": 1, "train_loss": 0.5, "validation_loss": 0.6, "seconds": 3.0},
    {"epoch": 2, "train_loss": 0.1, "validation_loss": 0.2, "seconds": 3.0},
    {"epoch": 3, "train_loss": 0.05, "validation_loss": 0.3, "seconds": 3.0},
]


def draw(history):
    return draw_figure2(history, encoder="B3", loss="focal", cells="simulated")


def test_both_curves_on_a_logarithmic_scale():
    axes = draw(HISTORY).figure.axes[0]
    assert axes.get_yscale() == "log"
    train, validation = axes.lines[:2]
    assert list(train.get_ydata()) == [0.5, 0.1, 0.05] and list(validation.get_ydata()) == [0.6, 0.2, 0.3]
    assert train.get_linestyle() != validation.get_linestyle()


def test_the_kept_epoch_is_marked_on_the_validation_curve():
    drawing = draw(HISTORY)
    star = drawing.figure.axes[0].lines[-1]
    assert (list(star.get_xdata()), list(star.get_ydata())) == ([2], [0.2])
    assert [row["kept"] for row in drawing.rows] == [False, True, False]
    assert "Lowest validation loss 0.2 in epoch 2, where the training loss is 0.1." in drawing.caption


def test_an_epoch_that_diverged_is_left_out_of_the_curve():
    history = [*HISTORY, {"epoch": 4, "train_loss": math.nan, "validation_loss": None}]
    drawing = draw(history)
    assert math.isnan(drawing.figure.axes[0].lines[1].get_ydata()[3])
    assert len(drawing.rows) == 4


def test_a_training_that_never_worked_is_an_error():
    with pytest.raises(DataError, match="no epoch with a finite validation loss.*learning_rate"):
        draw([{"epoch": 1, "train_loss": math.nan, "validation_loss": math.inf}])


@pytest.mark.parametrize(
    "settings, words",
    [
        ((1, 0, 2, "paper"), "focal"),
        ((1, 1, 2, "paper"), "focal + Dice"),
        ((0, 1, 2, "paper"), "Dice"),
        ((4, 1, 1.5, "authors_code"), "4 focal (gamma 1.5) + Dice (the authors' code)"),
    ],
)
def test_loss_in_words(settings, words):
    assert loss_words(*settings) == words


@pytest.mark.parametrize(
    "last, ticks", [(0.2, {"0.2", "0.3", "0.9", "1"}), (0.002, {"0.002", "0.005", "0.02", "0.1", "1"})]
)
def test_losses_are_read_off_in_plain_numbers(last, ticks):
    losses = [{"epoch": n, "train_loss": loss, "validation_loss": loss} for n, loss in ((1, 1.0), (2, last))]
    axis = draw(losses).figure.axes[0].yaxis
    axis.figure.draw_without_rendering()
    shown = {label.get_text() for label in (*axis.get_majorticklabels(), *axis.get_minorticklabels())}
    assert ticks <= shown
    assert not any("e" in text or "$" in text for text in shown)
