"""Supplementary Note 5: tables and the curve, with variants that were not trained."""

import pytest
from livedead.cells.variants import VARIANT_COLUMNS
from livedead.paper.note5 import AUTHORS_PIXEL_F1, draw_encoder_table, draw_loss_table, draw_pretraining_table
from livedead.paper.trainingsize import draw_training_size

from tests.unit.paper.cells import Cells

TRAINED = {
    "crop_px": 128, "batch_size": 8, "steps": 150, "best_epoch": 3, "macro_f1_low": 0.8, "macro_f1_high": 0.95,
    "f1_live": 0.92, "f1_dead": 0.88, "macro_f1_inclusive": 0.8, "missed_fraction": 0.1, "pixel_f1": 0.83,
    "test_films": 4, "nuclei": 1142, "training_frames": 240,
}  # fmt: skip


def row(encoder="B0", start="scratch", loss="focal", f1=0.9, frames=240, reason=None):
    found = dict.fromkeys(VARIANT_COLUMNS) | {"encoder": encoder, "start": start, "loss": loss, "reason": reason}
    return found | ({} if reason else TRAINED | {"macro_f1": f1, "training_frames": frames})


def cost(encoder, parameters):
    return {
        "encoder": encoder, "parameters": parameters, "encoder_parameters": 1, "gmacs": 3.14159, "image_px": 320,
        "seconds_per_image": 0.256, "seconds_low": 0.2, "seconds_high": 0.3, "repeats": 5, "threads": 2,
    }  # fmt: skip


def test_encoders_that_were_not_trained_keep_their_costs_and_reason():
    rows = [row("B0"), row("B3", f1=0.93), row("B7", reason="counted only")]
    costs = [cost("B7", 75_048_387), cost("B0", 10_115_791), cost("B3", 17_868_123)]
    page = draw_encoder_table(rows, costs, cells="simulated")
    b3, b7 = Cells(page.html).rows[2:]
    assert b3[:6] == ["B3", "17,868,123", "3.1", "0.26", "8", "93.0 %"]
    assert b7[:4] == ["B7", "75,048,387", "3.1", "0.26"] and set(b7[4:]) == {"NA"}
    assert "NA in B7: counted only." in page.caption and "B3, 93.0 %" in page.caption
    assert "simulated cells" in page.caption and "320 x 320" in page.caption
    assert page.rows[2]["gmacs"] == 3.14159 and page.rows[2]["macro_f1"] is None


@pytest.mark.parametrize(
    "source, words", [("cho", "the images of the cohort cho"), ("imagenet", "the photographs of ImageNet")]
)
def test_pretraining_says_what_it_was(source, words):
    page = draw_pretraining_table([row(), row(start="pretrained", f1=0.94)], pretraining=source, cells="real")
    assert words in page.caption and "real cells" in page.caption
    scratch, pretrained = Cells(page.html).rows[1:]
    assert (scratch[-1], pretrained[-1]) == ("67.7 %", "73.5 %")
    assert (scratch[0], pretrained[0]) == ("from scratch", "pre-trained encoder")
    assert [r["authors_pixel_f1"] for r in page.rows] == [0.6767, 0.7352]


def test_losses_in_words():
    words = {"focal": "focal", "mine": "4 focal + Dice (the authors' code)"}
    page = draw_loss_table([row(), row(loss="mine", f1=0.91)], words=words, cells="simulated")
    assert Cells(page.html).rows[2][:2] == ["4 focal + Dice (the authors' code)", "91.0 %"]
    assert "Highest mean F1 of nuclei: 4 focal + Dice" in page.caption


def test_curve_has_both_starts_and_the_authors():
    rows = [row(start=s, f1=f, frames=n) for s in ("scratch", "pretrained") for n, f in ((60, 0.8), (240, 0.9))]
    drawing = draw_training_size(rows, pretraining="cho", cells="simulated")
    objects, pixels = drawing.figure.axes
    (scratch, *_) = [line for line in pixels.lines if line.get_label() == "from scratch, this run"]
    assert list(scratch.get_xdata()) == [25, 100]
    assert len(pixels.lines) == 4 and len(objects.containers) == 2
    assert [r["source"] for r in drawing.rows] == ["ours"] * 4 + ["authors"] * len(AUTHORS_PIXEL_F1)
    assert "from scratch: 80.0 % (60 images), 90.0 % (240 images)" in drawing.caption
    assert "simulated cells, 150 steps each." in drawing.caption
    rows[0] |= {"steps": 40}
    assert ", 40 to 150 steps." in draw_training_size(rows, pretraining="cho", cells="simulated").caption


def test_curve_without_pretraining_says_why():
    rows = [row(frames=60), row(), row(start="pretrained", reason="no network of the cohort cho")]
    drawing = draw_training_size(rows, pretraining="cho", cells="simulated")
    assert len(drawing.figure.axes[0].containers) == 1
    assert "Not trained: no network of the cohort cho." in drawing.caption


def test_curve_with_one_test_film_and_a_network_that_found_nothing():
    unsure = {"macro_f1_low": None, "macro_f1_high": None}
    rows = [row(frames=60) | unsure | {"macro_f1": None}, row() | unsure, row(start="pretrained") | unsure]
    drawing = draw_training_size(rows, pretraining="cho", cells="simulated")
    scratch, pretrained = drawing.figure.axes[0].containers
    assert list(scratch.lines[0].get_xdata()) == list(pretrained.lines[0].get_xdata()) == [100]
    assert "from scratch: NA (60 images), 90.0 % (240 images)" in drawing.caption
    page = draw_pretraining_table(rows[1:], pretraining="cho", cells="simulated")
    assert Cells(page.html).rows[1][2:4] == ["90.0 %", "NA"]
