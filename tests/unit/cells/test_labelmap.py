"""Ready label maps."""

import numpy as np
import pytest
from livedead.cells.labelmap import import_label_map
from livedead.desk.errors import DataError, ImageError

AUTHORS = {"1": "live", 2: "live", 3: "dead"}


def test_values_and_components():
    ready = np.zeros((12, 14), dtype=np.uint8)
    ready[1:4, 1:4] = 1
    ready[4:6, 4:6] = 2  # touches the first at a corner, and is live too
    ready[8:11, 2:5] = 2
    ready[8:11, 5:8] = 3  # dead beside live
    ready[0:2, 12:14] = 3
    frame = import_label_map(ready, AUTHORS, 0.5)
    assert [row["state"] for row in frame.nuclei].count("live") == 2
    assert [row["state"] for row in frame.nuclei].count("dead") == 2
    assert frame.counts == {"found": 4, "kept": 4}
    assert np.array_equal(frame.semantic, np.array([0, 1, 1, 2], dtype=np.uint8)[ready])
    corner = frame.nuclei[frame.instances[0, 13] - 1]
    assert corner["touches_border"] and corner["state"] == "dead"
    assert corner["area_um2"] == pytest.approx(1.0)
    assert corner["dead_ratio"] is None


def test_a_class_may_be_made_background():
    frame = import_label_map(np.array([[1, 0, 2]]), {1: "live", 2: "background"}, 1.0)
    assert frame.semantic.tolist() == [[1, 0, 0]]


def test_foreign_values_are_named():
    with pytest.raises(DataError, match=r"values \[3, 255\].*label_values"):
        import_label_map(np.array([[0, 1, 3, 255]], dtype=np.uint8), {1: "live", 2: "dead"}, 1.0)


def test_values_that_are_no_numbers_are_named():
    with pytest.raises(DataError, match=r"labels.label_values names cell \(wanted the whole numbers"):
        import_label_map(np.ones((4, 4), np.uint8), {"cell": "live"}, 0.5)


def test_what_is_no_map_of_whole_numbers_is_refused():
    for bad in (np.zeros((4, 4)), np.zeros((1, 4, 4), dtype=int)):
        with pytest.raises(DataError, match="whole numbers"):
            import_label_map(bad, AUTHORS, 1.0)


def test_empty_map():
    frame = import_label_map(np.zeros((5, 6), dtype=np.uint16), AUTHORS, 1.0)
    assert frame.nuclei == []
    assert frame.instances.max() == 0


def test_reduced_to_the_state_of_most_pixels():
    ready = np.zeros((4, 6), dtype=np.uint8)
    ready[:2, :2] = 1
    ready[2:, 2:5] = 3
    ready[3, 2] = 0
    frame = import_label_map(ready, AUTHORS, 0.65, 2)
    # Half a block is not most of it: the nucleus ends there.
    assert frame.semantic.tolist() == [[1, 0, 0], [0, 2, 0]]
    assert [nucleus["area_um2"] for nucleus in frame.nuclei] == pytest.approx([0.65**2] * 2)


def test_a_map_that_cannot_be_reduced_is_refused():
    with pytest.raises(ImageError, match="5 x 6"):
        import_label_map(np.zeros((5, 6), dtype=np.uint8), AUTHORS, 1.0, 2)
