"""Which trainings start from the network of another cohort."""

from collections.abc import Iterable, Mapping

from .errors import SettingsError
from .phase_pixels import listed_pixels, phase_pixels_um, same_pixels
from .settings import settings_for
from .sheet import Sequence

NONE = "none"


def starts_of(config: Mapping, sequences: Iterable[Sequence], trained: Iterable[str]) -> dict[str, str]:
    """Find the cohort whose network each training starts from.

    Parameters
    ----------
    config : mapping
        All settings; `train.start_from` is ``none`` or the name of another cohort.
    sequences : iterable of Sequence
        Rows of the sheet.
    trained : iterable of str
        Cohorts that train a network of their own.

    Returns
    -------
    dict
        Cohort -> cohort that is trained before it, without the cohorts that start from random weights.

    Raises
    ------
    SettingsError
        With every cohort that starts from a network which nobody trains, from itself over others, or from one of
        another encoder or of other pixels of the phase.
    """
    trained, sequences = list(trained), list(sequences)
    train = {cohort: settings_for(config, "train", cohort) for cohort in trained}
    starts = {cohort: train[cohort]["start_from"] for cohort in trained if train[cohort]["start_from"] != NONE}
    pixels = {cohort: phase_pixels_um(config, sequences, cohort) for cohort in trained}
    errors = []
    for cohort, start in starts.items():
        place = f"config: cohorts.{cohort}.train.start_from = {start}"
        if start not in trained or start == cohort:
            others = ", ".join(name for name in trained if name != cohort)
            errors.append(f"{place} (wanted none, or another cohort of the sheet that trains a network: {others})")
            continue
        if cohort in (round_trip := _before(start, starts)):
            errors.append(
                f"{place} (each waits for the other: {', '.join(round_trip)}; wanted one that is trained first)"
            )
        if train[cohort]["encoder"] != train[start]["encoder"]:
            errors.append(
                f"{place} (its encoder is {train[start]['encoder']}, here it is {train[cohort]['encoder']}; wanted the "
                "same)"
            )
        if not same_pixels(pixels[cohort], pixels[start]):
            learned, here = listed_pixels(pixels[start]), listed_pixels(pixels[cohort])
            errors.append(
                f"{place} (it learned phase with pixels of {learned} um, that of {cohort} has {here} um; wanted the "
                "same)"
            )
    if errors:
        raise SettingsError("\n".join(errors))
    return starts


def learned_cells(
    cohort: str, starts: Mapping[str, str], sides: Mapping[str, Mapping[str, str]], sequences: Mapping[str, Sequence]
) -> str:
    """Say what kind of cells a cohort's network has learned, with what the networks it started from had learned.

    Parameters
    ----------
    cohort : str
        Cohort that trained the network.
    starts : mapping of str to str
        As of `starts_of`.
    sides : mapping
        Side of every sequence, cohort by cohort.
    sequences : mapping of str to Sequence
        Rows of the sheet by name.

    Returns
    -------
    str
        simulated, real or mixed.
    """
    learned = [cohort]
    while learned[-1] in starts:
        learned.append(starts[learned[-1]])
    kinds = {
        sequences[name].cells for one in learned for name, side in sides[one].items() if side in ("train", "validation")
    }
    return kinds.pop() if len(kinds) == 1 else "mixed"


def _before(start: str, starts: Mapping[str, str]) -> list[str]:
    """List a network and those that it starts from, up to the first that comes twice."""
    found: list[str] = []
    while start is not None and start not in found:
        found.append(start)
        start = starts.get(start)
    return found
