"""The sheet: one row per filmed field of view, checked as a whole before any job runs."""

import difflib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .errors import SheetError
from .series import files_per_time, find_series, is_pattern
from .shared_files import SharedFiles
from .sheet_text import sheet_lines

SIMULATED = "simulated"
SIDES = ("train", "validation", "test")

_CHOICES = {
    "cell_line": ("HeLa", "CHO", "any"),
    "condition": ("stained", "unstained", "stained_after"),
    "confluence": ("low", "medium", "high", "NA"),
    "split": (*SIDES, "predict", "NA"),
    "origin": ("real", "simulated", "NA"),
}
_IMAGES = ("raw", "live", "dead", "phase", "labels")
_ABOVE_ZERO = ("pixel_size_um", "wavelength_nm", "frame_interval_min")
# Names become folders and files on any file system; NA is the empty cell.
_NAME = re.compile(r"(?!NA$)[A-Za-z0-9][A-Za-z0-9-]{0,79}")
_NAMED = "1 to 80 letters, digits and hyphens, the first no hyphen"
_TILE = re.compile(r"c[0-9]{1,4}r[0-9]{1,4}")
# Of a value in a message.
_LONGEST = 200
# A century, far above any experiment.
_HOURS = 1e6
# From a 100x objective with a small camera pixel to a 4x one; SLIM is done at 10x to 63x.
_PIXEL_UM = (0.02, 2)
_WAVELENGTH_NM = (300, 1100)


@dataclass(frozen=True)
class Sequence:
    """One filmed field of view: a row of the sheet.

    Image columns hold a path, a file-name pattern (see `livedead.desk.series`), the word ``simulated`` or None.
    `pixel_size_um` is that of the camera in the plane of the sample, before any downsampling. `tile` is the place of
    the field in the mosaic of its well, as ``c0r2``; `origin` says of files that they show simulated cells. Empty
    cells are None, an empty `start_h` is 0.
    """

    sequence: str
    cohort: str
    cell_line: str
    replicate: str | None
    well: str | None
    condition: str
    confluence: str | None
    raw: str | None
    live: str | None
    dead: str | None
    phase: str | None
    labels: str | None
    pixel_size_um: float
    wavelength_nm: float
    frame_interval_min: float
    start_h: float
    split: str | None
    tile: str | None = None
    origin: str | None = None

    @property
    def has_truth(self) -> bool:
        """Whether the state of its nuclei is known, from dyes or from ready label maps."""
        return self.live is not None or self.labels is not None

    @property
    def cells(self) -> str:
        """What the images show: simulated or real cells."""
        return "simulated" if self.raw == SIMULATED else self.origin or "real"


COLUMNS = tuple(Sequence.__dataclass_fields__)
OPTIONAL = ("tile", "origin")


def read_sheet(path: str | os.PathLike, data_folder: str | os.PathLike = ".") -> list[Sequence]:
    """Read the sheet of sequences and check every row of it.

    Parameters
    ----------
    path : path
        Tab-separated text with the columns of `Sequence`, in any order; ``#`` starts a comment line. Columns in
        `OPTIONAL` may be absent.
    data_folder : path
        Where relative image paths of the sheet start.

    Returns
    -------
    list of Sequence
        In the order of the sheet.

    Raises
    ------
    SheetError
        With every error of the sheet, one per line, as ``file:line: column = value (wanted ...)``, missing
        image files and gaps in series of files included.
    """
    lines = sheet_lines(path)
    header_line, header = lines[0]
    errors = _header_errors(f"{path}:{header_line}", header)
    if errors:
        raise SheetError("\n".join(errors))
    sequences: list[Sequence] = []
    names: dict[tuple[str, str], tuple[int, str]] = {}
    shared = SharedFiles()
    for number, values in lines[1:]:
        place = f"{path}:{number}"
        if len(values) != len(header):
            errors.append(
                f"{place}: {len(values)} values (wanted {len(header)}, one per column; are they separated by tabs?)"
            )
            continue
        row = dict.fromkeys(OPTIONAL, "") | {
            column: value.strip() for column, value in zip(header, values, strict=True)
        }
        unprintable = [column for column in row if not row[column].isprintable()]
        if unprintable:
            errors += [f"{place}: {c} = {row[c]!r} (wanted characters that can be printed)" for c in unprintable]
            continue
        files, mistakes = _image_files(row, Path(data_folder))
        mistakes = _row_errors(row) + mistakes
        mistakes += _name_clashes(row, number, names)
        mistakes += shared.mistakes(number, row, files)
        errors.extend(f"{place}: {mistake}" for mistake in mistakes)
        if not mistakes:
            sequences.append(_sequence(row, Path(data_folder)))
    if not errors and not sequences:
        errors.append(f"{path}: no sequences (wanted at least one row below the header)")
    if errors:
        raise SheetError("\n".join(errors))
    return sequences


