"""Leave a figure as vector, picture and source data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ..desk.files import whole_file
from .pages import save_words
from .style import in_style


class Drawing(NamedTuple):
    """A figure with what it was drawn from.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    rows : list of dict
        Source data, one row per thing drawn, units in the column names.
    caption : str
        One or two sentences with the numbers of this run, for the report.
    columns : tuple of str, optional
        Columns of the source data; needed where there may be no row.
    """

    figure: Figure
    rows: list[dict]
    caption: str
    columns: tuple[str, ...] | None = None


@in_style
def save_drawing(drawing: Drawing, output: Mapping[str, str]) -> None:
    """Write a figure three times, and its caption's numbers.

    Equal figures give equal files: no date, no program name, fixed identifiers.

    Parameters
    ----------
    drawing : Drawing
        What to write.
    output : mapping of str to str
        Paths named ``svg``, ``png``, ``tsv`` and ``caption``.
    """
    for line in drawing.figure.findobj(Line2D):
        # The layout sees one without points in the corner of the figure, and keeps the room up to there free.
        line.set_in_layout(line.get_in_layout() and len(line.get_xdata()) > 0)
    with whole_file(output["svg"]) as path:
        drawing.figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
    with whole_file(output["png"]) as path:
        drawing.figure.savefig(path, format="png", metadata={"Software": None})
    save_words(drawing.rows, drawing.columns, drawing.caption, output)
