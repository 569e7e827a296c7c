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
_PROGRAM = re.compile(r"(?=.*_)f\d+(?:_(?:[tT]|i|ch|c|r|z)\d+)*(?:_m(?P<m>.*))?")
_FIELD = re.compile(r"(?:^|_)(f|[tT]|i|ch|c|r|z)(\d+)(?=_|$)")
# Rows A to P and columns 1 to 24 of a plate, or a word that says so.
_WELL = re.compile(r"[A-P](?:0?[1-9]|1\d|2[0-4])|(?:well|f)\d+")
# Fiji names the channels that it splits C1-name.tif, C2-name.tif.
_SPLIT_CHANNEL = re.compile(r"C[1-9](?=-)")


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
    wells : tuple of (str, str)
        Words that may be the well, each with ``"file"`` or ``"folder"`` in front, where it stands.
    folders : tuple of str
        Folders that it lies in, without the words for images and times.
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
    wells: tuple[tuple[str, str], ...]
    folders: tuple[str, ...]
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
    relative = os.path.relpath(path, start)
    if any(part.startswith(".") for part in relative.split(os.sep)):
        return "hidden file"
    folder, base = os.path.split(relative)
    suffix = _SUFFIX.search(base)
    if suffix is None:
        return "no TIFF and no PNG"
    if re.search(r"[{}\t\r\n]", path):
        return "braces, tabs or line ends in the name; rename them"
    stem = base[: suffix.start()]
    program = _PROGRAM.fullmatch(stem)
    if program is None:
        return _free_name(path, relative, stem, unnamed)
    mark = program["m"]
    found = _FIELD.findall(stem if mark is None else stem[: program.start("m")])
    fields = {letter.lower(): digits for letter, digits in found}
    times = [letter + digits for letter, digits in found if letter in "tT"]
    in_file, in_folder = (times[-1], None) if times else (None, _time_word(_words(folder)))
    number = int(mark) if mark and mark.isdecimal() else None
    channel = int(fields.get("ch", 0))
    role = channels.get(channel) or role_in(re.split(r"[^A-Za-z0-9]+", mark or ""))
    if role is None and channel == 0 and not (mark and number is None):
        # The first channel is the interferometer's; what has no frame number has been computed from the frames.
        role = "phase" if mark is None else "raw"
    words = [("folder", word) for word in _kept(folder, in_folder)]
    film = [(letter, fields[letter]) for letter in ("f", "i", "c", "r", "z") if letter in fields]
    return ImageName(
        path,
        role or unnamed,
        (*words, *((letter, str(int(n))) for letter, n in film)),
        _int((in_file or in_folder or "t")[1:]),
        number if role == "raw" else None,
        _int(fields.get("z")),
        (("file", f"f{int(fields['f'])}"),),
        _folders(folder, in_folder),
        _int(fields.get("c")),
        _int(fields.get("r")),
        *_patterns(path, relative, in_file, in_folder, role == "raw" and number is not None),
        True,
    )


def role_in(words: list[str]) -> str | None:
    """Column of the sheet that words of a name stand for; None for none, or for several.

    >>> role_in(["49", "DAPI"]), role_in(["SLIM"]), role_in(["live", "dead"])
    ('live', 'phase', None)
    """
    roles = {_ROLE_OF[word.lower()] for word in words if word.lower() in _ROLE_OF}
    return roles.pop() if len(roles) == 1 else None


def _free_name(path: str, relative: str, stem: str, unnamed: str | None) -> ImageName | str:
    """Read a name made of words: A1_raw.ome.tif, phase/A1_t03.tif, A1/t03/phase.tif."""
    folder = os.path.dirname(relative)
    words, folders = _words(stem), _words(folder)
    roles = {_ROLE_OF[word.lower()] for word in words if word.lower() in _ROLE_OF}
    if len(roles) > 1:
        return f"the name says {' and '.join(sorted(roles))}; one file holds one kind of image"
    role = role_in(words) or next((found for word in reversed(folders) if (found := role_in([word]))), None) or unnamed
    in_file = _time_word(words)
    in_folder = None if in_file else _time_word(folders)
    frame, plane = _only(words, "m") if role == "raw" else None, _only(words, "z")
    above, own = _kept(folder, in_folder), [w for w in _kept(stem, in_file) if w != frame]
    return ImageName(
        path,
        role,
        tuple(("z" if w == plane else "word", w) for w in above + own),
        *(_int((word or "-")[1:]) for word in (in_file or in_folder, frame, plane)),
        _wells(above, own, _SPLIT_CHANNEL.match(stem) is not None),
        _folders(folder, in_folder),
        None,
        None,
        *_patterns(path, relative, in_file, in_folder, frame is not None),
        False,
    )


def _wells(above: list[str], own: list[str], split_channel: bool) -> tuple[tuple[str, str], ...]:
    """Words that may be the well, those of the file first."""
    found = [(place, w) for place, words in (("file", own), ("folder", above)) for w in words if _WELL.fullmatch(w)]
    return tuple(found[1:] if split_channel and len(found) > 1 else found)


def _time_word(words: list[str]) -> str | None:
    """Find the word for the time index; a small t outweighs a capital one."""
    return _only(words, "t") or _only(words, "T")


def _only(words: list[str], letter: str) -> str | None:
    """Find the only word that is this letter and a number."""
    found = [word for word in words if re.fullmatch(letter + r"\d+", word)]
    return found[0] if len(found) == 1 else None


def _patterns(path: str, relative: str, in_file: str | None, in_folder: str | None, frames: bool) -> tuple[str, str]:
    """Write `{t}` and `{m}` into a path, and `{m}` alone; the time is the word given of file or folder."""
    folder, base = os.path.split(relative)
    start = path.removesuffix(relative)
    if frames:
        base = re.sub(r"(?<![A-Za-z0-9])m\d+(?![A-Za-z0-9])", "m{m}", base)
    series = os.path.join(_with_time(folder, in_folder), _with_time(base, in_file))
    return start + series, start + os.path.join(folder, base)


def _with_time(text: str, word: str | None) -> str:
    if word is None:
        return text
    return re.sub(rf"(?<![A-Za-z0-9]){word}(?![A-Za-z0-9])", word[0] + "{t}", text)


def _folders(folder: str, time: str | None) -> tuple[str, ...]:
    names = ("-".join(_kept(part, time)) for part in folder.split(os.sep))
    return tuple(name for name in names if name)


def _kept(text: str, time: str | None) -> list[str]:
    """Words without those for images and without the time."""
    return [word for word in _words(text) if word.lower() not in _ROLE_OF and word != time]


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[^A-Za-z0-9]+", text) if word]


def _int(digits: str | None) -> int | None:
    return int(digits) if digits else None
