"""Which time points of a watched folder are whole: files that still grow are waited for, broken sets given up."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from .series import name_numbers, numbers_text

# Time points observed at once: what waits behind them costs no memory, and no look at its files.
MOST_OBSERVED = 64
# What a look at a file gives: its size and the time of its last change, or None where it is gone.
Stamp = tuple[int, int] | None


class Numbers:
    """A set of whole numbers that is small in memory as long as they follow one another."""

    def __init__(self):
        self._starts: list[int] = []
        self._ends: list[int] = []

    def __contains__(self, number: int) -> bool:
        place = bisect_right(self._starts, number)
        return place > 0 and number < self._ends[place - 1]

    def add(self, number: int) -> None:
        """Take a number in; one that is there already changes nothing."""
        if number in self:
            return
        place = bisect_right(self._starts, number)
        joins_left = place > 0 and self._ends[place - 1] == number
        joins_right = place < len(self._starts) and self._starts[place] == number + 1
        if joins_left and joins_right:
            self._ends[place - 1] = self._ends.pop(place)
            del self._starts[place]
        elif joins_left:
            self._ends[place - 1] += 1
        elif joins_right:
            self._starts[place] = number
        else:
            self._starts.insert(place, number)
            self._ends.insert(place, number + 1)

    @property
    def runs(self) -> int:
        """Number of runs without a gap: what the set costs."""
        return len(self._starts)


@dataclass(frozen=True)
class Decision:
    """What is to be done with a time point.

    Attributes
    ----------
    t : int
        Time index.
    names : tuple of str
        Its files in the order of the frames.
    reason : str or None
        None: read it. Else why it is given up.
    """

    t: int
    names: tuple[str, ...]
    reason: str | None = None


@dataclass
class _Observed:
    """Files of a time point as they were when they last changed."""

    files: list[tuple[int, str, Stamp]]
    since: float
    again: float = 0.0
    tries: int = field(default=0)


class LiveSets:
    """Decides from repeated looks at a folder which time points can be read.

    A set is whole when all its files are there and none has changed for a settle time. Every time point is decided
    once: what comes later under its number is left alone.

    Parameters
    ----------
    pattern : str
        Names of the files, see `livedead.desk.series.name_numbers`.
    files_per_time : int
        Files that make a set.
    settle_s, patience_s : float
        Time without change after which a set counts as written, and after which one that is not whole, or that cannot
        be read, is given up.
    done : Numbers
        Time points that are decided already; those that come are added.

    Raises
    ------
    SheetError
        If the pattern is wrong.
    """

    def __init__(self, pattern: str, files_per_time: int, *, settle_s: float, patience_s: float, done: Numbers):
        self._numbers = name_numbers(pattern)
        self._wanted, self._settle_s, self._patience_s = files_per_time, settle_s, patience_s
        self.done = done
        self._observed: dict[int, _Observed] = {}

    def look(self, entries: Iterable[tuple[str, Callable[[], Stamp]]], now: float) -> Iterator[Decision]:
        """Compare the folder with how it was.

        Parameters
        ----------
        entries : iterable of tuple
            Name of every file of the folder, and a call that looks at it; in any order.
        now : float
            Time in s, of a clock that never goes back.

        Yields
        ------
        Decision
            Lowest time first.
        """
        observed: dict[int, _Observed] = {}
        for t, looks in sorted(self._lowest(entries).items()):
            files = sorted((m, name, stamp) for m, name, look in looks if (stamp := look()) is not None)
            before = self._observed.get(t)
            if files:
                observed[t] = before if before and before.files == files else _Observed(files, now)
        self._observed = observed
        return (decision for t in list(observed) if (decision := self._decided(t, now)))

    def failed(self, t: int, now: float) -> bool:
        """Note that a set could not be read; the next try comes after a while that doubles.

        Parameters
        ----------
        t : int
            Time index.
        now : float
            As for `look`.

        Returns
        -------
        bool
            Whether it has been like this for so long that it is to be given up.
        """
        seen = self._observed[t]
        seen.again = now + min(self._settle_s * 2**seen.tries, self._patience_s / 4)
        seen.tries += 1
        return now - seen.since >= self._patience_s

    def finish(self, t: int) -> None:
        """Note that a time point is done with, for good."""
        self.done.add(t)
        self._observed.pop(t, None)

    @property
    def waiting(self) -> int:
        """Time points, of those observed, that are not decided."""
        return len(self._observed)

    def _lowest(self, entries: Iterable[tuple[str, Callable[[], Stamp]]]) -> dict[int, list]:
        """Files of the lowest time points that are not done."""
        found: dict[int, list] = {}
        highest: list[int] = []
        for name, look in entries:
            numbers = self._numbers(name)
            if numbers is None or numbers[0] in self.done:
                continue
            t, m = numbers
            if t not in found:
                if len(found) == MOST_OBSERVED:
                    if t > -highest[0]:
                        continue
                    del found[-heapq.heappop(highest)]
                heapq.heappush(highest, -t)
                found[t] = []
            found[t].append((m, name, look))
        return found

    def _decided(self, t: int, now: float) -> Decision | None:
        seen = self._observed[t]
        names, quiet = tuple(name for _, name, _ in seen.files), now - seen.since
        lacking = self._lacking([m for m, _, _ in seen.files])
        if lacking:
            return Decision(t, names, lacking) if quiet >= self._patience_s else None
        return Decision(t, names) if quiet >= self._settle_s and now >= seen.again else None

    def _lacking(self, marks: list[int]) -> str | None:
        """Say why these frames are not the wanted set."""
        every = set(marks)
        if len(every) < len(marks):
            return f"{len(marks)} files with the same numbers (wanted {self._wanted}, one for every frame)"
        if len(every) == self._wanted and max(marks) - min(marks) == self._wanted - 1:
            return None
        return f"frames m {numbers_text(marks)} alone (wanted {self._wanted} that follow one another)"
