"""Nothing is lost: what goes into a stage comes out or is dropped with a reason, from the sheet to the scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .errors import CheckError
from .tallies import Place, Tally

COUNT_COLUMNS = (
    "stage", "cohort", "sequence", "unit", "n_in", "n_out", "n_dropped", "reasons", "counted_in", "counted_out",
)  # fmt: skip
#: Gaps that the error names; a fault of the code shows in every film.
_MOST_NAMED = 5


class Step(NamedTuple):
    """What one stage does to one kind of thing; both ends are counted in files of their own.

    Attributes
    ----------
    stage, unit : str
        Stage, and what is counted.
    came, left : tuple of str
        Kind of tally and name of the number that goes in, and that comes out.
    dropped : tuple of tuple of str
        Kinds and numbers of what is dropped; a name that ends with ``_`` stands for all that begin so.
    whole : bool
        Counted over all films of a cohort, not for each.
    """

    stage: str
    unit: str
    came: tuple[str, str]
    left: tuple[str, str]
    dropped: tuple[tuple[str, str], ...] = ()
    whole: bool = False


# fmt: off
STEPS = (
    Step("simulate", "frames", ("planned", "frames"), ("filmed", "frames")),
    Step("phase", "frames", ("filmed", "frames"), ("phase", "frames")),
    Step("phase", "judged frames", ("phase", "frames"), ("quality", "rows")),
    Step("labels", "frames", ("stained", "frames"), ("labels", "frames")),
    Step("labels", "nuclei", ("label_counts", "found"), ("label_nuclei", "rows"), (("label_counts", "dropped_"),)),
    Step("split", "films", ("sheet", "films"), ("predicted", "films"),
         (("splits", "train"), ("splits", "validation"), ("sheet", "without_network")), whole=True),
    Step("split", "frames", ("phase", "frames"), ("splits", "frames"), whole=True),
    Step("train", "frames", ("splits", "learned"), ("cards", "frames"), whole=True),
    Step("predict", "frames", ("phase", "frames"), ("predicted", "frames")),
    Step("predict", "nuclei", ("object_counts", "found"), ("nuclei", "rows"), (("object_counts", "dropped_"),)),
    Step("evaluate", "frames", ("labels", "frames"), ("predicted", "frames")),
    Step("evaluate", "nuclei", ("label_nuclei", "rows"), ("matches", "matched"), (("matches", "missed"),)),
    Step("evaluate", "scored nuclei", ("matches", "rows"), ("scores", "nuclei"), whole=True),
    Step("evaluate", "missed nuclei", ("matches", "missed"), ("scores", "missed"), whole=True),
    Step("evaluate", "spurious objects", ("spurious", "rows"), ("scores", "spurious"), whole=True),
    Step("track", "nuclei", ("nuclei", "rows"), ("tracks", "linked"), (("track_counts", "dropped_"),)),
    Step("track", "tracks", ("tracks", "tracks"), ("track_counts", "kept"),
         (("track_counts", "late"), ("track_counts", "not_kept_"))),
    Step("compare", "tracks", ("track_counts", "at_start"), ("arms", "kept"),
         (("arms", "lost_"), ("armless", "of_no_arm")), whole=True),
    Step("viability", "images", ("predicted", "frames"), ("wells", "images"), whole=True),
    Step("viability", "nuclei", ("nuclei", "rows"), ("wells", "counted"),
         (("wells", "shared"), ("wells", "excluded")), whole=True),
    Step("authors", "images", ("predicted", "frames"), ("images", "rows")),
    Step("authors", "nuclei", ("nuclei", "rows"), ("images", "nuclei")),
)
# fmt: on


def add_up(tallies: Mapping[str, Mapping[Place, Tally]]) -> list[dict[str, Any]]:
    """Set what went in beside what came out and what was dropped, for every step that this run took.

    Parameters
    ----------
    tallies : mapping
        For every kind, the tally of each place; kinds that a run has not are left out.

    Returns
    -------
    list of dict
        Rows of `COUNT_COLUMNS`, whether they add up or not: steps in the order of the run, cohorts and films in
        that of the sheet. `reasons` names what was dropped, `counted_in` and `counted_out` where it was counted.
    """
    return [row for step in STEPS for row in (_whole(step, tallies) if step.whole else _single(step, tallies))]


def _single(step: Step, tallies: Mapping[str, Mapping[Place, Tally]]) -> Iterator[dict[str, Any]]:
    """Compare the places that both ends know: a film that is not predicted ends with its phase."""
    came, left = (tallies.get(kind, {}) for kind, _ in (step.came, step.left))
    for place in came:
        if place in left:
            there = {kind: found[place] for kind, found in tallies.items() if place in found}
            yield _row(step, place, there)


def _whole(step: Step, tallies: Mapping[str, Mapping[Place, Tally]]) -> Iterator[dict[str, Any]]:
    """Compare the sums over cohorts that have come as far as one of the later ends."""
    named = {kind for kind, _ in (step.came, step.left, *step.dropped)}
    for cohort in dict.fromkeys(cohort for cohort, _ in tallies.get(step.came[0], {})):
        there = {kind: _sum(tallies[kind], cohort) for kind in named & tallies.keys()}
        there = {kind: tally for kind, tally in there.items() if tally}
        if there.keys() & {kind for kind, _ in (step.left, *step.dropped)}:
            yield _row(step, (cohort, None), there)


def _sum(found: Mapping[Place, Tally], cohort: str) -> Tally | None:
    own = [tally for place, tally in found.items() if place[0] == cohort]
    if not own:
        return None
    more = f" and {len(own) - 1} more" if len(own) > 1 and own[0].source != own[1].source else ""
    total = Counter()
    for tally in own:
        total.update(tally.numbers)
    return Tally(total, own[0].source + more)


def _row(step: Step, place: Place, there: Mapping[str, Tally]) -> dict[str, Any]:
    nothing = Tally(Counter(), "nothing")
    came, left = (there.get(kind, nothing) for kind, _ in (step.came, step.left))
    reasons = {}
    for kind, name in step.dropped:
        numbers = there.get(kind, nothing).numbers
        names = [n for n in numbers if n == name or (name.endswith("_") and n.startswith(name))]
        reasons |= {(n.removeprefix(name) or n): numbers[n] for n in names}
    reasons = {reason: number for reason, number in reasons.items() if number}
    counted = (came.numbers[step.came[1]], left.numbers[step.left[1]], sum(reasons.values()))
    told = "; ".join(f"{reason.replace('_', ' ')} {number}" for reason, number in reasons.items()) or None
    row = (step.stage, *place, step.unit, *counted, told, came.source, left.source)
    return dict(zip(COUNT_COLUMNS, row, strict=True))


def refuse_gaps(rows: Sequence[Mapping[str, Any]]) -> None:
    """Raise where more or less comes out of a stage than goes in.

    Parameters
    ----------
    rows : sequence of mapping
        Rows of `COUNT_COLUMNS`.

    Raises
    ------
    CheckError
        Naming stage, cohort, sequence, numbers and files of what does not add up.
    """
    gaps = [row for row in rows if row["n_in"] != row["n_out"] + row["n_dropped"]]
    if gaps:
        more = f"; and {len(gaps) - _MOST_NAMED} more" if len(gaps) > _MOST_NAMED else ""
        raise CheckError(
            f"{len(gaps)} of {len(rows)} counts do not add up (wanted in = out + dropped): "
            + "; ".join(map(_gap, gaps[:_MOST_NAMED]))
            + f"{more}. Remove the files that are named and run again"
        )


def _gap(row: Mapping[str, Any]) -> str:
    place = ", ".join(filter(None, (row["stage"], row["cohort"], row["sequence"])))
    dropped = f" + {row['n_dropped']} dropped ({row['reasons']})" if row["n_dropped"] else ""
    return (
        f"{place}: {row['n_in']} {row['unit']} in {row['counted_in']}, but {row['n_out']}{dropped} in "
        f"{row['counted_out']}"
    )
