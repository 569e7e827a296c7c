"""Pixel-wise table and scores."""

import numpy as np
import pytest
from livedead.cells.pixels import pixel_rows, pixel_scores, pixel_table, sum_pixel_rows
from livedead.desk.errors import DataError

TRUTH = np.array([[0, 0, 0, 0], [1, 1, 1, 2]], dtype=np.uint8)
PREDICTED = np.array([[0, 0, 0, 1], [1, 1, 2, 2]], dtype=np.uint8)
TABLE = np.array([[3, 1, 0], [0, 2, 1], [0, 0, 1]])


def test_table_by_hand():
    assert np.array_equal(pixel_table(TRUTH, PREDICTED), TABLE)


def test_rows_add_up():
    assert np.array_equal(sum_pixel_rows(pixel_rows(TABLE) + pixel_rows(TABLE)), 2 * TABLE)
    assert not sum_pixel_rows([]).any()


def test_scores_by_hand():
    background, live, dead, nucleus, mean = pixel_scores(TABLE)
    assert (background["precision"], background["recall"], background["f1"]) == pytest.approx((1, 3 / 4, 6 / 7))
    assert (live["precision"], live["recall"], live["iou"]) == pytest.approx((2 / 3, 2 / 3, 2 / 4))
    assert (dead["precision"], dead["recall"], dead["f1"]) == pytest.approx((1 / 2, 1, 2 / 3))
    assert (live["to_background"], live["to_live"], live["to_dead"]) == pytest.approx((0, 2 / 3, 1 / 3))
    assert mean["f1"] == pytest.approx((6 / 7 + 2 / 3 + 2 / 3) / 3)
    assert (live["pixels"], mean["pixels"]) == (3, 8)
    # Three live and one dead pixel against the background, of which four are called; one call is background.
    assert (nucleus["precision"], nucleus["recall"], nucleus["f1"]) == pytest.approx((4 / 5, 1, 8 / 9))
    assert (nucleus["iou"], nucleus["pixels"]) == (4 / 5, 4)


def test_published_table_of_the_authors():
    # HeLa test images, classes live and injured joined (their pixel table of the published model).
    table = np.array([
        [62732248, 92410 + 981798, 118688],
        [51495 + 525367, 219476 + 124612 + 183913 + 3230633, 0 + 1521],
        [64451, 0 + 2509, 201055],
    ])  # fmt: skip
    background, live, dead, _, mean = pixel_scores(table)
    assert [round(row["f1"], 4) for row in (background, live, dead)] == [0.9856, 0.8196, 0.6824]
    assert mean["f1"] == pytest.approx(0.829, abs=5e-4)


def test_absent_class_stays_out_of_the_mean():
    *_, dead, _, mean = pixel_scores(np.array([[5, 0, 0], [0, 5, 0], [0, 0, 0]]))
    assert np.isnan(dead["f1"])
    assert mean["f1"] == 1
    assert np.isnan(pixel_scores(np.zeros((3, 3), dtype=int))[-1]["f1"])


def test_bad_maps():
    with pytest.raises(DataError, match="one grid"):
        pixel_table(TRUTH, PREDICTED[:1])
    with pytest.raises(DataError, match="above 2"):
        pixel_table(TRUTH, PREDICTED * 2)
