"""Where each object of an instance map lies and how large it is."""

import numpy as np
from scipy import ndimage as ndi

#: Pixels that touch at a corner belong to one object.
EIGHT_NEIGHBOURS = np.ones((3, 3), dtype=bool)


def areas_px(instances: np.ndarray) -> np.ndarray:
    """
    Count the pixels of every object.

    Parameters
    ----------
    instances : numpy.ndarray
        (Y, X) integer map, 0 background, 1..n objects.

    Returns
    -------
    numpy.ndarray
        (n,) int64, entry ``i`` belongs to label ``i + 1``.
    """
    return np.bincount(instances.ravel(), minlength=1)[1:]


def centroids_px(instances: np.ndarray) -> np.ndarray:
    """
    Locate the centre of every object; the centre of the first pixel is (0, 0).

    Parameters
    ----------
    instances : numpy.ndarray
        (Y, X) integer map, 0 background, 1..n objects.

    Returns
    -------
    numpy.ndarray
        (n, 2) float64 of (y, x) in pixels; NaN for a label without pixels.
    """
    area = areas_px(instances)
    y, x = np.nonzero(instances)
    labels = instances[y, x]
    sums = np.stack([np.bincount(labels, grid, minlength=1)[1:] for grid in (y, x)], axis=1)
    return sums / np.where(area > 0, area, np.nan)[:, None]


def touches_border(instances: np.ndarray) -> np.ndarray:
    """
    Flag the objects that own a pixel on the border of the image.

    Parameters
    ----------
    instances : numpy.ndarray
        (Y, X) integer map, 0 background, 1..n objects.

    Returns
    -------
    numpy.ndarray
        (n,) bool, entry ``i`` belongs to label ``i + 1``.
    """
    flags = np.zeros(int(instances.max(initial=0)) + 1, dtype=bool)
    for edge in (instances[:1], instances[-1:], instances[:, :1], instances[:, -1:]):
        flags[edge] = True
    return flags[1:]


def sums(values: np.ndarray, instances: np.ndarray) -> np.ndarray:
    """
    Add up an image over every object.

    Parameters
    ----------
    values : numpy.ndarray
        (Y, X) image of any real dtype.
    instances : numpy.ndarray
        (Y, X) integer map, 0 background, 1..n objects.

    Returns
    -------
    numpy.ndarray
        (n,) float64, unit of `values`; entry ``i`` belongs to label ``i + 1``.
    """
    # The background is most of the image.
    places = np.flatnonzero(instances)
    return np.bincount(instances.ravel()[places], values.ravel()[places], minlength=1)[1:]


def means(values: np.ndarray, instances: np.ndarray) -> np.ndarray:
    """
    Average an image over every object.

    Parameters
    ----------
    values : numpy.ndarray
        (Y, X) image of any real dtype.
    instances : numpy.ndarray
        (Y, X) integer map, 0 background, 1..n objects.

    Returns
    -------
    numpy.ndarray
        (n,) float64, unit of `values`; NaN for a label without pixels.
    """
    area = areas_px(instances)
    return sums(values, instances) / np.where(area > 0, area, np.nan)


def medians(values: np.ndarray, instances: np.ndarray, count: int) -> np.ndarray:
    """
    Take the median of an image over every object.

    Parameters
    ----------
    values : numpy.ndarray
        (Y, X) image of any real dtype.
    instances : numpy.ndarray
        (Y, X) integer map, 0 background, labels up to `count`.
    count : int
        Number of labels.

    Returns
    -------
    numpy.ndarray
        (count,) float64, unit of `values`; NaN for a label without pixels.
    """
    result = np.full(count, np.nan)
    # The background is most of the image, and nobody asks for its median: sort the objects' pixels only.
    inside = instances > 0
    values, instances = values[inside], instances[inside]
    present = np.flatnonzero(np.bincount(instances, minlength=count + 1)[1 : count + 1])
    if present.size:
        result[present] = ndi.median(values, instances, present + 1)
    return result


def keep(instances: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """
    Keep some objects and number them 1..m in their old order.

    Parameters
    ----------
    instances : numpy.ndarray
        (Y, X) integer map, 0 background, 1..n objects.
    kept : numpy.ndarray
        (n,) bool, entry ``i`` belongs to label ``i + 1``.

    Returns
    -------
    numpy.ndarray
        (Y, X) map of the dtype of `instances`.
    """
    new_label = np.concatenate([[0], np.where(kept, np.cumsum(kept), 0)])
    return new_label[instances].astype(instances.dtype)
