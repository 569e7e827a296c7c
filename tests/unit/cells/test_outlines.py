"""Thresholds that follow each nucleus."""

import numpy as np
import pytest
from livedead.cells.outlines import edge_widths, outline_nuclei, ring_background
from scipy import ndimage as ndi

ARGUMENTS = {
    "threshold_fraction": 0.35,
    "lowpass_sigma_px": 1.2,
    "split_distance_px": 9,
    "max_edge_px": 15,
    "min_area_px": 90,
    "min_contrast": 0.1,
}


def disk(y, x, r, shape=(120, 160)):
    rows, columns = np.indices(shape)
    return np.hypot(rows - y, columns - x) <= r


def test_half_height_outline_has_the_right_area():
    image = ndi.gaussian_filter(disk(60, 80, 12) * 100.0, 1.2)
    labels = outline_nuclei(image, 0.1, **ARGUMENTS | {"threshold_fraction": 0.5})
    assert labels.max() == 1
    assert (labels == 1).sum() == pytest.approx(np.pi * 144, rel=0.05)


def test_dim_neighbour_without_maximum_of_its_own():
    image = np.maximum(disk(60, 60, 8) * 1000.0, disk(60, 79, 12) * 150.0)
    labels = outline_nuclei(ndi.gaussian_filter(image, 1.2), 0.5, **ARGUMENTS)
    assert labels[60, 60] != labels[60, 82]
    assert labels[60, 82] > 0
    assert (labels == labels[60, 82]).sum() == pytest.approx(np.pi * 144, rel=0.2)


def test_noise_alone_and_nothing_give_nothing():
    assert outline_nuclei(np.zeros((50, 50)), 0.0, **ARGUMENTS).max() == 0
    noise = ndi.gaussian_filter(np.random.default_rng(0).normal(size=(80, 80)), 1.2)
    assert outline_nuclei(noise, noise.std(), **ARGUMENTS).max() == 0


def test_ring_leaves_neighbours_out():
    instances = disk(60, 60, 8) + 2 * disk(60, 82, 8)
    image = np.where(instances == 2, 1000.0, 5.0)
    image[instances == 1] = 100
    assert ring_background(image, instances, 2, 6).tolist() == [5, 5]
    full = np.ones((5, 5), dtype=int)
    assert np.isnan(ring_background(np.ones((5, 5)), full, 1, 1)).all()


def test_edge_width_tells_sharp_from_soft():
    widths = []
    for blur in (1.0, 6.0):
        image = ndi.gaussian_filter(disk(60, 80, 14) * 100.0, blur)
        labels = (image > 50).astype(int)
        widths.append(edge_widths(image, labels, np.array([100.0]), 2)[0])
    # The slope of a blurred step is height / (blur * sqrt(2 pi)).
    assert widths[0] < 5
    assert widths[1] == pytest.approx(6 * np.sqrt(2 * np.pi), rel=0.3)
    walled = np.ones((9, 9), dtype=int)
    walled[:, 4:] = 2
    assert np.isnan(edge_widths(np.ones((9, 9)), walled, np.array([1.0, 1.0]), 9)).all()
