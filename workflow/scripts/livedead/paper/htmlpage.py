"""Tables as small self-contained pages for the report: no script, no outside file, every value escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

_STYLE = """body { font: 15px/1.45 system-ui, "DejaVu Sans", sans-serif; color: #222; margin: 1.5em; max-width: 64em; }
h1 { font-size: 1.3em; margin: 0 0 .2em; }
h2 { font-size: 1.05em; margin: 1.4em 0 .3em; }
p { margin: .3em 0; }
table { border-collapse: collapse; }
th, td { padding: .28em .9em .28em 0; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; }
thead th { white-space: normal; border-top: 2px solid #222; border-bottom: 1px solid #222; vertical-align: bottom; }
tbody tr:last-child td { border-bottom: 2px solid #222; }
th.words, td.words { white-space: normal; text-align: left; min-width: 12em; }
/* Beside the menu of the report there is little room: smaller print, and the first column breaks its lines. */
@media (max-width: 66em) {
  body { font-size: 13px; margin: 1em; }
  th, td { padding-right: .45em; }
  th.words, td.words { min-width: 7em; }
  td:first-child { white-space: normal; }
}
tr.marked td { background: #fdebc8; font-weight: bold; }
.note { color: #555; }
table.verdicts { table-layout: fixed; width: 100%; }
table.verdicts th, table.verdicts td { vertical-align: top; white-space: normal; overflow-wrap: break-word; }
table.verdicts th:first-child { width: 26%; }
table.verdicts th:nth-child(n+2) { width: 10%; }
table.verdicts th:nth-last-child(3) { width: 8%; }
table.verdicts th:nth-last-child(2) { width: 13%; }
table.verdicts th:last-child { width: 33%; }
table.verdicts :is(th, td):nth-last-child(-n+3) { text-align: left; }
tr.good td:nth-last-child(2) { color: #00664d; font-weight: bold; }
tr.bad td:nth-last-child(2) { color: #a63c00; font-weight: bold; }
tr.open td:nth-last-child(2) { color: #666; }"""


def html_document(title: str, style: str, body: str, head: str = "") -> str:
    """Frame a page of one language and character set: no script, no outside file.

    Parameters
    ----------
    title : str
        Title and heading; escaped here.
    style : str
        Its style sheet.
    body : str
        HTML after the heading.
    head : str
        HTML that is added to the head.

    Returns
    -------
    str
    """
    lines = ["<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8">', head]
    lines += [f"<title>{escape(title)}</title>", "<style>", style, "</style>", "</head>"]
    lines += ["<body>", f"<h1>{escape(title)}</h1>", body, "</body>", "</html>"]
    return "\n".join(filter(None, lines)) + "\n"


def html_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    marked: Iterable[int] = (),
    verdicts: Mapping[int, str] | None = None,
) -> str:
    """Write a table as HTML.

    Parameters
    ----------
    columns : sequence of str
        Head of every column; one called ``note`` holds words that may take several lines.
    rows : iterable of sequence of str
        Cells of every row; text of any kind, it is escaped.
    marked : iterable of int
        Numbers of the rows to stress, from 0.
    verdicts : mapping of int to str, optional
        For a table of verdicts, whose last three columns are unit, verdict and reason: good, bad or open by number
        of the row; it colours the verdict. Such a table fills the page and breaks its lines.

    Returns
    -------
    str
        A ``table`` element.
    """
    classes = dict(verdicts or {}) | dict.fromkeys(marked, "marked")
    looks = [' class="words"' if column == "note" else "" for column in columns]
    head = "".join(f"<th{kind}>{escape(column)}</th>" for kind, column in zip(looks, columns, strict=True))
    lines = []
    for number, row in enumerate(rows):
        look = f' class="{classes[number]}"' if number in classes else ""
        cells = "".join(f"<td{kind}>{escape(str(cell))}</td>" for kind, cell in zip(looks, row, strict=True))
        lines.append(f"<tr{look}>{cells}</tr>")
    table = '<table class="verdicts">' if verdicts else "<table>"
    return "\n".join([f"{table}<thead><tr>{head}</tr></thead><tbody>", *lines, "</tbody></table>"])


def html_page(title: str, parts: Iterable[tuple[str, str]], note: str) -> str:
    """Put tables on one page.

    Parameters
    ----------
    title : str
        Head of the page.
    parts : iterable of tuple
        Heading (may be empty) and `html_table` of every part.
    note : str
        What a reader must know about the numbers; stands above the tables.

    Returns
    -------
    str
        A whole HTML document.
    """
    body = [f'<p class="note">{escape(note)}</p>']
    for heading, table in parts:
        body += [f"<h2>{escape(heading)}</h2>"] * bool(heading) + [table]
    return html_document(title, _STYLE, "\n".join(body))


def percent(value: float | None) -> str:
    """Write a fraction as percentage with one decimal, NA where there is none.

    Examples
    --------
    >>> percent(0.9671), percent(None)
    ('96.7 %', 'NA')
    """
    return "NA" if value is None else f"{100 * value:.1f} %"


def percent_range(low: float | None, high: float | None) -> str:
    """Write an interval of fractions as percentages, NA where there is none.

    Examples
    --------
    >>> percent_range(0.931, 0.9872), percent_range(None, None)
    ('93.1 to 98.7 %', 'NA')
    """
    return "NA" if low is None or high is None else f"{100 * low:.1f} to {percent(high)}"
