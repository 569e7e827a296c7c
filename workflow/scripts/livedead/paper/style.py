"""The one look of all figures: sizes, fonts and the colours of live and dead."""

from __future__ import annotations

import functools
from collections.abc import Callable

import matplotlib.style
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.figure import Figure

from .pages import SOURCES

# Okabe & Ito (2008): blue and orange stay apart for every common kind of colour blindness, and in grey.
LIVE_COLOUR = "#0072B2"
DEAD_COLOUR = "#E69F00"
STATE_COLOURS = {"live": LIVE_COLOUR, "dead": DEAD_COLOUR}
BACKGROUND_COLOUR = "#EDEDED"
# Dyes in one picture: purer than alone, so that their sum in dead nuclei is cyan, not white.
BOTH_STAINS_COLOURS = {"live": "#4060FF", "dead": "#10FF60"}
TRUTH_COLOUR = "#333333"
MARK_COLOUR = "#CC3399"

WIDTH_IN = 7.2
MAX_HEIGHT_IN = 5.5

# Text stays text in SVG, so that a vector program can edit it; a fixed salt makes equal figures equal files.
LOOK = {
    "figure.dpi": 180,
    "savefig.dpi": 180,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 7,
    "axes.titlesize": 7.5,
    "axes.labelsize": 7,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.5,
    "xtick.labelsize": 6.5,
    "ytick.labelsize": 6.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.minor.width": 0.4,
    "ytick.minor.width": 0.4,
    "legend.fontsize": 6.5,
    "legend.frameon": False,
    "lines.linewidth": 1.3,
    "lines.markersize": 3,
    "svg.fonttype": "none",
    "svg.hashsalt": "livedead",
}


def in_style(draw: Callable) -> Callable:
    """Make a drawing function work in the common style, whatever the user's own matplotlib settings.

    Parameters
    ----------
    draw : callable
        Function that makes or saves a figure.

    Returns
    -------
    callable
        The same function inside the style.
    """

    @functools.wraps(draw)
    def styled(*arguments, **names):
        with matplotlib.style.context(["default", LOOK]):
            return draw(*arguments, **names)

    return styled


def new_figure(height_in: float, width_in: float = WIDTH_IN) -> Figure:
    """Open an empty figure that fits a journal page and a report window.

    Parameters
    ----------
    height_in, width_in : float
        Size in inches; the PNG has 180 pixels per inch, so at most 1296 x 990.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If the figure is larger than a page.
    """
    if not (0 < height_in <= MAX_HEIGHT_IN and 0 < width_in <= WIDTH_IN):
        raise ValueError(
            f"figure of {width_in} x {height_in} in (wanted at most {WIDTH_IN} x {MAX_HEIGHT_IN}); show fewer panels"
        )
    return Figure(figsize=(width_in, height_in), layout="constrained")


def mark_source(figure: Figure, cells: str) -> None:
    """Write at the foot of a figure where its cells come from.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Figure to mark.
    cells : {"simulated", "real", "mixed"}
        Source of the images.
    """
    figure.supxlabel(SOURCES[cells], x=0.995, ha="right", fontsize=7, fontstyle="italic", color="#555555")


def stain_colours(name: str) -> Colormap:
    """Return the colour scale of a fluorescence channel: black to the colour of the dye.

    Parameters
    ----------
    name : {"live", "dead"}
        ``live`` is NucBlue (all nuclei), ``dead`` is NucGreen (nuclei with a leaky membrane).

    Returns
    -------
    matplotlib.colors.Colormap
    """
    dye = {"live": "#6CB8FF", "dead": "#74F27C"}[name]
    return LinearSegmentedColormap.from_list(name, ["black", dye])
