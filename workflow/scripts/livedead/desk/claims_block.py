"""The claims as a short table for the first page of the project, between two markers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .claims import VERDICTS, count_verdicts, written
from .errors import DataError

BEGIN, END = "<!-- claims:begin -->", "<!-- claims:end -->"


def claims_block(rows: Sequence[Mapping]) -> str:
    """Write the results one by one and the counts of all claims.

    Parameters
    ----------
    rows : sequence of mapping
        Rows of `livedead.desk.claims.judge_claims`.

    Returns
    -------
    str
        Markdown; ends with a line break.
    """
    origins = " and ".join(sorted({row["data"] for row in rows}))
    results = [row for row in rows if row["kind"] == "result"]
    lines = [f"| result | paper | this run, {origins} cells | |", "|---|---|---|---|"]
    lines += [_line(row["statement"], _amount(row, "paper"), _amount(row, "ours"), row["verdict"]) for row in results]
    lines += ["", _line("all numbers", *VERDICTS), "|---|---|---|---|"]
    lines += [_line(f"{row['kind']}s", *(row[verdict] for verdict in VERDICTS)) for row in count_verdicts(rows)]
    lines += [
        "",
        f"All {len(rows)} numbers with tolerance and reason stand in `results/claims/claims.tsv` and in the report; "
        "`make claims` writes this table.",
    ]
    return "\n".join(lines) + "\n"


def put_block(text: str, block: str) -> str:
    """Put a block between the markers of a text, in place of what stands there.

    Parameters
    ----------
    text : str
        Text with `BEGIN` and, below it, `END`, once each, on lines of their own.
    block : str
        New content; ends with a line break.

    Returns
    -------
    str
        The text, changed only between the markers.

    Raises
    ------
    DataError
        A marker is missing, stands more than once, or the two stand in the wrong order.
    """
    lines = text.splitlines()
    if lines.count(BEGIN) != 1 or lines.count(END) != 1 or lines.index(BEGIN) > lines.index(END):
        raise DataError(f"the text must hold the lines {BEGIN} and, below it, {END}, once each; put them back")
    before, rest = text.split(BEGIN + "\n", 1)
    return f"{before}{BEGIN}\n{block}{END}{rest.split(END, 1)[1]}"


def _line(*cells: object) -> str:
    return f"| {' | '.join(str(cell).replace('|', ' or ') for cell in cells)} |"


def _amount(row: Mapping, column: str) -> str:
    value = row[column]
    unit = "" if row["unit"] in ("1", "name") else f" {row['unit']}"
    return "NA" if value is None else f"{written(value)}{unit}"
