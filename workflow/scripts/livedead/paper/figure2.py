"""Fig. 2d: loss of training and validation against epoch."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from matplotlib.ticker import LogLocator, MaxNLocator

from ..desk.errors import DataError
from .files import Drawing
from .pages import SOURCES
from .style import LIVE_COLOUR, MARK_COLOUR, TRUTH_COLOUR, in_style, mark_source, new_figure

_LABELS = {"train": "training", "validation": "validation"}


def loss_words(focal_weight: float, dice_weight: float, focal_gamma: float, variant: str) -> str:
    """Say in words which loss was minimised.

    Parameters
    ----------
    focal_weight, dice_weight : float
        Weights of the two terms (alpha and beta of the paper).
    focal_gamma : float
        Exponent of the focal term.
    variant : str
        Which form of the terms.

    Returns
    -------
    str

    Examples
    --------
    >>> loss_words(1, 0, 2, "paper")
    'focal'
    >>> loss_words(1, 0.5, 2, "authors_code")
    "focal + 0.5 Dice (the authors' code)"
    """
    words = f"focal (gamma {focal_gamma:g})" if focal_gamma != 2 else "focal"
    terms = {words: focal_weight, "Dice": dice_weight}
    told = [name if weight == 1 else f"{weight:g} {name}" for name, weight in terms.items() if weight]
    return " + ".join(told) + ("" if variant == "paper" else " (the authors' code)")


@in_style
def draw_figure2(history: Sequence[Mapping], *, encoder: str, loss: str, cells: str) -> Drawing:
    """Draw both losses on a logarithmic scale and mark the epoch whose weights were kept.

    Parameters
    ----------
    history : sequence of mappings
        One per epoch: ``epoch``, ``train_loss``, ``validation_loss``.
    encoder : str
        B0 to B7.
    loss : str
        What the loss is, for the axis; see `loss_words`.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.

    Returns
    -------
    Drawing
        Source data: one row per epoch, ``kept`` true for the best.

    Raises
    ------
    DataError
        If no epoch has a finite validation loss.

    Notes
    -----
    Fig. 2d of the paper: the weights with the lowest validation loss are kept.
    """
    finished = [epoch for epoch in history if _finite(epoch["validation_loss"])]
    if not finished:
        raise DataError("history: no epoch with a finite validation loss (wanted one); lower train.learning_rate")
    best = min(finished, key=lambda epoch: epoch["validation_loss"])
    epochs = [epoch["epoch"] for epoch in history]
    figure = new_figure(2.8, 4.4)
    axes = figure.subplots()
    for name, colour, dash in (("train", TRUTH_COLOUR, "--"), ("validation", LIVE_COLOUR, "-")):
        losses = [epoch[f"{name}_loss"] for epoch in history]
        losses = [loss if _finite(loss) else math.nan for loss in losses]
        axes.plot(epochs, losses, linestyle=dash, marker="o", color=colour, label=_LABELS[name])
    axes.axvline(best["epoch"], color=MARK_COLOUR, linewidth=0.8, linestyle=":", zorder=0)
    axes.plot(
        best["epoch"],
        best["validation_loss"],
        marker="*",
        markersize=9,
        linestyle="none",
        color=MARK_COLOUR,
        label=f"kept: epoch {best['epoch']}, {best['validation_loss']:.3g}",
    )
    axes.set(yscale="log", xlabel="epoch", ylabel=f"loss, {loss}", title=f"E-U-Net, encoder {encoder}")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter("{x:g}")
    shown = [loss for row in finished for loss in (row["train_loss"], row["validation_loss"]) if _finite(loss)]
    # Within one decade every minor tick has room for its number; beyond, 2 and 5 do.
    axes.yaxis.set_minor_locator(LogLocator(subs=range(2, 10) if max(shown) < 10 * min(shown) else (2, 5)))
    axes.grid(which="both", axis="y")
    axes.legend()
    mark_source(figure, cells)
    rows = [
        {name: epoch[name] for name in ("epoch", "train_loss", "validation_loss")} | {"kept": epoch is best}
        for epoch in history
    ]
    caption = (
        f"Encoder {encoder}, {len(history)} epochs, {SOURCES[cells]}. Lowest validation loss "
        f"{best['validation_loss']:.4g} in epoch {best['epoch']}, where the training loss is "
        f"{best['train_loss']:.4g}."
    )
    return Drawing(figure, rows, caption)


def _finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)
