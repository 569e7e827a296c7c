"""A table that grows row by row and is taken up again after a kill: what was written stays, a torn line goes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from .errors import DataError
from .tables import parsed_line, table_line


class LiveTable:
    """Opens, or begins, a table to which rows are appended one by one.

    Parameters
    ----------
    path : path
        Table; its folder is made if needed.
    columns : sequence of str
        Its columns.
    made_with : str
        What the rows depend on, as one word. It stands in the first line, a comment; a table made with something else
        is refused.

    Raises
    ------
    DataError
        The table has other columns or was made with something else, or another program writes to it.
    """

    def __init__(self, path: str | os.PathLike, columns: Sequence[str], made_with: str):
        self.path, self._columns = Path(path), list(columns)
        self._head = f"# made with {made_with}\n" + "\t".join(columns) + "\n"
        self._rows = 0
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("a+b")
        try:
            self._begin()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> LiveTable:
        return self

    def __exit__(self, *error) -> None:
        self._file.close()

    def rows(self) -> Iterator[dict]:
        """Read the rows that are there, one at a time."""
        with self.path.open("rb") as file:
            file.seek(len(self._head.encode()))
            for number, line in enumerate(file, start=3):
                self._rows = number - 2
                yield parsed_line(line.decode("utf-8").rstrip("\n"), self._columns, self.path, number)

    def append(self, row: Mapping[str, object]) -> None:
        """Write a row; it is in the file when this returns.

        Parameters
        ----------
        row : mapping
            Value of every column, as for `livedead.desk.tables.write_table`.
        """
        self._rows += 1
        self._file.write((table_line(row, self._columns, self.path, self._rows) + "\n").encode())
        self._file.flush()

    def _begin(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataError(
                f"{self.path}: another program writes to this table (wanted one at a time); end it, or name another "
                "folder with --output"
            ) from None
        self._file.seek(0)
        head, found = self._head.encode(), self._file.read(len(self._head.encode()))
        if found == head:
            self._file.truncate(self._whole_lines())
        elif head.startswith(found) or self._has_no_row():
            # Nothing yet, or a kill tore the head itself.
            self._file.truncate(0)
            self._file.write(head)
            self._file.flush()
        else:
            raise DataError(
                f"{self.path}: made with other settings, another network or another version (wanted a table to go on "
                "with); name another folder with --output"
            )

    def _has_no_row(self) -> bool:
        """Whether an earlier run wrote a head and ended before its first row."""
        self._file.seek(0)
        lines = [self._file.readline() for _ in range(3)]
        return lines[0].startswith(b"# made with ") and not lines[2]

    def _whole_lines(self) -> int:
        """Size of the file without a last line that has no end; the head has one."""
        size = self._file.seek(0, os.SEEK_END)
        while True:
            start = max(size - 65536, 0)
            self._file.seek(start)
            end = self._file.read(size - start).rfind(b"\n")
            if end >= 0:
                return start + end + 1
            size = start
