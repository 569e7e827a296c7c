"""The live fraction against time as a small drawing inside a page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from .style import LIVE_COLOUR

_WIDTH, _HEIGHT = 720, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 14, 12, 46
_DOTS = 120  # up to so many points each gets a dot


def curve_svg(rows: Sequence[Mapping]) -> str:
    """Draw live fractions with the band of their intervals.

    Parameters
    ----------
    rows : sequence of mapping
        t, time_h, live_fraction, low and high, in any order. Without time_h in every row the axis counts t.

    Returns
    -------
    str
        An ``svg`` element. Line and band break where a time point has no fraction; a tick stands there.
    """
    in_hours = all(row["time_h"] is not None for row in rows)
    name = "time_h" if in_hours else "t"
    rows = sorted(rows, key=lambda row: row[name])
    times = [row[name] for row in rows] or [0]
    first, last = min(times), max(times)
    last = last if last > first else first + 1

    def x(row: Mapping) -> float:
        return _LEFT + (row[name] - first) / (last - first) * (_WIDTH - _LEFT - _RIGHT)

    parts = [f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="live fraction against time">']
    for percent in (0, 25, 50, 75, 100):
        height = _y(percent / 100)
        parts.append(f'<path d="M{_LEFT} {height:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(_text(_LEFT - 8, height + 5, f"{percent} %", "end"))
    for tick in _ticks(first, last):
        place = x({name: tick})
        parts.append(f'<path d="M{place:.1f} {_y(0):.1f}v5" stroke="#222"/>')
        parts.append(_text(place, _y(0) + 20, f"{tick:g}", "middle"))
    parts.append(_text((_LEFT + _WIDTH) / 2, _HEIGHT - 6, "time [h]" if in_hours else "time point t", "middle"))
    dots = len(rows) <= _DOTS
    for run in _runs(rows):
        upper = [f"{x(row):.1f} {_y(row['high']):.1f}" for row in run]
        lower = [f"{x(row):.1f} {_y(row['low']):.1f}" for row in reversed(run)]
        line = [f"{x(row):.1f} {_y(row['live_fraction']):.1f}" for row in run]
        if len(run) == 1:
            # A band of one point has no width: its interval is a line.
            parts.append(f'<path d="M{upper[0]}L{lower[0]}" stroke="{LIVE_COLOUR}" stroke-opacity=".4"/>')
        else:
            parts.append(f'<path d="M{"L".join(upper + lower)}Z" fill="{LIVE_COLOUR}" fill-opacity=".2"/>')
            parts.append(f'<path d="M{"L".join(line)}" fill="none" stroke="{LIVE_COLOUR}" stroke-width="2"/>')
        if dots or len(run) == 1:
            parts += [
                f'<circle cx="{place.split()[0]}" cy="{place.split()[1]}" r="3" fill="{LIVE_COLOUR}"/>'
                for place in line
            ]
    parts += [
        f'<path d="M{x(row):.1f} {_y(0):.1f}v-8" stroke="#a63c00" stroke-width="2"/>'
        for row in rows
        if row["live_fraction"] is None
    ]
    return "".join([*parts, "</svg>"])


def _y(fraction: float) -> float:
    return _TOP + (1 - fraction) * (_HEIGHT - _TOP - _BOTTOM)


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="14" fill="#222" text-anchor="{anchor}">{words}</text>'


def _ticks(first: float, last: float) -> list[float]:
    """Round numbers, about six, between two times."""
    rough = (last - first) / 6
    scale = 10 ** math.floor(math.log10(rough))
    step = next(scale * factor for factor in (1, 2, 5, 10) if scale * factor >= rough * (1 - 1e-9))
    start = math.ceil(first / step - 1e-9)
    return [round(number * step, 10) for number in range(start, math.floor(last / step + 1e-9) + 1)]


def _runs(rows: Sequence[Mapping]) -> Iterator[list[Mapping]]:
    """Neighbours that all have a fraction."""
    run: list[Mapping] = []
    for row in rows:
        if row["live_fraction"] is not None:
            run.append(row)
        elif run:
            yield run
            run = []
    if run:
        yield run
