"""Marks on image panels whose data units are micrometres: scale bars, colour bars, words and arrows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colorbar import Colorbar
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

from .style import MARK_COLOUR


def scale_bar_um(width_um: float) -> float:
    """Choose the length of a scale bar: the longest 1, 2 or 5 x 10^n below a third of the field.

    Parameters
    ----------
    width_um : float
        Width of the field.

    Returns
    -------
    float
        Length in um.

    Examples
    --------
    >>> scale_bar_um(270.0), scale_bar_um(66.0)
    (50.0, 20.0)
    """
    decade = 10.0 ** np.floor(np.log10(width_um / 3))
    return float(max(step * decade for step in (1, 2, 5) if step * decade <= width_um / 3))


def add_scale_bar(axes: Axes, field: tuple[float, float]) -> float:
    """Draw a scale bar with its length into the lower right corner of an image panel.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        A panel whose data units are um.
    field : tuple of float
        Height and width of the field in um.

    Returns
    -------
    float
        Length of the bar in um (= data units).
    """
    height, width = field
    length = scale_bar_um(width)
    right, bottom, thick = 0.95 * width, 0.95 * height, 0.02 * height
    text = f"{length:g} µm"
    axes.add_patch(
        Rectangle(
            (right - length - 0.02 * width, bottom - 6.2 * thick),
            length + 0.04 * width,
            7.2 * thick,
            facecolor="black",
            alpha=0.55,
            edgecolor="none",
        )
    )
    axes.add_patch(
        Rectangle((right - length, bottom - thick), length, thick, color="white", linewidth=0, gid="scale-bar")
    )
    axes.text(right - length / 2, bottom - 1.6 * thick, text, color="white", ha="center", va="bottom", fontsize=6.5)
    return length


def write_over(axes: Axes, text: str, field: tuple[float, float]) -> None:
    """Write a few words into the upper left corner of an image panel.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        A panel whose data units are um.
    text : str
        What to write.
    field : tuple of float
        Height and width of the field in um.
    """
    box = {"facecolor": "black", "alpha": 0.55, "edgecolor": "none", "pad": 1.5}
    axes.text(0.03 * field[1], 0.03 * field[0], text, color="white", va="top", fontsize=6.5, bbox=box)


def add_colour_bar(image: AxesImage, label: str, side: str) -> Colorbar:
    """Put a slim colour bar with its unit beside or below a panel, exactly as long as the panel.

    Parameters
    ----------
    image : matplotlib.image.AxesImage
        Image whose scale is shown.
    label : str
        Quantity and unit, for example ``phase [rad]``.
    side : {"right", "bottom"}
        Where the bar stands.

    Returns
    -------
    matplotlib.colorbar.Colorbar
    """
    places = {"right": (1.04, 0, 0.05, 1), "bottom": (0, -0.1, 1, 0.05)}
    orientations = {"right": "vertical", "bottom": "horizontal"}
    inset = image.axes.inset_axes(places[side])
    bar = image.figure.colorbar(image, cax=inset, label=label, orientation=orientations[side])
    bar.outline.set_linewidth(0.4)
    return bar


def point_at(axes: Axes, x_um: Iterable[float], y_um: Iterable[float], field: tuple[float, float], hollow: bool) -> int:
    """Draw arrows that point at nuclei from outside.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        A panel whose data units are um.
    x_um, y_um : iterable of float
        Centres of the nuclei.
    field : tuple of float
        Height and width of the field in um; an arrow comes from the side with more room.
    hollow : bool
        White instead of filled arrows, for a second kind of error.

    Returns
    -------
    int
        Number of arrows drawn.
    """
    height, width = field
    count = 0
    for x, y in zip(x_um, y_um, strict=True):
        side = (1 if x < width / 2 else -1, 1 if y < height / 2 else -1)
        axes.annotate(
            "",
            xy=(x + 0.02 * width * side[0], y + 0.02 * height * side[1]),
            xytext=(x + 0.115 * width * side[0], y + 0.115 * height * side[1]),
            arrowprops={
                "arrowstyle": "simple,head_length=0.55,head_width=0.55,tail_width=0.25",
                "facecolor": "white" if hollow else MARK_COLOUR,
                "edgecolor": MARK_COLOUR if hollow else "white",
                "linewidth": 0.8 if hollow else 0.4,
                "mutation_scale": 11,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )
        count += 1
    return count
