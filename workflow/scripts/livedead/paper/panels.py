"""Image panels in micrometres: phase, fluorescence and label maps."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.image import AxesImage

from ..desk.errors import DataError
from .style import BACKGROUND_COLOUR, BOTH_STAINS_COLOURS, DEAD_COLOUR, LIVE_COLOUR, stain_colours

_LABEL_RGB = np.array([to_rgb(colour) for colour in (BACKGROUND_COLOUR, LIVE_COLOUR, DEAD_COLOUR)])


def display_range(
    images: Iterable[np.ndarray], tail: float = 0.002, *, floor: float | None = None
) -> tuple[float, float]:
    """Find one grey scale for several images, so that they can be compared by eye.

    Parameters
    ----------
    images : iterable of numpy.ndarray
        Images of one quantity.
    tail : float
        Part of the pixels that may lie below, and above, the range.
    floor : float, optional
        Part of the pixels that lie below the range, where it shall differ from that above: half of a stained field
        is background, which had better be black.

    Returns
    -------
    tuple of float
        Low and high end, in the unit of the images.

    Raises
    ------
    DataError
        If there is no finite pixel.
    """
    values = np.concatenate([np.ravel(image) for image in images])
    values = values[np.isfinite(values)]
    if values.size == 0:
        raise DataError("no finite pixel to show (wanted at least one); look at the image's quality table")
    low, high = np.quantile(values, [tail if floor is None else floor, 1 - tail])
    return float(low), float(high if high > low else low + 1)


def field_um(shape: tuple[int, int], pixel_size_um: float) -> tuple[float, float]:
    """Return height and width of an image in micrometres.

    Parameters
    ----------
    shape : tuple of int
        Height and width in pixels.
    pixel_size_um : float
        Side of a pixel in the sample.

    Returns
    -------
    tuple of float
        Height and width in um.
    """
    return shape[0] * pixel_size_um, shape[1] * pixel_size_um


def show_phase(axes: Axes, phase: np.ndarray, field: tuple[float, float], limits: tuple[float, float]) -> AxesImage:
    """Show a phase map in grey.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw; data units become um, y downwards.
    phase : numpy.ndarray
        (Y, X), rad.
    field : tuple of float
        Height and width of the field in um.
    limits : tuple of float
        Phase shown black and phase shown white.

    Returns
    -------
    matplotlib.image.AxesImage
    """
    return _show(axes, phase, field, cmap="gray", vmin=limits[0], vmax=limits[1])


def show_fluorescence(
    axes: Axes, image: np.ndarray, field: tuple[float, float], limits: tuple[float, float], stain: str
) -> AxesImage:
    """Show a fluorescence image in the colour of its dye.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw; data units become um.
    image : numpy.ndarray
        (Y, X), counts of the camera.
    field : tuple of float
        Height and width of the field in um.
    limits : tuple of float
        Counts shown black and counts shown brightest.
    stain : {"live", "dead"}
        NucBlue or NucGreen.

    Returns
    -------
    matplotlib.image.AxesImage
    """
    return _show(axes, image, field, cmap=stain_colours(stain), vmin=limits[0], vmax=limits[1])


def show_stains(
    axes: Axes,
    live: np.ndarray,
    dead: np.ndarray,
    field: tuple[float, float],
    limits: tuple[tuple[float, float], tuple[float, float]],
) -> AxesImage:
    """Show both dyes in one panel, each in its colour: where both are bright, the colours add up.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw; data units become um.
    live, dead : numpy.ndarray
        (Y, X), NucBlue and NucGreen in counts of the camera.
    field : tuple of float
        Height and width of the field in um.
    limits : tuple of tuple of float
        For each dye the counts shown black and the counts shown brightest.

    Returns
    -------
    matplotlib.image.AxesImage
    """
    colours = np.zeros((*live.shape, 3))
    for image, (low, high), colour in zip((live, dead), limits, BOTH_STAINS_COLOURS.values(), strict=True):
        colours += np.clip((image.astype(float) - low) / (high - low), 0, 1)[..., None] * to_rgb(colour)
    return _show(axes, np.clip(colours, 0, 1), field)


def show_labels(
    axes: Axes,
    labels: np.ndarray,
    field: tuple[float, float],
    phase: np.ndarray | None = None,
    limits: tuple[float, float] = (0.0, 1.0),
) -> AxesImage:
    """Show a viability map: live and dead nuclei in their colours, alone or over the phase.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw; data units become um.
    labels : numpy.ndarray
        (Y, X), 0 background, 1 live, 2 dead.
    field : tuple of float
        Height and width of the field in um.
    phase : numpy.ndarray, optional
        (Y, X), rad; shown in grey between the nuclei and faintly through them.
    limits : tuple of float
        Phase shown black and phase shown white.

    Returns
    -------
    matplotlib.image.AxesImage

    Raises
    ------
    DataError
        If the map holds a value other than 0, 1 and 2.
    """
    if phase is None:
        return _show(axes, _label_colours(labels), field)
    return _show(axes, labels_over_phase(labels, phase, limits), field)


def labels_over_phase(labels: np.ndarray, phase: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    """Colour the nuclei of a phase image by their state.

    Parameters
    ----------
    labels : numpy.ndarray
        (Y, X), 0 background, 1 live, 2 dead.
    phase : numpy.ndarray
        (Y, X), rad.
    limits : tuple of float
        Phase shown black and phase shown white.

    Returns
    -------
    numpy.ndarray
        (Y, X, 3), red, green and blue from 0 to 1.

    Raises
    ------
    DataError
        If the map holds a value other than 0, 1 and 2.
    """
    colours = _label_colours(labels)
    grey = np.clip((np.asarray(phase, float) - limits[0]) / (limits[1] - limits[0]), 0, 1)[..., None]
    nuclei = (np.asarray(labels) > 0)[..., None]
    return np.where(nuclei, 0.75 * colours + 0.25 * grey, np.broadcast_to(grey, colours.shape))


def _label_colours(labels: np.ndarray) -> np.ndarray:
    labels = np.asarray(labels)
    if labels.size and not np.isin(labels, (0, 1, 2)).all():
        raise DataError(
            f"label map holds {np.unique(labels).tolist()} (wanted 0 background, 1 live, 2 dead); "
            "give label_values in the config"
        )
    return _LABEL_RGB[labels.astype(int)]


def _show(axes: Axes, image: np.ndarray, field: tuple[float, float], **look) -> AxesImage:
    height, width = field
    shown = axes.imshow(image, extent=(0, width, height, 0), **look)
    axes.set(xticks=[], yticks=[], xlim=(0, width), ylim=(height, 0))
    axes.spines[:].set_visible(False)
    return shown
