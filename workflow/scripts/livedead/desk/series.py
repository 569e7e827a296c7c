"""File-name patterns: one image per time point, or per frame of a time point, named by numbers."""

import os
import re
import time
from bisect import bisect_left
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from .errors import SheetError

# {t}: time index; {t:5-14}: only these; {m}: frame within a set of interferograms.
_FIELD = re.compile(r"\{(t)(?::([0-9]{1,9})-([0-9]{1,9}))?\}|\{(m)\}")
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")
MOST_NAMED = 8
# Above, it is a date or a serial number.
_LARGEST_RANGE = 10**6
# Files by (t, m).
_Found = dict[tuple[int, int], list[str]]


def is_pattern(cell: str) -> bool:
    """Whether a cell of the sheet stands for several files: it holds braces.

    >>> is_pattern("raw/f1_t{t}_m{m}.tif"), is_pattern("raw/f1.tif")
    (True, False)
    """
    return "{" in cell or "}" in cell


def series_files(pattern: str | os.PathLike) -> list[str]:
    """List the files of a pattern in the order of time, then of the frames of a time point.

    Parameters
    ----------
    pattern : str or path
        Path with ``{t}`` (time index) and, for interferograms, ``{m}`` (frame), both any number of digits;
        ``{t:5-14}`` takes only the time indices 5 to 14. All else is literal.

    Returns
    -------
    list of str
        Ordered by t, then m, as numbers.

    Raises
    ------
    SheetError
        With every gap, missing frame and double number of the series.
    """
    return _ordered(_whole(pattern))


def files_per_time(cell: str | None) -> int | None:
    """Files that hold one time point: the number of ``{m}``, 1 without it, None for a cell that is one file.

    Parameters
    ----------
    cell : str or None
        Path or pattern, as `Sequence` holds it.

    Returns
    -------
    int or None

    Raises
    ------
    SheetError
        As `series_files`.
    """
    if cell is None or not is_pattern(cell):
        return None
    if "{m}" not in cell:
        return 1
    found = _whole(cell)
    return len(found) // len({t for t, _ in found})


def find_series(pattern: str | os.PathLike) -> tuple[list[str], list[str]]:
    """List the files of a pattern and all that is wrong with them.

    Parameters
    ----------
    pattern : str or path
        As for `series_files`.

    Returns
    -------
    files : list of str
        Ordered by t, then m.
    problems : list of str
        What was found and what was wanted, one phrase each; none for a whole series.
    """
    found, problems = _examined(str(pattern))
    return _ordered(found), problems


def name_numbers(pattern: str) -> Callable[[str], tuple[int, int] | None]:
    """Prepare to read the numbers in names of files of one folder, which need not all be there yet.

    Parameters
    ----------
    pattern : str
        Name of a file with fields as for `series_files`, ``{t}`` among them.

    Returns
    -------
    callable
        Takes a name and returns t and m (0 where the pattern has no ``{m}``); None for a name that does not fit.

    Raises
    ------
    SheetError
        If the pattern is wrong, has no time, or names a folder.
    """
    problems = _syntax(pattern)
    if not problems and not re.search(r"\{t[:}]", pattern):
        problems = ["no {t} in it (wanted the place of the time index, as in f1_t{t}_m{m}.tif)"]
    if not problems and Path(pattern).name != pattern:
        problems = ["names a folder (wanted the name of the files in the watched folder)"]
    if problems:
        raise SheetError(f"pattern {pattern}: {problems[0]}")
    first, last = _range(pattern)
    fits = _regex(pattern, {}).fullmatch

    def numbers(name: str) -> tuple[int, int] | None:
        found = fits(name)
        if found is None or (first is not None and not first <= int(found["t"]) <= last):
            return None
        return int(found["t"]), int(found.groupdict().get("m", 0))

    return numbers


def _ordered(found: _Found) -> list[str]:
    return [path for key in sorted(found) for path in found[key]]


def _whole(pattern: str | os.PathLike) -> _Found:
    found, problems = _examined(str(pattern))
    if problems:
        raise SheetError(f"{pattern}: " + "; ".join(problems))
    return found


def _examined(pattern: str) -> tuple[_Found, list[str]]:
    wrong = _syntax(pattern)
    if wrong:
        return {}, wrong
    found = _found(pattern)
    if not found:
        return {}, ["no file fits the pattern (wanted at least one; digits stand for {t} and {m}, all else is literal)"]
    doubles = [(_place(key, pattern), _names(twins)) for key, twins in sorted(found.items()) if len(twins) > 1]
    problems = [f"{names} have the same numbers (wanted one file for {place})" for place, names in doubles]
    return found, problems + _gaps(pattern, found)


def numbers_text(numbers: list[int]) -> str:
    """Write whole numbers with runs drawn together.

    >>> numbers_text([0, 1, 2, 5, 7, 8])
    '0 to 2, 5, 7, 8'
    """
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return ", ".join(words[:MOST_NAMED] + ["..."] * (len(words) > MOST_NAMED))


