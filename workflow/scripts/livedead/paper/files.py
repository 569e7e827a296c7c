"""Leave a figure as vector, picture and source data, or a table as page and source data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from matplotlib.figure import Figure

from ..desk.files import whole_file
from ..desk.tables import write_table
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


class Page(NamedTuple):
    """A table as a page of the report with what it shows.

    Attributes
    ----------
    html : str
        A self-contained page.
    rows : list of dict
        Source data, one row per line of the table.
    caption : str
        One or two sentences with the numbers of this run, for the report.
    columns : tuple of str, optional
        Columns of the source data; needed where there may be no row.
    """

    html: str
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
    with whole_file(output["svg"]) as path:
        drawing.figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
    with whole_file(output["png"]) as path:
        drawing.figure.savefig(path, format="png", metadata={"Software": None})
    _save_words(drawing, output)


def save_page(page: Page, output: Mapping[str, str]) -> None:
    """Write a table as page and source data, and its caption's numbers.

    Parameters
    ----------
    page : Page
        What to write.
    output : mapping of str to str
        Paths named ``html``, ``tsv`` and ``caption``.
    """
    with whole_file(output["html"]) as path:
        Path(path).write_text(page.html, encoding="utf-8")
    _save_words(page, output)


def escape_rst(text: str) -> str:
    r"""Make a text safe inside a caption of the report.

    Parameters
    ----------
    text : str
        Any text on one line.

    Returns
    -------
    str
        The text with marks of reStructuredText escaped.

    Examples
    --------
    >>> print(escape_rst("well_A*"))
    well\_A\*
    """
    return re.sub(r"([\\*_`|<>])", r"\\\1", text)


def _save_words(result: Drawing | Page, output: Mapping[str, str]) -> None:
    write_table(output["tsv"], result.rows, result.columns)
    with whole_file(output["caption"]) as path:
        Path(path).write_text(escape_rst(result.caption) + "\n", encoding="utf-8")
