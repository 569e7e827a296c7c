"""One image file, one place in the sheet: the same film under two names could lie on two sides of the split."""

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class _Use:
    line: int
    column: str
    cohort: str
    split: str


class SharedFiles:
    """Which row and column of a sheet uses which file; says where a file is used twice."""

    def __init__(self) -> None:
        self._uses: dict[str, list[_Use]] = {}

    def mistakes(self, line: int, row: Mapping[str, str], files: Mapping[str, list[str]]) -> list[str]:
        """Take down the files of a row.

        Two rows may name the same file in the same column where they are of different cohorts and state the same
        `split`: then no network sees in training what it is tested on. Ready label maps may serve several rows.

        Parameters
        ----------
        line : int
            Line of the row in the sheet.
        row : mapping
            Cells of the row.
        files : mapping
            Files by image column, patterns resolved.

        Returns
        -------
        list of str
            One phrase for every column and earlier row that hold the same file.
        """
        found = []
        for column, paths in files.items():
            use = _Use(line, column, row["cohort"], row["split"])
            clashes: dict[_Use, str] = {}
            for path in paths:
                uses = self._uses.setdefault(os.path.realpath(path), [])
                for earlier in uses:
                    if not _allowed(use, earlier):
                        clashes.setdefault(earlier, path)
                uses.append(use)
            found += [_phrase(use, earlier, row[column], path) for earlier, path in clashes.items()]
        return found


def _allowed(use: _Use, earlier: _Use) -> bool:
    if use.column != earlier.column:
        return False
    agreed = use.split == earlier.split and use.split not in ("", "NA")
    return use.column == "labels" or (use.cohort != earlier.cohort and agreed)


def _phrase(use: _Use, earlier: _Use, cell: str, path: str) -> str:
    name = os.path.basename(path)
    # Of a series, one file is named; of a single file, the cell says it.
    what = "it" if cell.endswith(name) else name
    where = "this row" if earlier.line == use.line else f"line {earlier.line}"
    known_as = f" as {earlier.column}" if earlier.column != use.column else " too"
    hint = "; in another cohort, with the same split in both rows" if earlier.cohort != use.cohort else ""
    wanted = "one of its own" if what == "it" else "files of its own"
    return f"{use.column} = {cell} (wanted {wanted}; {where} has {what}{known_as}{hint})"
