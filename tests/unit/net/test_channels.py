import numpy as np
import pytest
from livedead.desk.errors import DataError
from livedead.net.channels import label_map, one_hot, stored_labels

LABELS = np.array([[0, 1], [2, 1]], np.uint8)


def test_network_order_is_live_dead_background():
    target = one_hot(LABELS)
    assert target.dtype == np.float32
    np.testing.assert_array_equal(target, [[[0, 0, 1], [1, 0, 0]], [[0, 1, 0], [1, 0, 0]]])


def test_label_map_undoes_one_hot_and_takes_the_largest():
    found = label_map(one_hot(LABELS))
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, LABELS)
    assert label_map(np.array([0.2, 0.5, 0.3])) == 2


def test_stored_labels():
    stored = np.moveaxis(one_hot(LABELS) * 255, -1, 0).astype(np.uint8)
    np.testing.assert_array_equal(stored_labels(stored), LABELS[np.newaxis])


def test_foreign_labels():
    with pytest.raises(DataError, match="A label map holds 3, 7; wanted only 0 background, 1 live, 2 dead"):
        one_hot(np.array([0, 7, 3, 1]))
