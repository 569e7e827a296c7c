"""A curve of a fixed number of points, however many come."""

from __future__ import annotations

from typing import Generic, TypeVar

Point = TypeVar("Point")


class Thinned(Generic[Point]):
    """Keeps every point at first, then every second, every fourth, and always the last.

    Parameters
    ----------
    most : int
        Points kept at most, besides the last.
    """

    def __init__(self, most: int):
        self._most, self._kept, self._last = most, [], None
        #: One of so many points is kept.
        self.step = 1
        #: Points that came.
        self.count = 0

    def add(self, point: Point) -> None:
        """Take a point in."""
        if self.count % self.step == 0:
            if len(self._kept) == self._most:
                self._kept = self._kept[::2]
                self.step *= 2
            if self.count % self.step == 0:
                self._kept.append(point)
        self._last = point
        self.count += 1

    def points(self) -> list[Point]:
        """Points that are kept, in the order in which they came."""
        shown = list(self._kept)
        if self.count and (self.count - 1) % self.step:
            shown.append(self._last)
        return shown
