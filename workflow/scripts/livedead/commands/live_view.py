"""What a running experiment shows: a line per time point, the page and the last picture."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from ..desk.files import whole_file
from ..desk.thinned import Thinned
from ..paper.htmlpage import percent, percent_range
from ..paper.livepage import LiveState, live_page, picture_png

PAGE, PICTURE = "live.html", "live.png"
_POINTS, _ROWS = 400, 12


class LiveView:
    """Page and picture in a folder; what it holds does not grow with the number of time points.

    Parameters
    ----------
    folder : path
        Where to write.
    title : str
        Head of the page.
    confidence : float
        Coverage of the intervals, 0..1.
    refresh_s : float
        Time between two versions of the page, at least.
    draw : callable
        Turns what was last shown into channels, see `livedead.cells.live_counts.draw_time_point`. It is called only
        for pictures that are written.
    """

    def __init__(self, folder: Path, *, title: str, confidence: float, refresh_s: float, draw: Callable[[Any], Any]):
        self._folder, self._title, self._confidence, self._refresh_s = folder, title, confidence, refresh_s
        self._draw = draw
        self._curve, self._last = Thinned(_POINTS), deque(maxlen=_ROWS)
        self._skipped = 0
        self._seen: Any = None
        self._pictured = ""
        self._written_s: float | None = None
        self._news = True

    @property
    def count(self) -> int:
        """Time points it was told of."""
        return self._curve.count

    @property
    def skipped(self) -> int:
        """Those among them that have a reason in place of counts."""
        return self._skipped

    def add(self, row: Mapping, seen: Any = None) -> None:
        """Take a time point in.

        Parameters
        ----------
        row : mapping
            Row of the table.
        seen : object, optional
            What to draw.
        """
        self._curve.add(row)
        self._last.append(row)
        self._skipped += bool(row["reason"])
        self._news = True
        if seen is not None:
            self._seen, self._pictured = seen, f"Time point {row['t']}"

    def write(self, now: float, waiting: int, ended: bool = False) -> None:
        """Write page and picture, if there is something new and the last version is old enough, or it is the end.

        Parameters
        ----------
        now : float
            Time in s, of a clock that never goes back.
        waiting : int
            Time points whose files are not whole.
        ended : bool
            Whether this is the last version.
        """
        fresh = self._written_s is not None and now - self._written_s < self._refresh_s
        if not ended and (fresh or not self._news):
            return
        picture = self._folder / PICTURE
        if self._seen is not None:
            with whole_file(picture) as partial:
                partial.write_bytes(picture_png(self._draw(self._seen)))
            self._seen = None
        state = LiveState(
            title=self._title,
            written=f"{datetime.now():%Y-%m-%d %H:%M:%S}",
            counted=self.count - self._skipped,
            skipped=self._skipped,
            waiting=waiting,
            ended=ended,
            refresh_s=self._refresh_s,
            confidence=self._confidence,
            picture=PICTURE if self._pictured or picture.exists() else None,
            pictured=self._pictured or "Last time point before the start",
            step=self._curve.step,
        )
        with whole_file(self._folder / PAGE) as partial:
            partial.write_text(live_page(state, self._curve.points(), list(self._last)), encoding="utf-8")
        self._written_s, self._news = now, False


def terminal_line(row: Mapping) -> str:
    """Say one row in one line.

    Parameters
    ----------
    row : mapping
        Row of `livedead.cells.live_counts.LIVE_COLUMNS`.

    Returns
    -------
    str
    """
    when = f"t {row['t']}" + ("" if row["time_h"] is None else f"  {row['time_h']:.4g} h")
    if row["reason"]:
        return f"{when}  skipped: {row['reason']}"
    spent = "  ".join(f"{name} {row[f'{name}_ms']:.0f} ms" for name in ("retrieval", "prediction"))
    warned = f"  {row['warnings']}" if row["warnings"] else ""
    return (
        f"{when}  live {row['n_live']}  dead {row['n_dead']}  {percent(row['live_fraction'])} "
        f"({percent_range(row['low'], row['high'])})  {spent}{warned}"
    )
