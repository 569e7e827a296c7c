"""Wells and replicates of films, chosen among the words of their names by what differs between the films."""

import os
import re
from collections.abc import Iterable, Sequence

from .image_names import ImageName

# Folders of fields, which no one repeats an experiment for.
_FIELDS = re.compile(r"(?:fields?|fov|pos|position|site|tile|scan|image|series|xy|s)-?\d*", re.IGNORECASE)
# Named in a line; the rest are counted.
_EXAMPLES = 3


def choose_wells(names: Sequence[ImageName]) -> tuple[list[str | None], list[str]]:
    """Choose the well of every film.

    Where names have several words that may be the well, such as P12 and B02, those that differ between films are
    taken, words of the file before words of folders. Nothing is taken where two are left that say different wells.

    Parameters
    ----------
    names : sequence of ImageName
        One file of every film.

    Returns
    -------
    wells : list of str or None
        As the names write them.
    lines : list of str
        What was chosen and what was left open, for the user to check.
    """
    found = [_candidates(name) for name in names]
    groups: dict[tuple[str, ...], list[int]] = {}
    for number, words in enumerate(found):
        groups.setdefault(tuple(place for place, _ in words), []).append(number)
    wells: list[str | None] = [None] * len(names)
    for places, members in groups.items():
        words = [[word for _, word in found[number]] for number in members]
        differing = [slot for slot, column in enumerate(zip(*words, strict=True)) if _several(column)]
        possible = differing or range(len(places))
        possible = [slot for slot in possible if places[slot] == "file"] or possible
        fields = {_field(names[number]) for number in members}
        for number, own in zip(members, words, strict=True):
            left = [own[slot] for slot in possible]
            # A plate has its wells in f, too; then what all names share is none.
            if left and not _several(left) and (differing or len(fields) < 2):
                wells[number] = left[0]
    return wells, _well_lines(names, found, wells)


def choose_replicates(names: Sequence[ImageName], wells: Sequence[str | None]) -> tuple[list[str | None], list[str]]:
    """Tell wells of one name in several folders from each other.

    Parameters
    ----------
    names : sequence of ImageName
        One file of every film.
    wells : sequence of str or None
        Their wells.

    Returns
    -------
    replicates : list of str or None
        Folder, where just one level of folders differs and is none of fields; None for all films where no well
        lies in several folders.
    lines : list of str
        What was chosen or left open, for the user to check.
    """
    replicates: list[str | None] = [None] * len(names)
    above = [_above(name, well) for name, well in zip(names, wells, strict=True)]
    known = [number for number, well in enumerate(wells) if well]
    folders: dict[str, set[tuple[str, ...]]] = {}
    for number in known:
        folders.setdefault(wells[number], set()).add(above[number])
    torn = {well: found for well, found in folders.items() if len(found) > 1}
    if not torn:
        return replicates, []
    if len({len(above[number]) for number in known}) == 1:
        columns = list(zip(*(above[number] for number in known), strict=True))
        differing = [column for column in columns if len(set(column)) > 1]
        if len(differing) == 1 and not any(_FIELDS.fullmatch(word) for word in differing[0]):
            for number, word in zip(known, differing[0], strict=True):
                replicates[number] = word
            return replicates, [
                f"Wells of one name lie in several folders, so replicate is the folder ({_some(differing[0])}). "
                "Correct it where these are times or fields of one well."
            ]
    well, found = next(iter(torn.items()))
    places = [os.path.join(*place) if place else "the folder itself" for place in sorted(found)]
    more = f", and so do {len(torn) - 1} more wells" if len(torn) > 1 else ""
    return replicates, [
        f"The well {well} lies in several folders ({_some(places)}){more}: fill in replicate where these are wells of "
        "their own."
    ]


def _candidates(name: ImageName) -> tuple[tuple[str, str], ...]:
    """Words that may be the well, of the surest form that the name has: well3, B02, f3."""
    for form in (r"well\d+", r"[A-P]\d+", r"f\d+"):
        found = tuple((place, word) for place, word in name.wells if re.fullmatch(form, word))
        if found:
            return found
    return ()


def _field(name: ImageName) -> tuple[str, ...]:
    """Words f1, f2 beside a word that looks like a well of a plate."""
    forms = {word[0] for _, word in name.wells}
    return () if "w" in forms else tuple(word for _, word in name.wells if word[0] == "f" and forms != {"f"})


def _several(words: Iterable[str]) -> bool:
    """Whether words say several wells; B2 and B02 are one."""
    return len({(word.rstrip("0123456789"), int(re.search(r"\d+$", word)[0])) for word in words}) > 1


def _well_lines(names: Sequence[ImageName], found: list, wells: list[str | None]) -> list[str]:
    words = [sorted({word for _, word in name.wells}) for name in names]
    files = [name.path for name in names]
    lines = []
    taken = [n for n, well in enumerate(wells) if well and _several(word for _, word in found[n])]
    if taken:
        n = taken[0]
        others = " and ".join(word for word in words[n] if _several([word, wells[n]]))
        lines.append(
            f"Please check the wells: {wells[n]} was taken, not {others}, in {files[n]}"
            + (f", and so on in {len(taken) - 1} more rows." if len(taken) > 1 else ".")
        )
    left = [n for n, well in enumerate(wells) if not well and words[n]]
    if left:
        n = left[0]
        more = f", and so on in {len(left) - 1} more rows" if len(left) > 1 else ""
        lines.append(f"{' or '.join(words[n])} may be the well in {files[n]}{more}: none was taken.")
    return lines


def _above(name: ImageName, well: str | None) -> tuple[str, ...]:
    """Folders above the one that names the well."""
    above = []
    for folder in name.folders:
        words = folder.split("-")
        if well in words:
            return (*above, *(["-".join(before)] if (before := words[: words.index(well)]) else []))
        above.append(folder)
    return tuple(above)


def _some(words: Iterable[str]) -> str:
    found = list(dict.fromkeys(words))
    return ", ".join(found[:_EXAMPLES] + ["..."] * (len(found) > _EXAMPLES))
