"""Image files of a folder to rows of a sheet: films without gaps, and every file that found no place."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from .film_wells import choose_replicates, choose_wells
from .image_names import ImageName
from .series import numbers_text

_Times = dict[int | None, list[ImageName]]


@dataclass
class Film:
    """One row of the sheet to be.

    Attributes
    ----------
    name : str
        Name of the sequence.
    first : ImageName
        First of its files of raw or phase.
    cells : dict
        File or pattern by image column; raw or phase comes first.
    start : int or None
        Time index of the first frame.
    times : int
        Time points that the names tell.
    tile : str or None
        Where the field lies in its well.
    well, replicate : str or None
        Well, and the folder that tells it from others of its name.
    """

    name: str
    first: ImageName
    cells: dict[str, str]
    start: int | None
    times: int
    tile: str | None
    well: str | None = None
    replicate: str | None = None


@dataclass
class Placed:
    """Films of a folder, the reason of every file that is in none, what the user should know and should check."""

    films: list[Film] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)

    def refuse(self, names: Iterable[ImageName], reason: str) -> None:
        """Take down why files are in no film."""
        for name in names:
            self.reasons[name.path] = reason


def place_files(names: Iterable[ImageName], z: int | None = None) -> Placed:
    """Put files together to films.

    Parameters
    ----------
    names : iterable of ImageName
        Files of a folder, all with a role.
    z : int, optional
        Slice to take where names have one; without it a field with several slices at one time is not placed.

    Returns
    -------
    Placed
        Every file is in a film or has a reason.
    """
    placed = Placed()
    kept = _one_slice(list(names), z, placed)
    times_of_pattern: dict[str, set[int | None]] = {}
    films: dict[tuple, list[ImageName]] = {}
    for name in kept:
        times_of_pattern.setdefault(name.series, set()).add(name.t)
        films.setdefault(name.film, []).append(name)
    naming = _Naming(kept)
    for members in films.values():
        _place_film(members, naming, times_of_pattern, placed)
    placed.films.sort(key=lambda film: _natural(film.name))
    firsts = [film.first for film in placed.films]
    wells, doubts = choose_wells(firsts)
    replicates, more = choose_replicates(firsts, wells)
    for film, well, replicate in zip(placed.films, wells, replicates, strict=True):
        film.well, film.replicate = well, replicate
    placed.checks += doubts + more
    return placed


def _one_slice(names: list[ImageName], z: int | None, placed: Placed) -> list[ImageName]:
    slices: dict[tuple, set[int]] = {}
    for name in names:
        if name.z is not None:
            slices.setdefault((name.place, name.t), set()).add(name.z)
    torn: dict[tuple, set[int]] = {}
    for (place, _), found in slices.items():
        if len(found) > 1:
            torn.setdefault(place, set()).update(found)
    kept = []
    for name in names:
        if z is not None and name.z not in (None, z):
            placed.refuse([name], f"another slice than --z {z}")
        elif z is None and name.place in torn:
            found = numbers_text(list(torn[name.place]))
            placed.refuse([name], f"several slices of one field and time (z {found}); take one with --z")
        else:
            kept.append(name)
    return kept


def _place_film(members: list[ImageName], naming: "_Naming", patterns: dict, placed: Placed) -> None:
    roles: dict[str, _Times] = {}
    for name in members:
        roles.setdefault(name.role, {}).setdefault(name.t, []).append(name)
    if "raw" in roles and "phase" in roles:
        placed.refuse(_all(roles.pop("phase")), "phase beside raw frames of the same film, which are taken instead")
    for role in list(roles):
        reason = _unusable(role, roles[role], placed)
        if reason:
            placed.refuse(_all(roles[role]), reason)
        if reason or not roles[role]:
            del roles[role]
    main = next((role for role in ("raw", "phase") if role in roles), None)
    if main is None:
        for times in roles.values():
            placed.refuse(_all(times), "neither raw frames nor phase of the same film was placed")
        return
    runs = _runs(roles[main])
    for run in runs:
        film = {main: {t: roles[main][t] for t in run}}
        for dyes in (("live", "dead"), ("labels",)):
            _add_truth(film, roles, dyes, run, placed)
        placed.films.append(_row(film, main, run, naming, patterns, len(runs) > 1))
    if len(runs) > 1:
        said = ", ".join(numbers_text(run) for run in runs[:4]) + (", ..." if len(runs) > 4 else "")
        placed.notes.append(f"{naming.of(members[0])}: gaps in t, so {len(runs)} rows with a start_h each (t {said})")
    for times in roles.values():
        rest = [n for n in _all(times) if n.path not in placed.reasons and n.t not in roles[main]]
        placed.refuse(rest, "neither raw frames nor phase at this time")


def _unusable(role: str, times: _Times, placed: Placed) -> str | None:
    """Why no file of this role can be used; single times with missing frames are taken out."""
    if None in times and len(times) > 1:
        return "a file without t beside files with t of the same film"
    for found in times.values():
        numbers = [name.m for name in found]
        twins = [name for name in found if numbers.count(name.m) > 1]
        if twins:
            return f"several files for one image: {' and '.join(os.path.basename(n.path) for n in twins[:2])}"
    if len({name.series for name in _all(times)}) > 1:
        return "names of one film that differ in more than t and m"
    if role != "raw":
        return None
    marks = {name.m for name in _all(times)}
    if None in marks:
        return "raw frames with and without a number m" if len(marks) > 1 else None
    missing = sorted(set(range(min(marks), max(marks) + 1)) - marks)
    if missing or len(marks) < 3:
        what = f"m {numbers_text(missing)} missing" if missing else f"only m {numbers_text(sorted(marks))}"
        return f"{what} at every time (wanted three or more frames, numbered without a gap)"
    for t in [t for t, found in times.items() if len(found) < len(marks)]:
        lost = sorted(marks - {name.m for name in times[t]})
        placed.refuse(
            times.pop(t), f"m {numbers_text(lost)} missing at this time (wanted m {numbers_text(sorted(marks))})"
        )
    return None


def _runs(times: _Times) -> list[list[int | None]]:
    if None in times:
        return [[None]]
    runs: list[list[int | None]] = []
    for t in sorted(times):
        if runs and t == runs[-1][-1] + 1:
            runs[-1].append(t)
        else:
            runs.append([t])
    return runs


def _add_truth(film: dict, roles: dict[str, _Times], dyes: tuple[str, ...], run: list, placed: Placed) -> None:
    found = {dye: {t: roles[dye][t] for t in run if t in roles[dye]} for dye in dyes if dye in roles}
    if "labels" in dyes and "live" in film:
        reason = "labels beside dyes of the same film, which are taken instead"
    elif len(found) == len(dyes) and all(len(times) == len(run) for times in found.values()):
        film |= found
        return
    else:
        reason = f"{' and '.join(dyes)} wanted at every time of the film (t {numbers_text(run)})"
        if run == [None]:
            reason = f"{' and '.join(dyes)} wanted beside each other"
    for times in found.values():
        placed.refuse(_all(times), reason)


def _row(film: dict, main: str, run: list, naming: "_Naming", patterns: dict, several: bool) -> Film:
    first = film[main][run[0]][0]
    cells = {}
    for role, times in film.items():
        names = times[run[0]]
        if len(run) == 1:
            cells[role] = names[0].frames if len(names) > 1 else names[0].path
        else:
            # Other times of the same names belong to other rows, or to none.
            whole = patterns[names[0].series] == set(run)
            cells[role] = names[0].series.replace("{t}", "{t}" if whole else f"{{t:{run[0]}-{run[-1]}}}")
    name = naming.of(first) + (f"-t{run[0]}" if several else "")
    return Film(name, first, cells, run[0], len(run), naming.tile(first))


def _all(times: _Times) -> list[ImageName]:
    return [name for found in times.values() for name in found]


class _Naming:
    """Short names that differ: only fields that differ within the folder are in them."""

    def __init__(self, names: list[ImageName]):
        self._fields: dict[str, set[str]] = {}
        places: dict[tuple, set[tuple]] = {}
        for name in names:
            for letter, number in name.film:
                self._fields.setdefault(letter, set()).add(number)
            if name.column is not None and name.row is not None:
                places.setdefault(self._well(name), set()).add((name.column, name.row))
        self._mosaics = {well for well, found in places.items() if len(found) > 1}

    @staticmethod
    def _well(name: ImageName) -> tuple:
        return tuple(part for part in name.film if part[0] in ("folder", "f"))

    def tile(self, name: ImageName) -> str | None:
        """Place in the mosaic, where the well has several."""
        return f"c{name.column}r{name.row}" if self._well(name) in self._mosaics else None

    def of(self, name: ImageName) -> str:
        """Name of the sequence of a file, without its time."""
        words = []
        for letter, value in name.film:
            if not name.of_program or letter == "folder":
                words += [value] if letter in ("word", "z") or len(self._fields[letter]) > 1 else []
            elif letter == "f" or len(self._fields[letter]) > 1:
                words.append(f"{letter}{value}")
        return "-".join(words) or "film"


def _natural(name: str) -> list[str | int]:
    """Sort key: f2 before f10."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", name)]
