"""A table of numbers that are not candidates for the same work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Listing:
    """Lines of a table, and what it says.

    Attributes
    ----------
    title : str
        What is listed.
    heads : tuple of str
        Name of every column.
    lines : sequence of sequence of str
        Cells.
    verdict : str
        What the numbers come to, in a sentence.
    """

    title: str
    heads: tuple[str, ...]
    lines: Sequence[Sequence[str]]
    verdict: str

    def markdown(self) -> str:
        """Lay the table out for docs/performance.md."""
        rows = (self.heads, ("---",) * len(self.heads), *self.lines)
        table = [f"| {' | '.join(row)} |" for row in rows]
        return "\n".join([f"### {self.title}", "", *table, "", self.verdict, ""])
