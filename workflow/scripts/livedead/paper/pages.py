"""Leave a table as page and source data, with a caption for the report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ..desk.files import whole_file
from ..desk.tables import write_table

#: What is said of the origin of images.
SOURCES = {"simulated": "simulated cells", "real": "real cells", "mixed": "simulated and real cells"}


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
    save_words(page.rows, page.columns, page.caption, output)


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
    marked = re.sub(r"([\\*_`|<>])", r"\\\1", text)
    # An address that runs a program becomes a link without any mark.
    return re.sub(r"(?i)(script|data):", r"\1\\:", marked)


def save_words(rows: list[dict], columns: tuple[str, ...] | None, caption: str, output: Mapping[str, str]) -> None:
    """Write what belongs to a figure as to a table: source data and caption.

    Parameters
    ----------
    rows, columns, caption : list of dict, tuple of str or None, str
        As of `Page`.
    output : mapping of str to str
        Paths named ``tsv`` and ``caption``.
    """
    write_table(output["tsv"], rows, columns)
    with whole_file(output["caption"]) as path:
        Path(path).write_text(escape_rst(caption) + "\n", encoding="utf-8")