def _name_clashes(row: dict[str, str], number: int, names: dict[tuple[str, str], tuple[int, str]]) -> list[str]:
    """Take down the names of a row; some file systems take capital letters for small ones."""
    clashes = []
    for column in ("sequence", "cohort"):
        name = row[column]
        line, earlier = names.setdefault((column, name.lower()), (number, name))
        if column == "sequence" and line != number and name:
            clashes.append(f"sequence = {name} (wanted one of its own; line {line} has {_it(earlier, name)} too)")
        elif column == "cohort" and earlier != name:
            clashes.append(
                f"cohort = {name} (wanted {earlier} as in line {line}, or a name that differs in its letters)"
            )
    return clashes


def _it(earlier: str, name: str) -> str:
    return "it" if earlier == name else earlier


def _header_errors(place: str, header: list[str]) -> list[str]:
    if len(header) == 1:
        return [f"{place}: one column, {header[0]!r} (wanted {len(COLUMNS)}; is the file tab-separated?)"]
    errors = []
    for column in header:
        if not column:
            errors.append(f"{place}: a column without a name (wanted one; is there a tab too many?)")
        elif column not in COLUMNS:
            near = difflib.get_close_matches(column.lower(), COLUMNS, 1)
            hint = f"did you mean {near[0]}?" if near else f"wanted one of {', '.join(COLUMNS)}"
            errors.append(f"{place}: unknown column {column!r} ({hint})")
        elif header.count(column) > 1:
            errors.append(f"{place}: column {column} stands {header.count(column)} times (wanted once)")
    errors += [f"{place}: no column {c} (wanted)" for c in COLUMNS if c not in header and c not in OPTIONAL]
    return list(dict.fromkeys(errors))


def _wrong(row: dict[str, str], column: str, wanted: str) -> str:
    value = row[column] or "nothing"
    return f"{column} = {value if len(value) <= _LONGEST else value[: _LONGEST - 3] + '...'} (wanted {wanted})"


def _row_errors(row: dict[str, str]) -> list[str]:
    wrong = partial(_wrong, row)
    errors = [wrong(column, _NAMED) for column in ("sequence", "cohort") if not _NAME.fullmatch(row[column])]
    for column, choices in _CHOICES.items():
        if row[column] not in choices and not (row[column] == "" and "NA" in choices):
            near = difflib.get_close_matches(row[column].lower(), [c.lower() for c in choices], 1)
            hint = next((f"; did you mean {c}?" for c in choices if near and c.lower() == near[0]), "")
            errors.append(wrong(column, "|".join(choices) + hint))
    errors += [
        wrong(column, "a number above 0" + "; with a decimal point, not a comma" * ("," in row[column]))
        for column in _ABOVE_ZERO
        if not (_number(row[column]) or 0) > 0
    ]
    if not _empty(row["start_h"]) and not abs(_number(row["start_h"]) or 0) <= _HOURS:
        errors.append(wrong("start_h", f"hours, at most {_HOURS:g}"))
    if not _empty(row["start_h"]) and _number(row["start_h"]) is None:
        errors.append(wrong("start_h", "hours from the begin of the experiment, or NA"))
    if not _empty(row["tile"]) and not _TILE.fullmatch(row["tile"]):
        errors.append(wrong("tile", "column and row of the field in the well's mosaic as c0r2, or NA"))
    if row["origin"] == "real" and row["raw"] == SIMULATED:
        errors.append(wrong("origin", "simulated or NA: these interferograms are simulated"))
    return errors + _implausible(row, wrong) + _image_errors(row, wrong)


