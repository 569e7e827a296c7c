"""How long every simulated film is."""

from collections.abc import Iterable, Mapping

from .errors import SettingsError
from .settings import settings_for
from .sheet import SIMULATED, Sequence


def film_frames(config: Mapping, sequences: Iterable[Sequence]) -> dict[str, int]:
    """Give the number of frames of every simulated film.

    Films of a cohort have `simulate.frames` each, but for those that `simulate.frames_of` names: with them the
    numbers of images on the sides of the split can be any, and a film stays whole on one side.

    Parameters
    ----------
    config : mapping
        All settings.
    sequences : iterable of Sequence
        Rows of the sheet.

    Returns
    -------
    dict
        Frames by sequence, in the order of the sheet; real films are left out.

    Raises
    ------
    SettingsError
        With every name in `simulate.frames_of` that is no simulated film of its cohort.
    """
    films = [row for row in sequences if row.raw == SIMULATED]
    found, errors = {}, []
    for row in films:
        simulate = settings_for(config, "simulate", row.cohort, condition=row.condition, confluence=row.confluence)
        found[row.sequence] = simulate["frames_of"].get(row.sequence, simulate["frames"])
    for cohort in dict.fromkeys(row.cohort for row in films):
        names = [row.sequence for row in films if row.cohort == cohort]
        own = config.get("cohorts", {}).get(cohort, {}).get("simulate", {}).get("frames_of", {})
        errors += [
            f"config: cohorts.{cohort}.simulate.frames_of.{name} (no simulated film of {cohort}; wanted one of "
            f"{', '.join(names[:5])}{', ...' if len(names) > 5 else ''})"
            for name in own
            if name not in names
        ]
    if errors:
        raise SettingsError("\n".join(errors))
    return found
