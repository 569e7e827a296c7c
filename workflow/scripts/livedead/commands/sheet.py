"""Write a sheet from a folder of images and say what found no place: `python -m livedead.commands.sheet`."""

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..desk.errors import ImageError, SheetError
from ..desk.files import whole_file
from ..desk.folder_files import list_files
from ..desk.folder_films import Film, Placed, place_files
from ..desk.image_names import ROLES, ImageName, read_name
from ..desk.sheet import COLUMNS, read_sheet
from ..optics.image_source import ImageSource, image_source
from .outcome import exit_status

# Files named for each reason; the rest are counted.
_EXAMPLES = 3
# What a user can give for a number that no file says.
_OPTIONS = {
    "pixel_size_um": "--pixel-size-um (PIXEL_UM)",
    "wavelength_nm": "--wavelength-nm (WAVELENGTH_NM)",
    "frame_interval_min": "--frame-interval-min (INTERVAL_MIN)",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the sheet. Returns the exit status."""
    given = _parser().parse_args(arguments)
    return exit_status("sheet", lambda: "\n".join(write_folder_sheet(given)))


def write_folder_sheet(given: argparse.Namespace) -> list[str]:
    """Find the images of a folder, put them together to films and write the sheet.

    Parameters
    ----------
    given : argparse.Namespace
        Options of the command.

    Returns
    -------
    list of str
        What was placed, what was not and why, and what is left to the user, one line each.

    Raises
    ------
    SheetError
        If nothing could be placed, a number is missing that no file says, or the sheet is there already.
    """
    if not given.folder.is_dir():
        raise SheetError(f"{given.folder}: no such folder (wanted the folder of the images)")
    if given.output.exists() and not given.force:
        raise SheetError(f"{given.output}: there already (wanted a new file; --force writes over it)")
    paths, unread = list_files(given.folder)
    placed, sources = find_films([path for path in paths if path not in unread], given)
    placed.reasons |= unread
    if not placed.films:
        raise SheetError("\n".join([f"{given.folder}: no film among {len(paths)} files", *_reasons(placed)]))
    rows = [_cells(*film, given, placed) for film in zip(placed.films, sources, strict=True)]
    single = _add_times(rows, placed, sources)
    _require_numbers(rows)
    _make_unique(rows)
    asked = _left_to_the_user(rows, single) + placed.checks + _at_zero(rows, placed, sources)
    head = [f"Films of the folder {given.folder.resolve().name}; every column is explained in docs/data.md.", *asked]
    with whole_file(given.output) as partial:
        lines = ["# " + line for line in head] + ["\t".join(COLUMNS)]
        lines += ["\t".join(row[column] for column in COLUMNS) for row in rows]
        partial.write_text("\n".join(lines) + "\n", encoding="utf-8")
        read_sheet(partial)
    count = len(paths) - len(placed.reasons)
    return [
        f"{given.output}: {len(rows)} rows. Files in {given.folder}: {len(paths)} = {count} placed + "
        f"{len(placed.reasons)} not placed.",
        *_shortened(placed.notes, "more films"),
        *_reasons(placed),
        *asked,
    ]


def find_films(paths: Sequence[str], given: argparse.Namespace) -> tuple[Placed, list[ImageSource]]:
    """Sort files into films by their names and by what the first file of each says.

    Parameters
    ----------
    paths : sequence of str
        All files of the folder.
    given : argparse.Namespace
        Options of the command.

    Returns
    -------
    placed : Placed
        Films, and the reason of every other file.
    sources : list of ImageSource
        What the first file of every film holds.
    """
    reasons: dict[str, str] = {}
    series: dict[tuple, list[ImageName]] = {}
    for path in paths:
        name = read_name(path, str(given.folder), given.channels, given.unnamed)
        if isinstance(name, str):
            reasons[path] = name
        elif name.role is None:
            reasons[path] = (
                "the name does not say which image it is (wanted a word such as raw, phase, live, dead, labels, DAPI "
                "or GFP in it; or --unnamed, or --channels 1=live)"
            )
        else:
            series.setdefault((name.film, name.role), []).append(name)
    names, looked = [], {}
    for (_, role), members in series.items():
        first = members[0].path
        try:
            looked[members[0].film, role] = image_source(Path(first), one_of_many=len(members) > 1)
            wrong = _unfit(looked[members[0].film, role], role)
        except ImageError as error:
            wrong = str(error).removeprefix(f"{first}: ")
        reasons |= {name.path: wrong for name in members if wrong}
        names += [] if wrong else members
    placed = place_files(names, given.z)
    placed.reasons |= reasons
    return placed, [looked[film.first.film, next(iter(film.cells))] for film in placed.films]


def _unfit(source: ImageSource, role: str) -> str | None:
    """Why the pixels of an image cannot be what its name says."""
    if role == "phase" and source.dtype.kind != "f" and source.dtype.name != "uint8":
        return (
            f"pixels of type {source.dtype} (wanted phase in rad as floating point, or an 8-bit export; if these are "
            "interferograms: --channels 0=raw)"
        )
    if role != "raw" and len(source.channels or ()) > 1:
        return f"{len(source.channels)} channels in one file (wanted one; in Fiji: Image > Color > Split Channels)"
    return None


def _cells(film: Film, source: ImageSource, given: argparse.Namespace, placed: Placed) -> dict[str, str]:
    """Cells of a row; what is not known yet is empty."""
    row = dict.fromkeys(COLUMNS, "NA") | film.cells
    dyed = "live" in film.cells
    stated = {"pixel_size_um": given.pixel_size_um, "frame_interval_min": given.frame_interval_min}
    for key, value in stated.items():
        own = getattr(source, key)
        if value and own and abs(own / value - 1) > 0.05:
            placed.notes.append(
                f"{film.name}: its file says {key} = {own:.4g}, you {value:g}; the run will refuse this"
            )
        row[key] = f"{value or own:.6g}" if value or own else ""
    return row | {
        "sequence": film.name,
        "cohort": given.cohort or re.sub(r"[^A-Za-z0-9]+", "-", given.folder.resolve().name).strip("-") or "plate",
        "cell_line": given.cell_line,
        "well": film.well or "NA",
        "replicate": film.replicate or "NA",
        "condition": given.condition or ("stained" if dyed else "unstained"),
        "wavelength_nm": f"{given.wavelength_nm:g}" if given.wavelength_nm else "",
        "tile": film.tile or "NA",
        "origin": "simulated" if source.simulated else "NA",
    }


def _add_times(rows: list[dict[str, str]], placed: Placed, sources: list[ImageSource]) -> bool:
    """Begin of every film, counted from the lowest t of the folder; whether single images got any interval."""
    any_interval = False
    starts = [film.start for film in placed.films if film.start is not None]
    zero = min(starts, default=0)
    single = len(set(starts)) < 2
    for row, film, source in zip(rows, placed.films, sources, strict=True):
        if not row["frame_interval_min"] and single and _one_image(film, source):
            row["frame_interval_min"], any_interval = "1", True
        elif row["frame_interval_min"] and film.start is not None:
            row["start_h"] = f"{(film.start - zero) * float(row['frame_interval_min']) / 60:.6g}"
    if not single:
        placed.notes.insert(0, f"Time 0 is t {zero}, the lowest of the folder.")
    return any_interval


def _one_image(film: Film, source: ImageSource) -> bool:
    # Planes that no file orders may be the frames of one set of interferograms.
    planes = len(source.pages) if source.pages.ndim == 2 or "raw" not in film.cells else len(source.pages) / 4
    return film.times == 1 and planes <= 1


def _at_zero(rows: list[dict[str, str]], placed: Placed, sources: list[ImageSource]) -> list[str]:
    """Say which wells have several single images that no name gives a time."""
    found = Counter(
        (row["well"], row["replicate"], row["tile"])
        for row, film, source in zip(rows, placed.films, sources, strict=True)
        if film.well and film.start is None and _one_image(film, source)
    )
    wells = [(count, well) for (well, *_), count in found.items() if count > 1]
    if not wells:
        return []
    more = f", and so do those of {len(wells) - 1} more wells" if len(wells) > 1 else ""
    return [
        f"{wells[0][0]} rows of the well {wells[0][1]} all stand at 0 h{more}: their names have no t. If they are "
        "times of one field, write t0, t1, ... into the names of files or folders, or fill in start_h."
    ]


def _require_numbers(rows: list[dict[str, str]]) -> None:
    lacking = {key: [row["sequence"] for row in rows if not row[key]] for key in _OPTIONS}
    said = [
        f"{key}: no file of {names[0]}{f' and {len(names) - 1} more films' * (len(names) > 1)} says it (wanted "
        f"{_OPTIONS[key]})"
        for key, names in lacking.items()
        if names
    ]
    if said:
        raise SheetError("numbers are missing, and none is guessed:\n" + "\n".join(said))


def _make_unique(rows: list[dict[str, str]]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        name = row["sequence"]
        seen[name] = seen.get(name, 0) + 1
        row["sequence"] = name if seen[name] == 1 else f"{name}-no{seen[name]}"


def _left_to_the_user(rows: list[dict[str, str]], any_interval: bool) -> list[str]:
    """Say what no name and no file says."""
    conditions = " and ".join(sorted({row["condition"] for row in rows}))
    unknown = "confluence is" if any(row["replicate"] != "NA" for row in rows) else "replicate and confluence are"
    lines = [
        f"Please check: cohort {rows[0]['cohort']}, cell_line {rows[0]['cell_line']}, condition {conditions}; "
        f"{unknown} NA; paths start in the folder in which this command ran."
    ]
    if any_interval:
        lines.append("Single images have no frame_interval_min: 1 stands for any.")
    if any(row["well"] == "NA" for row in rows):
        lines.append(
            "Please fill in the column well: the names of some files have none, or several words that may be it."
        )
    return lines


def _reasons(placed: Placed) -> list[str]:
    """One line for every reason, with the first files of each."""
    files: dict[str, list[str]] = {}
    for path, reason in placed.reasons.items():
        files.setdefault(reason, []).append(os.path.basename(path))
    lines = []
    for reason, names in sorted(files.items(), key=lambda item: -len(item[1])):
        more = f" and {len(names) - _EXAMPLES} more" if len(names) > _EXAMPLES else ""
        lines.append(f"Not placed, {len(names)}: {', '.join(names[:_EXAMPLES])}{more}: {reason}")
    return lines


def _shortened(lines: list[str], what: str) -> list[str]:
    most = 2 * _EXAMPLES
    return lines[:most] + ([f"... and {len(lines) - most} {what}."] if len(lines) > most else [])


def _channels(text: str) -> Mapping[int, str]:
    """Read 0=raw,1=live,2=dead."""
    found = {}
    for part in text.split(","):
        number, _, role = part.strip().partition("=")
        if not number.isdecimal() or role not in ROLES:
            raise argparse.ArgumentTypeError(f"{part!r} (wanted for example 0=raw,1=live,2=dead)")
        found[int(number)] = role
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sheet", description=__doc__.partition(":")[0] + ".")
    add = parser.add_argument
    add("folder", type=Path, help="folder of the images; those in folders below it count, too")
    add("--output", type=Path, default=Path("plate.tsv"), help="sheet to write; default: %(default)s")
    add("--force", action="store_true", help="write over a sheet that is there")
    add("--pixel-size-um", type=float, help="side of a pixel in the sample; default: what the files say")
    add("--wavelength-nm", type=float, help="mean wavelength of the illumination")
    add("--frame-interval-min", type=float, help="time from one t to the next; default: what the files say")
    add("--cohort", help="default: name of the folder")
    add("--cell-line", default="any", choices=("HeLa", "CHO", "any"), help="default: %(default)s")
    add("--condition", choices=("stained", "unstained", "stained_after"), help="default: stained where dyes are found")
    add("--channels", type=_channels, default={}, help="what the channels in the names are, as 0=raw,1=live,2=dead")
    add("--unnamed", choices=ROLES, help="what images are whose names do not say it")
    add("--z", type=int, help="slice to take where the names have several")
    return parser


if __name__ == "__main__":
    sys.exit(main())