def _implausible(row: dict[str, str], wrong: Callable[[str, str], str]) -> list[str]:
    """Numbers that no microscope of this kind has, most often for another unit."""
    errors = []
    pixel, wavelength = _number(row["pixel_size_um"]) or 0, _number(row["wavelength_nm"]) or 0
    if pixel > 0 and not _PIXEL_UM[0] <= pixel <= _PIXEL_UM[1]:
        # What the value is in another unit, where that would be a pixel.
        others = {"pixels per um": 1 / pixel, "mm": 1000 * pixel}
        near = [
            f"if it is in {unit}, write {um:.4g}" for unit, um in others.items() if _PIXEL_UM[0] <= um <= _PIXEL_UM[1]
        ]
        errors.append(wrong("pixel_size_um", "; ".join([f"um per pixel, {_PIXEL_UM[0]} to {_PIXEL_UM[1]}", *near])))
    if wavelength > 0 and not _WAVELENGTH_NM[0] <= wavelength <= _WAVELENGTH_NM[1]:
        near = f"; if it is in um, write {1000 * wavelength:g}" if 0.3 <= wavelength <= 1.1 else ""
        errors.append(wrong("wavelength_nm", f"nm, {_WAVELENGTH_NM[0]} to {_WAVELENGTH_NM[1]}{near}"))
    if (_number(row["frame_interval_min"]) or 0) > 60 * _HOURS:
        errors.append(wrong("frame_interval_min", f"minutes, at most {60 * _HOURS:g}"))
    return errors


def _image_errors(row: dict[str, str], wrong: Callable[[str, str], str]) -> list[str]:
    given = {column: row[column] for column in _IMAGES if not _empty(row[column])}
    errors = []
    if "raw" in given and "phase" in given:
        errors.append(wrong("phase", "nothing beside raw: give the raw frames or the retrieved phase, not both"))
    if "raw" not in given and "phase" not in given:
        errors.append(wrong("raw", "the raw frames here, or the retrieved phase in the column phase"))
    if ("live" in given) != ("dead" in given):
        empty = "dead" if "live" in given else "live"
        errors.append(wrong(empty, "both fluorescence stacks, live and dead, or neither"))
    if "labels" in given and ("live" in given or "dead" in given):
        errors.append(wrong("labels", "nothing beside live and dead: labels are either made or given"))
    if row["split"] in SIDES and not given.keys() & {"live", "dead", "labels"}:
        errors.append(wrong("split", "predict or NA: without live and dead, or labels, there is no truth"))
    for column, value in given.items():
        if value == SIMULATED:
            if column in ("phase", "labels"):
                errors.append(wrong(column, "a file; only raw, live and dead can be simulated"))
            elif row["raw"] != SIMULATED:
                errors.append(wrong(column, "a file: the raw frames are not simulated"))
        elif column in ("live", "dead") and row["raw"] == SIMULATED:
            errors.append(wrong(column, "simulated, as raw is, or nothing"))
    return errors


def _image_files(row: dict[str, str], folder: Path) -> tuple[dict[str, list[str]], list[str]]:
    """Files of every image column, and what is wrong with them."""
    files: dict[str, list[str]] = {}
    errors = []
    for column in _IMAGES:
        value = row[column]
        if _empty(value) or value == SIMULATED or (column in ("live", "dead") and row["raw"] == SIMULATED):
            continue
        if "{m}" in value and column != "raw":
            errors.append(_wrong(row, column, "a pattern without {m}: only interferograms have several per time point"))
        elif is_pattern(value):
            files[column], problems = find_series(folder / value)
            errors += [f"{column} = {value}: {problem}" for problem in problems]
        elif os.path.isfile(folder / value):
            files[column] = [str(folder / value)]
        else:
            found = "is a folder" if os.path.isdir(folder / value) else "is not there"
            errors.append(_wrong(row, column, f"an existing file; {folder / value} {found}"))
    if not errors:
        errors += _unequal_series({column: str(folder / row[column]) for column in files}, files)
    return files, errors


def _unequal_series(cells: dict[str, str], files: dict[str, list[str]]) -> list[str]:
    """Series of one row that do not have as many time points; stacks are counted when they are read."""
    times = {c: len(files[c]) // files_per_time(cell) for c, cell in cells.items() if is_pattern(cell)}
    if len(set(times.values())) < 2:
        return []
    said = ", ".join(f"{column} {number}" for column, number in times.items())
    return [f"time points: {said} (wanted as many in each column; {{t:0-9}} takes only t 0 to 9)"]


def _sequence(row: dict[str, str], folder: Path) -> Sequence:
    cells: dict[str, object] = {column: None if _empty(value) else value for column, value in row.items()}
    for column in _IMAGES:
        if cells[column] not in (None, SIMULATED):
            cells[column] = str(folder / row[column])
    cells |= {column: float(row[column]) for column in _ABOVE_ZERO}
    return Sequence(**cells | {"start_h": _number(row["start_h"]) or 0.0})


def _empty(value: str) -> bool:
    return value in ("", "NA")


def _number(value: str) -> float | None:
    return float(value) if re.fullmatch(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", value) else None
