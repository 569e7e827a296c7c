"""The sheet as text: lines of cells."""

import os
import re
from pathlib import Path

from .errors import SheetError

_LINE_END = re.compile(r"\r\n|\n|\r")
_LARGEST_MB = 64


def sheet_lines(path: str | os.PathLike) -> list[tuple[int, list[str]]]:
    """Read the lines of a sheet.

    Parameters
    ----------
    path : path
        Tab-separated text in UTF-8; ``#`` starts a comment line. A cell between double quotes is what stands between
        them, with a single quote for each double one; other quotes are characters of their cell.

    Returns
    -------
    list of (int, list of str)
        Number and cells of every line that is no comment and not blank; the first one names the columns.

    Raises
    ------
    SheetError
        The file is not there, too large, no text, or empty.
    """
    try:
        if Path(path).is_dir():
            raise SheetError(f"{path}: a folder (wanted the file named by `sheet` in the config)")
        if Path(path).stat().st_size > _LARGEST_MB * 2**20:
            raise SheetError(f"{path}: over {_LARGEST_MB} MiB (wanted the sheet, a text; is this an image?)")
        text = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SheetError(f"{path}: no such sheet (wanted the file named by `sheet` in the config)") from None
    except UnicodeDecodeError:
        raise SheetError(f"{path}: not a text file in UTF-8 (save the sheet as tab-separated text)") from None
    except (OSError, ValueError) as error:
        raise SheetError(f"{path}: the sheet cannot be read ({error}); check its name and your rights to it") from None
    # Not `splitlines`, to which a form feed is the end of a line.
    lines = [(n, line.split("\t")) for n, line in enumerate(_LINE_END.split(text), 1) if line.strip()]
    lines = [(n, [_unquoted(cell) for cell in row]) for n, row in lines]
    cells = [(n, row) for n, row in lines if not row[0].startswith("#")]
    if not cells:
        raise SheetError(f"{path}: empty (wanted a line of column names, then one row per sequence)")
    number, header = cells[0]
    return [(number, [column.strip() for column in header]), *cells[1:]]


def _unquoted(cell: str) -> str:
    """Undo what a spreadsheet does to a cell with a comma or a quote: quotes around it, and each one in it doubled."""
    inner = cell[1:-1]
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in inner.replace('""', "")
    return inner.replace('""', '"') if quoted else cell