def _syntax(pattern: str) -> list[str]:
    unknown = [mark for mark in _BRACES.findall(pattern) if not _FIELD.fullmatch(mark)]
    if unknown:
        return [f"{unknown[0]} has no meaning (wanted {{t}}, {{t:5-14}} or {{m}})"]
    times = {mark for mark in _BRACES.findall(pattern) if mark.startswith("{t")}
    if len(times) > 1:
        return [f"{' and '.join(sorted(times))} differ (wanted the same range everywhere)"]
    first, last = _range(pattern)
    if first is not None and first > last:
        return [f"{{t:{first}-{last}}} is empty (wanted the lower number first)"]
    return []


def _range(pattern: str) -> tuple[int | None, int | None]:
    for field in _FIELD.finditer(pattern):
        if field[2]:
            return int(field[2]), int(field[3])
    return None, None


def _gaps(pattern: str, found: _Found) -> list[str]:
    times = sorted({t for t, _ in found})
    first, last = _range(pattern)
    wanted = range(times[0] if first is None else first, (times[-1] if last is None else last) + 1)
    marks = {m for _, m in found}
    every = range(min(marks), max(marks) + 1)
    for mark, numbers in (("t", wanted), ("m", every)):
        if numbers[-1] - numbers[0] > _LARGEST_RANGE:
            return [f"{mark} from {numbers[0]} to {numbers[-1]} (wanted times, or frames of one time, counted by ones)"]
    missing = sorted(set(wanted) - set(times))
    said = f"t {numbers_text(missing)} missing (wanted every t from {wanted[0]} to {wanted[-1]})"
    problems = [said] if missing else []
    lacking: dict[tuple[int, ...], list[int]] = {}
    for t in times:
        absent = tuple(m for m in every if (t, m) not in found)
        if absent:
            lacking.setdefault(absent, []).append(t)
    for absent, at in lacking.items():
        problems.append(
            f"m {numbers_text(list(absent))} missing at t {numbers_text(at)} (wanted m {every[0]} to {every[-1]} "
            "at every t)"
        )
    return problems


def _place(key: tuple[int, int], pattern: str) -> str:
    return f"t {key[0]}" + (f", m {key[1]}" if "{m}" in pattern else "")


def _names(paths: list[str]) -> str:
    return " and ".join(os.path.basename(path) for path in paths)


def _found(pattern: str) -> _Found:
    """Files by (t, m); a number that the pattern does not name is 0."""
    first, last = _range(pattern)
    found: _Found = {}
    folder, *parts = _split(pattern)
    for path, values in _walk(folder, parts, {}):
        key = (int(values.get("t", 0)), int(values.get("m", 0)))
        if first is None or first <= key[0] <= last:
            found.setdefault(key, []).append(path)
    return found


def _split(pattern: str) -> list[str]:
    """Divide a pattern into the folder before its first field and the names below it."""
    parts = Path(pattern).parts
    fixed = next(number for number, part in enumerate(parts) if "{" in part)
    return [str(Path(*parts[:fixed])) if fixed else "", *parts[fixed:]]


def _walk(folder: str, parts: list[str], values: dict[str, str]):
    """Go down the folders of a pattern; a field that comes again must have the same digits."""
    name, rest = parts[0], parts[1:]
    fits = _regex(name, values).fullmatch
    names, start = _listing(folder or "."), name.partition("{")[0]
    for entry in names[bisect_left(names, start) :]:
        # Names are sorted: those that begin as the pattern does stand together.
        if not entry.startswith(start):
            break
        match = fits(entry)
        if match:
            path, known = os.path.join(folder, entry), values | match.groupdict()
            if rest:
                yield from _walk(path, rest, known)
            elif os.path.isfile(path):
                yield path, known


def _regex(name: str, values: dict[str, str]) -> re.Pattern[str]:
    """Expression that a name of a pattern fits, with the fields whose values are known filled in."""
    regex, seen = "", set(values)
    for piece in re.split(r"(\{(?:t|t:\d+-\d+|m)\})", name):
        field = piece[1] if piece.startswith("{") else None
        if field is None:
            regex += re.escape(piece)
        elif field in values:
            regex += re.escape(values[field])
        else:
            regex += f"(?P={field})" if field in seen else f"(?P<{field}>[0-9]+)"
            seen.add(field)
    return re.compile(regex)


def _listing(folder: str) -> tuple[str, ...]:
    """Names in a folder; kept, because a plate has many patterns in one folder of very many files."""
    try:
        changed = os.stat(folder).st_mtime_ns
    except OSError:
        return ()
    # Two changes within one tick of the file system's clock look like one.
    settled = time.time_ns() - changed > 2_000_000_000
    return _kept_listing(folder, changed) if settled else _list(folder)


@lru_cache(maxsize=64)
def _kept_listing(folder: str, changed: int) -> tuple[str, ...]:
    del changed
    return _list(folder)


def _list(folder: str) -> tuple[str, ...]:
    with suppress(OSError):
        return tuple(sorted(os.listdir(folder)))
    return ()
