"""The paper's table of live and dead nuclei, its numbers beside ours."""

from collections.abc import Mapping, Sequence
from typing import Any

from .scores import OUTCOMES

#: Mean object F1 of the paper (Results, Tables 1 and 2). The cells of its tables are not in its main text.
PAPER_MACRO_F1 = {"HeLa": 0.967, "CHO": 0.949}


def paper_table(scores: Sequence[Mapping[str, Any]], cell_line: str, data: str) -> list[dict[str, Any]]:
    """
    Lay out the 2x2 table normalised per true state, class scores and mean F1.

    Parameters
    ----------
    scores : sequence of mapping
        Rows of `livedead.cells.scores.score_rows`.
    cell_line : str
        Cell line of the cohort; the paper has numbers for HeLa and CHO.
    data : str
        ``simulated``, ``real`` or ``mixed``: what our numbers were measured on.

    Returns
    -------
    list of dict
        entry, true_state, predicted_state, paper, ours, low, high, data; None where there is no number.
    """
    ours = {row["score"]: row for row in scores if row["subset"] == "all"}
    states = OUTCOMES[1:]
    names = [(f"{t}_as_{p}", t, p) for t in states for p in states]
    names += [(f"{kind}_{state}_matched", state, None) for kind in ("precision", "recall", "f1") for state in states]
    names.append(("macro_f1_matched", None, None))
    return [
        {
            "entry": name,
            "true_state": true,
            "predicted_state": predicted,
            "paper": PAPER_MACRO_F1.get(cell_line) if name == "macro_f1_matched" else None,
            "ours": ours[name]["value"],
            "low": ours[name]["low"],
            "high": ours[name]["high"],
            "data": data,
        }
        for name, true, predicted in names
    ]
