"""Everything a user writes, checked together before any job runs: settings, sheet, and what follows from both."""

import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .errors import LiveDeadError
from .films import film_frames
from .networks import networks_of
from .settings import check_cohorts, check_settings, settings_for
from .sheet import Sequence, read_sheet
from .split import split_sequences, unsplit_sides
from .starts import starts_of


class Inputs(NamedTuple):
    """What the rules need to know.

    Attributes
    ----------
    sequences : dict of Sequence
        Rows of the sheet by name.
    cohorts : list of str
        In the order of the sheet.
    networks : dict of str
        For every cohort that a network sees, the cohort that trains it; with `model` that folder.
    starts : dict of str
        For every cohort whose training starts from the network of another one, that cohort.
    sides : dict of dict
        For the cohorts of `networks`, the side of each of its sequences.
    frames : dict of int
        For every simulated film its number of frames.
    """

    sequences: dict[str, Sequence]
    cohorts: list[str]
    networks: dict[str, str]
    starts: dict[str, str]
    sides: dict[str, dict[str, str]]
    frames: dict[str, int]


def read_inputs(
    config: Mapping, schema: Mapping | str | os.PathLike, files: Iterable[str | os.PathLike] = ()
) -> Inputs:
    """Check the settings, read the sheet and divide the sequences.

    Parameters
    ----------
    config : mapping
        All settings, as Snakemake merged them.
    schema, files
        As of `livedead.desk.settings.check_settings`.

    Returns
    -------
    Inputs

    Raises
    ------
    LiveDeadError
        With every mistake of settings and sheet, one per line.
    """
    files, mistakes, rows = list(files), [], []
    try:
        check_settings(config, schema, files)
    except LiveDeadError as error:
        mistakes.append(str(error))
    # The sheet can be read although other settings are wrong.
    places = [config.get("sheet"), config.get("data_folder")]
    if all(isinstance(place, str) and place for place in places):
        try:
            rows = read_sheet(*places)
        except LiveDeadError as error:
            mistakes.append(str(error))
    if mistakes:
        raise LiveDeadError("\n".join(mistakes))
    sequences = {row.sequence: row for row in rows}
    cohorts = list(dict.fromkeys(row.cohort for row in rows))
    check_cohorts(config, cohorts, files)
    networks = networks_of(config, rows)
    trained = [] if config["model"] else [cohort for cohort, network in networks.items() if network == cohort]
    starts, frames, sides = starts_of(config, rows, trained), film_frames(config, rows), {}
    for cohort, network in networks.items():
        members = [row for row in rows if row.cohort == cohort]
        if cohort in trained:
            sides[cohort] = split_sequences(members, settings_for(config, "split", cohort), config["seed"])
        else:
            sides[cohort] = unsplit_sides(members, network)
    return Inputs(sequences, cohorts, networks, starts, sides, frames)
