"""What the name of an image file says: film, time, frame, place in the well, and which image it is."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

ROLES = ("raw", "phase", "live", "dead", "labels")
# Names of dyes, filters and images in the words of microscopes and of their users.
_WORDS = {
    "raw": ("raw", "interferogram", "interferograms", "slim4"),
    "phase": ("phase", "slim"),
    "live": ("live", "dapi", "nucblue", "hoechst", "blue"),
    "dead": ("dead", "green", "gfp", "fitc", "nucgreen"),
    "labels": ("labels", "label", "mask", "masks"),
}
_ROLE_OF = {word: role for role, words in _WORDS.items() for word in words}
_SUFFIX = re.compile(r"(\.ome)?\.(tiff?|png)$", re.IGNORECASE)
# f{well}_t{time}_i{iteration}_ch{channel}_c{column}_r{row}_z{slice}_m{frame or name}; any may be missing.
_PROGRAM = re.compile(r"(?=.*_)f\d+(?:_(?:t|i|ch|c|r|z)\d+)*(?:_m(?P<m>.*))?")
_FIELD = re.compile(r"(?:^|_)(f|t|i|ch|c|r|z)(\d+)(?=_|$)")
_WELL = re.compile(r"[A-P]\d{1,2}|(?:well|f)\d+")


@dataclass(frozen=True)
class ImageName:
    """One image file as its name tells it.

    Attributes
    ----------
    path : str
        As it was found.
    role : str or None
        Column of the sheet; None where the name does not say.
    film : tuple of (str, str)
        What all files of one film share: letter and number of the acquisition program's fields, or words.
    t, m, z : int or None
        Time index, frame within a set of interferograms, slice.
    well : str or None
        Well, where the name has one.
    column, row : int or None
        Place of the field in the mosaic of the well.
    series, frames : str
        The path with ``{t}``, and ``{m}`` for raw, in place of the numbers; the same with the time left as it is.
    of_program : bool
        Named as the acquisition program does.
    """

    path: str
    role: str | None
    film: tuple[tuple[str, str], ...]
    t: int | None
    m: int | None
    z: int | None
    well: str | None
    column: int | None
    row: int | None
    series: str
    frames: str
    of_program: bool

    @property
    def place(self) -> tuple[tuple[str, str], ...]:
        """What all slices of one film share."""
        return tuple(part for part in self.film if part[0] != "z")


def read_name(path: str, start: str, channels: Mapping[int, str], unnamed: str | None = None) -> ImageName | str:
    """Read the name of an image file.

    Parameters
    ----------
    path : str
        The file, below `start`.
    start : str
        Folder whose own name says nothing.
    channels : mapping of int to str
        What the channels ``ch0``, ``ch1``, ... are, where the user says so; it outweighs all other words.
    unnamed : str, optional
        What an image is whose name does not say it.

    Returns
    -------
    ImageName or str
        The reason, where the file is no image or cannot be named in a sheet.
    """
    folder, base = os.path.split(os.path.relpath(path, start))
    suffix = _SUFFIX.search(base)
    if suffix is None:
        return "no TIFF and no PNG"
    if re.search(r"[{}\t\r\n]", path):
        return "braces, tabs or line ends in the name; rename them"
    stem = base[: suffix.start()]
    program = _PROGRAM.fullmatch(stem)
    if program is None:
        return _free_name(path, folder, stem, suffix[0], unnamed)
    mark = program["m"]
    fields = dict(_FIELD.findall(stem if mark is None else stem[: program.start("m")]))
    number = int(mark) if mark and mark.isdecimal() else None
    channel = int(fields.get("ch", 0))
    role = channels.get(channel) or role_in(re.split(r"[^A-Za-z0-9]+", mark or ""))
    if role is None and channel == 0 and not (mark and number is None):
        # The first channel is the interferometer's; what has no frame number has been computed from the frames.
        role = "phase" if mark is None else "raw"
    words = [("folder", word) for word in _words(folder) if word.lower() not in _ROLE_OF]
    film = [(letter, fields[letter]) for letter in ("f", "i", "c", "r", "z") if letter in fields]
    return ImageName(
        path,
        role or unnamed,
        (*words, *((letter, str(int(n))) for letter, n in film)),
        _int(fields.get("t")),
        number if role == "raw" else None,
        _int(fields.get("z")),
        f"f{int(fields['f'])}",
        _int(fields.get("c")),
        _int(fields.get("r")),
        *_patterns(path, stem + suffix[0], role == "raw" and number is not None),
        True,
    )


def role_in(words: list[str]) -> str | None:
    """Column of the sheet that words of a name stand for; None for none, or for several.

    >>> role_in(["49", "DAPI"]), role_in(["SLIM"]), role_in(["live", "dead"])
    ('live', 'phase', None)
    """
    roles = {_ROLE_OF[word.lower()] for word in words if word.lower() in _ROLE_OF}
    return roles.pop() if len(roles) == 1 else None


def _free_name(path: str, folder: str, stem: str, suffix: str, unnamed: str | None) -> ImageName | str:
    """Read a name made of words: A1_raw.ome.tif, phase/A1_t03.tif."""
    words, folders = _words(stem), _words(folder)
    roles = {_ROLE_OF[word.lower()] for word in words if word.lower() in _ROLE_OF}
    if len(roles) > 1:
        return f"the name says {' and '.join(sorted(roles))}; one file holds one kind of image"
    role = role_in(words) or next((found for word in reversed(folders) if (found := role_in([word]))), None) or unnamed
    numbers = {letter: _number(words, letter) for letter in "tmz"}
    if role != "raw":
        numbers["m"] = None
    counted = {f"{letter}{n}" for letter, n in numbers.items() if n is not None and letter != "z"}
    kept = [w for w in folders + words if w.lower() not in _ROLE_OF and w not in counted]
    well = next((w for w in kept if _WELL.fullmatch(w)), None)
    return ImageName(
        path,
        role,
        tuple(("z" if w == f"z{numbers['z']}" else "word", w) for w in kept),
        *(_int(numbers[letter]) for letter in "tmz"),
        well,
        None,
        None,
        *_patterns(path, stem + suffix, numbers["m"] is not None),
        False,
    )


def _number(words: list[str], letter: str) -> str | None:
    """Digits of the only word that is this letter and a number."""
    found = [word[1:] for word in words if re.fullmatch(letter + r"\d+", word)]
    return found[0] if len(found) == 1 else None


def _patterns(path: str, base: str, with_frames: bool) -> tuple[str, str]:
    frames = re.sub(r"(?<![A-Za-z0-9])m\d+(?![A-Za-z0-9])", "m{m}", base) if with_frames else base
    series = re.sub(r"(?<![A-Za-z0-9])t\d+(?![A-Za-z0-9])", "t{t}", frames)
    folder = path[: len(path) - len(base)]
    return folder + series, folder + frames


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[^A-Za-z0-9]+", text) if word]


def _int(digits: str | None) -> int | None:
    return None if digits is None else int(digits)
