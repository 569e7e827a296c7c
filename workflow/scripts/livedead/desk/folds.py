"""Fields held out one after the other, where there are too few for a split of their own."""

from collections import Counter
from collections.abc import Iterable

from .errors import SplitError
from .sheet import Sequence


def leave_out(sequences: Iterable[Sequence], field: str) -> dict[str, str]:
    """Give every labelled image of a cohort a side, with one field held out for the test.

    All other images train, but for the last one of the field that has most of them: it shows a field that is trained
    on, so it serves to choose the epoch and for no score.

    Parameters
    ----------
    sequences : iterable of Sequence
        Rows of the cohort; those without truth are left out. The column `replicate` names the field.
    field : str
        Field held out.

    Returns
    -------
    dict
        Side (train, validation, test) by the name of the sequence.

    Raises
    ------
    SplitError
        If there is no such field, or too little is left to train on.
    """
    known = [row for row in sequences if row.has_truth]
    fields = Counter(row.replicate for row in known)
    if field not in fields:
        raise SplitError(f"config: authors.held_out = {field} (wanted fields of the labelled cohort: {_list(fields)})")
    others = Counter({name: count for name, count in fields.items() if name != field})
    if sum(others.values()) < 2:
        raise SplitError(
            f"config: authors.held_out = {field} (it leaves {sum(others.values())} images; wanted at least two, one to "
            "train and one to choose the epoch)"
        )
    largest = others.most_common(1)[0][0]
    chooses = [row.sequence for row in known if row.replicate == largest][-1]
    sides = {row.sequence: "test" if row.replicate == field else "train" for row in known}
    return sides | {chooses: "validation"}


def _list(fields: Iterable[str | None]) -> str:
    return ", ".join(sorted(str(name) for name in fields))
