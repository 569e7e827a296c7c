"""Block diagram of an E-U-Net, drawn from the stages that its model card lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log2

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Patch

from ..desk.errors import DataError
from .files import Drawing
from .style import TRUTH_COLOUR, in_style, new_figure

COLUMNS = ("part", "layer", "channels", "stride", "blocks", "skip")
_COLOURS = {"input": "#EDEDED", "encoder": "#CFE3F1", "decoder": "#DCEBD3", "head": "#F2E2B6"}
_WIDTH, _HEIGHT, _STEP = 2.3, 0.6, 0.66


@in_style
def draw_architecture(card: Mapping) -> Drawing:
    """Draw the stages of a network as a U: encoder down on the left, decoder up on the right.

    Parameters
    ----------
    card : mapping
        Model card: ``encoder``, ``parameters``, ``classes``, and ``stages`` with ``part``, ``layer``, ``channels``,
        ``stride``, ``blocks``, ``skip``.

    Returns
    -------
    Drawing
        Source data: the stages.

    Raises
    ------
    DataError
        If the card lists no stages.

    Notes
    -----
    Fig. 2a and S3 of the paper.
    """
    stages = card.get("stages") or []
    if not stages:
        raise DataError(
            "model card: no stages of the network (wanted a list of them); train the network anew, so that its card "
            "lists them"
        )
    figure = new_figure(3.9)
    axes = figure.subplots()
    depth = log2(max(stage["stride"] for stage in stages))
    places = {stage["layer"]: _place(stage, depth) for stage in stages}
    for stage in stages:
        _draw_stage(axes, stage, places[stage["layer"]], card["classes"])
    for stage, following in zip(stages, stages[1:], strict=False):
        _draw_way(axes, places[stage["layer"]], places[following["layer"]])
        if following["skip"] is not None:
            _draw_skip(axes, places[following["skip"]], places[following["layer"]])
    across = [x for x, _ in places.values()]
    axes.set(xlim=(min(across) - 0.55 * _WIDTH, max(across) + 0.55 * _WIDTH), ylim=(-depth - 0.5, 0.5))
    axes.set_axis_off()
    axes.set_title(f"E-U-Net, encoder EfficientNet-{card['encoder']}: {card['parameters']:,} parameters")
    words = {
        "encoder": "encoder: number of inverted residual blocks",
        "decoder": "decoder: upsampling by 2, joined with the encoder, twice 3 × 3 convolution, normalisation, ReLU",
    }
    edge = {"edgecolor": TRUTH_COLOUR, "linewidth": 0.5}
    handles = [Patch(facecolor=_COLOURS[part], label=label, **edge) for part, label in words.items()]
    figure.legend(handles=handles, loc="outside lower left", ncols=1)
    return Drawing(figure, [{name: stage[name] for name in COLUMNS} for stage in stages], _caption(card), COLUMNS)


def _place(stage: Mapping, depth: float) -> tuple[float, float]:
    """Middle of a block: deeper stages lower and nearer to the axis of the U."""
    level = log2(stage["stride"])
    across = _WIDTH * 0.62 + (depth - level - 1) * _STEP + 0.5
    # The head stands beside the last stage of the decoder, the input above the encoder.
    side = {"input": -1, "encoder": -1, "decoder": 1, "head": 1}[stage["part"]]
    if level == depth:
        return 0.0, -level
    return side * across + (1.12 * _WIDTH if stage["part"] == "head" else 0.0), -level


def _draw_stage(axes: Axes, stage: Mapping, place: tuple[float, float], classes: Sequence[str]) -> None:
    x, y = place
    axes.add_patch(
        FancyBboxPatch(
            (x - _WIDTH / 2, y - _HEIGHT / 2),
            _WIDTH,
            _HEIGHT,
            boxstyle="round,pad=0,rounding_size=0.08",
            facecolor=_COLOURS[stage["part"]],
            edgecolor=TRUTH_COLOUR,
            linewidth=0.6,
            gid=f"stage-{stage['part']}",
        )
    )
    size = "full size" if stage["stride"] == 1 else f"1/{stage['stride']} size"
    below = {
        "input": "phase, three times",
        "encoder": f"{size}, {stage['blocks']} block{'s' * (stage['blocks'] != 1)}",
        "decoder": size,
        "head": ", ".join(classes),
    }[stage["part"]]
    above = {"input": "image", "head": "3 × 3 conv, softmax"}.get(stage["part"], f"{stage['channels']} channels")
    axes.text(x, y + 0.13, above, ha="center", va="center", fontsize=6.5, fontweight="bold")
    axes.text(x, y - 0.13, below, ha="center", va="center", fontsize=6)


def _draw_way(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    (x0, y0), (x1, y1) = start, end
    if y0 == y1:
        tail, tip = (x0 + _WIDTH / 2, y0), (x1 - _WIDTH / 2, y1)
    else:
        down = 1 if y1 < y0 else -1
        tail, tip = (0.5 * (x0 + x1), y0 - down * _HEIGHT / 2), (0.5 * (x0 + x1), y1 + down * _HEIGHT / 2)
    _arrow(axes, tail, tip, "-")


def _draw_skip(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    _arrow(axes, (start[0] + _WIDTH / 2, start[1]), (end[0] - _WIDTH / 2, end[1]), "--")


def _arrow(axes: Axes, tail: tuple[float, float], tip: tuple[float, float], line: str) -> None:
    look = {"arrowstyle": "-|>", "mutation_scale": 7, "shrinkA": 0, "shrinkB": 0}
    axes.add_patch(FancyArrowPatch(tail, tip, color=TRUTH_COLOUR, linewidth=0.9, linestyle=line, **look))


def _caption(card: Mapping) -> str:
    stages = card["stages"]
    skips = sum(stage["skip"] is not None for stage in stages)
    blocks = sum(stage["blocks"] or 0 for stage in stages)
    decoder = ", ".join(str(stage["channels"]) for stage in stages if stage["part"] == "decoder")
    return (
        f"EfficientNet-{card['encoder']} with {blocks} inverted residual blocks, decoder of {decoder} channels, "
        f"joins with the encoder (dashed): {skips}; {card['parameters']:,} parameters in all."
    )
