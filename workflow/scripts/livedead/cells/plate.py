"""Fields of a plate: which of them stand for one well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ..desk.errors import DataError
from .mosaic import tile_place

NO_WELL = "no well in the sheet: this field stands by itself"


class Group(NamedTuple):
    """
    Fields that are counted together.

    Attributes
    ----------
    group : str
        Name: the well, with the replicate before it where a cohort has several; the sequence where it has no well.
    replicate, well : str or None
        As in the sheet.
    condition : str
        As in the sheet.
    note : str or None
        Why a field stands by itself.
    """

    group: str
    replicate: str | None
    well: str | None
    condition: str
    note: str | None


def groups_of(fields: Sequence[Mapping[str, Any]]) -> dict[str, Group]:
    """
    Say for every field which well it belongs to.

    Parameters
    ----------
    fields : sequence of mapping
        sequence, replicate, well, condition and tile of every field of a cohort.

    Returns
    -------
    dict
        Sequence -> its group. A field without well is a group of its own.
    """
    several = len({field["replicate"] for field in fields}) > 1
    found = {}
    for field in fields:
        name, replicate, well = field["sequence"], field["replicate"], field["well"]
        if well is None:
            group = Group(name, replicate, None, field["condition"], NO_WELL)
        else:
            label = f"{replicate} {well}" if several and replicate else well
            group = Group(label, replicate, well, field["condition"], None)
        found[name] = group
    return found


def tiles_filmed(
    fields: Iterable[Mapping[str, Any]], groups: Mapping[str, Group], frames: Iterable[Mapping[str, Any]]
) -> dict[tuple[Group, float], set[tuple[int, int]]]:
    """
    List which tiles of a mosaic were filmed at a time.

    Parameters
    ----------
    fields : iterable of mapping
        sequence and tile of every field; those without tile or without well are in no mosaic.
    groups : mapping
        Sequence -> group, see `groups_of`.
    frames : iterable of mapping
        sequence and time_h of every frame that counts.

    Returns
    -------
    dict
        Group and time (see `time_key`) -> columns and rows of its tiles.

    Raises
    ------
    DataError
        If two fields of a well have the same tile at the same time. A film that goes on in another row after a gap
        has it at another.
    """
    places = {field["sequence"]: tile_place(field["tile"]) for field in fields if field["tile"] is not None}
    filmed: dict[tuple[Group, float], dict[tuple[int, int], str]] = {}
    for frame in frames:
        name = frame["sequence"]
        if name in places:
            group, place = groups[name], places[name]
            earlier = filmed.setdefault((group, time_key(frame["time_h"])), {}).setdefault(place, name)
            if earlier != name:
                raise DataError(
                    f"{earlier} and {name} are both tile c{place[0]}r{place[1]} of the well {group.group} at "
                    f"{frame['time_h']:g} h (wanted one field for each place); correct tile, well or start_h in the "
                    "sheet"
                )
    return {key: set(found) for key, found in filmed.items()}


def time_key(time_h: float) -> float:
    """Round a time to a thousandth of an hour, so that fields of one round of the microscope meet."""
    return round(time_h, 3)
