"""Pages of the authors' images: starts side by side, the trend in time, outlines."""

import numpy as np
from livedead.paper.image_trend import draw_image_trend
from livedead.paper.outlined import OutlinedImage, draw_outlined
from livedead.paper.starts import COLUMNS, draw_starts, start_row

CARD = {"data": {"training": {"frames": 4}}, "scores": {"epochs": 5, "best_epoch": 3}}
PIXELS = [{"class": "live", "f1": 0.1}, {"class": "nucleus", "f1": 0.66, "precision": 0.6, "recall": 0.73}]
SCORES = [
    {"score": "missed", "subset": "all", "value": 3, "nuclei": 13},
    {"score": "missed", "subset": "interior", "value": 0, "nuclei": 9},
    {"score": "spurious", "subset": "all", "value": 2, "nuclei": 13},
    {"score": "live_as_dead", "subset": "all", "value": None, "nuclei": 13},
]


def test_starts_side_by_side():
    rows = [start_row("field3", start, CARD, PIXELS, SCORES) for start in ("random weights", "network of sim")]
    assert tuple(rows[0]) == COLUMNS
    assert (rows[0]["nucleus_dice"], rows[0]["found"], rows[0]["nuclei"]) == (0.66, 10, 13)
    page = draw_starts(rows, cells="real")
    assert page.rows == rows
    for words in ("network of sim", "0.66", "10 of 13", "3 of 5", "NA"):
        assert words in page.html
    assert "1 field, each" in page.caption and "No labelled image holds a dead nucleus" in page.caption


def test_trend_has_a_panel_per_well_and_only_images_with_nuclei():
    images = [
        {"file": f"{well}{t}", "well": well, "time_index": t, "live_nuclei": 3, "dead_nuclei": t, "note": None}
        | {"dead_fraction": t / (3 + t) if t else None}
        for well in ("f0", "f1")
        for t in range(5)
    ]
    known = {"spearman_rho": 0.51, "low": 0.2, "high": 0.8, "images": 4, "note": None}
    trend = [known | {"well": "f0"}, known | {"well": "all"}]
    trend.insert(1, {"well": "f1", "spearman_rho": None, "images": 2, "note": "too few"})
    drawing = draw_image_trend(images, trend, cells="real")
    assert [axes.get_title() for axes in drawing.figure.axes] == [
        "well f0\nρ = 0.51", "well f1\nρ: NA", "all wells\nρ = 0.51"
    ]  # fmt: skip
    assert [len(axes.collections[0].get_offsets()) for axes in drawing.figure.axes] == [4, 4, 8]
    assert len(drawing.rows) == 10
    assert "f0 0.51 (0.20 to 0.80, 4 images); f1 NA (too few)" in drawing.caption
    assert "2 of them without a nucleus" in drawing.caption


def test_outlines_of_predicted_and_true_nuclei(field):
    phase, labels, _ = field(dead=4)
    shots = [OutlinedImage("one", phase, labels, None, 0.5), OutlinedImage("two", phase, labels * 0, labels, 0.5)]
    drawing = draw_outlined(shots, about="Two fields.", cells="real")
    one, two = drawing.figure.axes
    colours = [c.get_edgecolor()[0].tolist() for axes in (one, two) for c in axes.collections]
    assert len(one.collections) == 2 and len(two.collections) == 1 and len(np.unique(colours, axis=0)) == 3
    assert drawing.rows[0]["dead_area_um2"] == (labels == 2).sum() * 0.25
    assert drawing.rows[0]["true_area_um2"] is None
    assert drawing.rows[1]["true_area_um2"] == (labels > 0).sum() * 0.25
    assert drawing.caption.startswith("Two fields. Real cells")
