"""Whole sequences for training, validation and test: two frames of one field never lie on two sides."""

import random
import re
from collections.abc import Iterable, Mapping

from .errors import SplitError
from .sheet import SIDES, SIMULATED, Sequence

# The time in a path: {t}, t{t:0-4}, or a number after a t that begins a word.
_TIME = re.compile(r"(?<![A-Za-z0-9])[tT]?\{t[^}]*\}|\{t[^}]*\}|(?<![A-Za-z0-9])[tT]\d+(?![A-Za-z0-9])")


def split_sequences(sequences: Iterable[Sequence], fractions: Mapping[str, float], seed: int) -> dict[str, str]:
    """Give every sequence a side: train, validation, test, or predict where nothing is known to learn from.

    A side written in the sheet stands. The other sequences with truth are drawn by `seed` so that each
    cohort comes as near to the fractions as whole numbers allow, with at least one sequence on every side,
    and so that every replicate is spread over the sides (paper, Methods: about 6:1:1). Rows of one field, whose
    paths differ in nothing but the time, go to one side: that of the row whose side is written down, or one draw.

    Parameters
    ----------
    sequences : iterable of Sequence
        Rows of one or more cohorts; each cohort is divided by itself.
    fractions : mapping
        Weights of ``train``, ``validation`` and ``test``, all above 0; any scale.
    seed : int
        Seed of the draw.

    Returns
    -------
    dict
        Side of each sequence by its name, in the order given.

    Raises
    ------
    SplitError
        A side of a cohort would stay empty.
    """
    sequences = list(sequences)
    sides: dict[str, str | None] = {s.sequence: s.split or (None if s.has_truth else "predict") for s in sequences}
    for cohort in dict.fromkeys(s.cohort for s in sequences):
        members = [s for s in sequences if s.cohort == cohort]
        first = _first_of_field(members, sides)
        drawn = [s for s in members if first[s.sequence] == s.sequence]
        sides |= _drawn(cohort, drawn, sides, fractions, seed)
        sides |= {s.sequence: sides[first[s.sequence]] for s in members if sides[s.sequence] is None}
        for side in SIDES:
            if not any(sides[s.sequence] == side for s in members):
                learnable = sum(s.has_truth for s in members)
                raise SplitError(
                    f"cohort {cohort}: no sequence on the side {side} (wanted at least one on each of "
                    f"{', '.join(SIDES)}; {learnable} of its {len(members)} sequences have truth, "
                    "rows of one field go together); add sequences or set their column split"
                )
    return sides


def unsplit_sides(sequences: Iterable[Sequence], network: str) -> dict[str, str]:
    """Give every sequence of a cohort its side when it trains no network of its own.

    Parameters
    ----------
    sequences : iterable of Sequence
        Rows of the cohort.
    network : str
        Cohort, or folder, whose network is used.

    Returns
    -------
    dict
        Side of each sequence by its name: test where the state of its nuclei is known, else predict. A side
        written in the sheet stands.

    Raises
    ------
    SplitError
        A sequence is meant for training or validation.
    """
    sides = {s.sequence: s.split or ("test" if s.has_truth else "predict") for s in sequences}
    learning = [name for name, side in sides.items() if side in ("train", "validation")]
    if learning:
        raise SplitError(
            f"{', '.join(learning)}: split = {sides[learning[0]]}, but the cohort uses the network of {network} and "
            "trains none (wanted test, predict or NA; or predict.network: own and model: null)"
        )
    return sides


def split_rows(
    sequences: Iterable[str], replicates: Iterable[str | None], sides: Iterable[str], frames: Iterable[int]
) -> list[dict]:
    """Put the split of a cohort into rows of a table.

    Parameters
    ----------
    sequences, replicates, sides : iterable of str
        Name, replicate and side of every sequence.
    frames : iterable of int
        Number of frames of every sequence.

    Returns
    -------
    list of dict
        One row per sequence: sequence, replicate, side, frames; ordered by side as training needs them.
    """
    keys = ("sequence", "replicate", "side", "frames")
    rows = [dict(zip(keys, values, strict=True)) for values in zip(sequences, replicates, sides, frames, strict=True)]
    order = (*SIDES, "predict")
    return sorted(rows, key=lambda row: (order.index(row["side"]), row["sequence"]))


def _first_of_field(members: list[Sequence], sides: Mapping[str, str | None]) -> dict[str, str]:
    """Name the row that stands for each row's field: the first with a side of its own to learn from, else the first."""
    fields: dict[str, list[str]] = {}
    for s in sorted(members, key=lambda s: (sides[s.sequence] not in SIDES, s.sequence)):
        path = s.phase if s.raw is None else s.raw
        # What is drawn from anew lies in no file, and what is only predicted stands for nobody.
        alone = path in (None, SIMULATED) or sides[s.sequence] == "predict"
        fields.setdefault(f"row {s.sequence}" if alone else _TIME.sub("", path), []).append(s.sequence)
    return {name: field[0] for field in fields.values() for name in field}


def _drawn(
    cohort: str,
    members: list[Sequence],
    sides: Mapping[str, str | None],
    fractions: Mapping[str, float],
    seed: int,
) -> dict[str, str]:
    free = [s for s in members if sides[s.sequence] is None]
    fixed = {side: sum(sides[s.sequence] == side for s in members) for side in SIDES}
    room = _room(len(free), fixed, fractions)
    drawn: dict[str, str] = {}
    taken = dict.fromkeys(SIDES, 0)
    for sequence in _by_replicate(free, f"{seed}/{cohort}"):
        share = (len(drawn) + 1) / len(free)
        # The side that is furthest behind its share: within every replicate the sides then alternate.
        side = max(
            (s for s in SIDES if taken[s] < room[s]),
            key=lambda s: (room[s] * share - taken[s], -SIDES.index(s)),
        )
        drawn[sequence.sequence] = side
        taken[side] += 1
    return drawn


def _room(free: int, fixed: Mapping[str, int], fractions: Mapping[str, float]) -> dict[str, int]:
    """Share out the free sequences so that, with the fixed ones, the sides come near to the fractions."""
    room = dict.fromkeys(SIDES, 0)
    for _ in range(free):
        empty = [s for s in SIDES if fixed[s] + room[s] == 0]
        # Small cohorts: a side without any sequence is served before a side that only lies behind.
        wanting = empty if len(empty) >= free - sum(room.values()) else SIDES
        side = min(wanting, key=lambda s: ((fixed[s] + room[s] + 0.5) / fractions[s], SIDES.index(s)))
        room[side] += 1
    return room


def _by_replicate(sequences: list[Sequence], seed: str) -> list[Sequence]:
    groups: dict[str, list[Sequence]] = {}
    for sequence in sequences:
        groups.setdefault(sequence.replicate or "", []).append(sequence)
    ordered = []
    for replicate in sorted(groups):
        group = sorted(groups[replicate], key=lambda s: s.sequence)
        random.Random(f"{seed}/{replicate}").shuffle(group)
        ordered += group
    return ordered
