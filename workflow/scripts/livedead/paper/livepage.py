"""The page of a running experiment: the curve so far, the last image and the last rows; no script, no network."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.image import imsave

from .htmlpage import html_document, html_table, percent, percent_range
from .livecurve import curve_svg
from .style import DEAD_COLOUR, LIVE_COLOUR, MARK_COLOUR

#: Colours of outlines in the picture, in the order of the channels of `livedead.cells.overlay.CHANNELS`.
OUTLINES = {"live": LIVE_COLOUR, "dead": DEAD_COLOUR, "uncertain": MARK_COLOUR}
_LARGEST_PX = 1024
_COLUMNS = ("t", "time [h]", "live", "dead", "uncertain", "live fraction", "interval", "ms per time point", "note")

_STYLE = """\
body { font: 15px/1.45 system-ui, "DejaVu Sans", sans-serif; color: #222; max-width: 78em; margin: 1.2em auto;
  padding: 0 1em; }
h1 { font-size: 1.3em; margin: 0; }
.state { color: #555; margin: .1em 0 1em; }
.now { display: flex; flex-wrap: wrap; gap: .3em 2.2em; align-items: baseline; margin: 0 0 .6em; }
.now b { font-size: 2.4em; font-weight: 600; line-height: 1.1; }
.both { display: flex; flex-wrap: wrap; gap: 1.5em; align-items: flex-start; }
.both > * { flex: 1 1 24em; min-width: 0; }
svg, img { width: 100%; height: auto; display: block; }
img { border: 1px solid #ccc; max-height: 34em; object-fit: contain; background: #000; }
figure { margin: 0; }
figcaption { color: #555; font-size: .9em; margin: .35em 0 0; }
.key::before { content: ""; display: inline-block; width: .8em; height: .8em; margin-right: .3em;
  background: var(--colour); }
h2 { font-size: 1.05em; margin: 1.2em 0 .3em; }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2em 1.1em .2em 0; text-align: right; white-space: nowrap; }
th { border-bottom: 1px solid #222; font-weight: 600; }
td.words, th.words { text-align: left; white-space: normal; min-width: 12em; }
tr.marked td { color: #a63c00; }
.warn { color: #a63c00; }"""


@dataclass(frozen=True)
class LiveState:
    """What the page shows besides the rows.

    Attributes
    ----------
    title : str
        What is watched.
    written : str
        Time of day at which the page is written.
    counted, skipped, waiting : int
        Time points with a row of counts, with a reason instead, and those whose files are not whole.
    ended : bool
        Whether nothing more will come.
    refresh_s : float
        Time after which the browser looks again.
    confidence : float
        Coverage of the intervals, 0..1.
    picture : str or None
        Name of the picture beside the page.
    pictured : str
        What the picture shows.
    step : int
        One of so many time points is in the curve.
    """

    title: str
    written: str
    counted: int
    skipped: int
    waiting: int
    ended: bool
    refresh_s: float
    confidence: float
    picture: str | None = None
    pictured: str = ""
    step: int = 1


def live_page(state: LiveState, curve: Sequence[Mapping], last: Sequence[Mapping]) -> str:
    """Write the page.

    Parameters
    ----------
    state : LiveState
        See there.
    curve : sequence of mapping
        Rows of `livedead.cells.live_counts.LIVE_COLUMNS` to draw, in any order.
    last : sequence of mapping
        The rows that came last, the newest at the end.

    Returns
    -------
    str
        A whole HTML document that asks the browser to read it again, until the experiment has ended.
    """
    known = [row for row in last if row["live_fraction"] is not None]
    body = [f'<p class="state">{_state_line(state)}</p>']
    if any(row["origin"] == "simulated" for row in last):
        body.append('<p class="warn">Simulated cells.</p>')
    if known:
        # One that came late is not the newest.
        body.append(_now(max(known, key=lambda row: row["t"]), state.confidence))
    seen = f"; every {state.step}th time point is drawn" if state.step > 1 else ""
    band = f"Band: Wilson's {100 * state.confidence:g} % interval, nuclei taken as independent{seen}."
    marks = " Ticks at the bottom: no count." if any(row["live_fraction"] is None for row in curve) else ""
    figures = [f"<figure>{curve_svg(curve)}<figcaption>{escape(band + marks)}</figcaption></figure>"]
    if state.picture:
        keys = " ".join(f'<span class="key" style="--colour:{c}">{escape(n)}</span>' for n, c in OUTLINES.items())
        # The time in the address keeps the browser from showing an older picture of the same name.
        address = f"{state.picture}?{state.written}".replace(" ", "-").replace(":", "")
        figures.append(
            f'<figure><img src="{escape(address, quote=True)}" alt="phase with outlines of nuclei">'
            f"<figcaption>{escape(state.pictured)}; outlines: {keys}</figcaption></figure>"
        )
    body.append(f'<div class="both">{"".join(figures)}</div>')
    rows = [_cells(row) for row in reversed(last)]
    table = html_table(_COLUMNS, rows, marked=[number for number, row in enumerate(reversed(last)) if row["reason"]])
    body += ["<h2>Last time points</h2>", f'<div class="table">{table}</div>']
    # A page of an experiment that has ended need not be read again.
    refresh = "" if state.ended else f'<meta http-equiv="refresh" content="{max(1, round(state.refresh_s))}">'
    return html_document(state.title, _STYLE, "\n".join(body), head=refresh)


def picture_png(drawn: np.ndarray) -> bytes:
    """Put the channels of an overlay into one colour picture.

    Parameters
    ----------
    drawn : numpy.ndarray
        (4, Y, X) uint8 with the channels of `livedead.cells.overlay.CHANNELS`; bright where an outline is.

    Returns
    -------
    bytes
        PNG; of a larger image every second, third, ... pixel, and outlines that stay whole.
    """
    step = -(-max(drawn.shape[1:]) // _LARGEST_PX)
    height, width = (side // step * step for side in drawn.shape[1:])
    blocks = drawn[:, :height, :width].reshape(len(drawn), height // step, step, width // step, step)
    picture = np.repeat(blocks[0].mean((1, 3))[..., None], 3, axis=2) / 255
    for channel, colour in zip(blocks[1:], OUTLINES.values(), strict=True):
        picture[channel.max((1, 3)) == 255] = to_rgb(colour)
    buffer = io.BytesIO()
    imsave(buffer, picture, format="png")
    return buffer.getvalue()


def _state_line(state: LiveState) -> str:
    what = "Ended" if state.ended else "Running"
    parts = [f"{what}; written at {state.written}; {state.counted} time points counted"]
    parts += [f"{state.waiting} waiting for their files"] * bool(state.waiting and not state.ended)
    line = escape(", ".join(parts))
    return line + f', <span class="warn">{state.skipped} skipped</span>' * bool(state.skipped)


def _now(row: Mapping, confidence: float) -> str:
    when = f"t {row['t']}" + ("" if row["time_h"] is None else f", {row['time_h']:.4g} h")
    numbers = f"{row['n_live']} live, {row['n_dead']} dead, {row['n_uncertain']} uncertain"
    interval = f"{percent_range(row['low'], row['high'])} ({100 * confidence:g} % interval)"
    warned = f'<span class="warn">{escape(row["warnings"])}</span>' if row["warnings"] else ""
    return (
        f'<p class="now"><b>{percent(row["live_fraction"])} live</b><span>{escape(interval)}</span>'
        f"<span>{escape(numbers)}</span><span>{escape(when)}</span>{warned}</p>"
    )


def _cells(row: Mapping) -> tuple[str, ...]:
    spent = [row[name] for name in ("reading_ms", "retrieval_ms", "prediction_ms", "counting_ms")]
    return (
        str(row["t"]),
        "NA" if row["time_h"] is None else f"{row['time_h']:.4g}",
        *("NA" if row[name] is None else str(row[name]) for name in ("n_live", "n_dead", "n_uncertain")),
        percent(row["live_fraction"]),
        percent_range(row["low"], row["high"]),
        "NA" if None in spent else f"{sum(spent):.0f}",
        row["reason"] or (row["warnings"] or "").replace(";", ", "),
    )
