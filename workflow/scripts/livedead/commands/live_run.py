"""The loop of a running experiment: look into the folder, work on what is whole, write it down, wait."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic, perf_counter
from typing import Any, Protocol

from ..cells.live_counts import LIVE_COLUMNS
from ..desk.errors import DataError, ImageError, LiveDeadError, SettingsError
from ..desk.live_sets import Decision, LiveSets, Stamp
from ..desk.live_table import LiveTable
from .live_view import LiveView, terminal_line


class Assay(Protocol):
    """Reads, retrieves and counts a time point, see `livedead.commands.live_assay.LiveAssay`."""

    def read(self, paths: Sequence[Path]) -> Any:
        """Read the camera counts."""

    def origin(self, path: Path) -> str | None:
        """Say whether the images are simulated."""

    def retrieve(self, counts: Any) -> Any:
        """Retrieve the phase."""

    def count(self, retrieved: Any) -> tuple[dict, Any]:
        """Count the nuclei."""


@dataclass
class LiveRun:
    """Everything the loop needs.

    Attributes
    ----------
    folder : path
        Watched folder.
    sets : LiveSets
        Says what is whole.
    table : LiveTable
        Gets one row per time point.
    assay : Assay
        Does the work.
    view : LiveView
        Shows it.
    time_h : callable
        Time index to hours, or None.
    say : callable
        Takes lines for the terminal.
    """

    folder: Path
    sets: LiveSets
    table: LiveTable
    assay: Assay
    view: LiveView
    time_h: Callable[[int], float | None]
    say: Callable[[str], None]

    def go_on(self) -> int:
        """Take up the rows that an earlier run has left; returns their number."""
        for row in self.table.rows():
            self.sets.done.add(row["t"])
            self.view.add(row)
        return self.view.count

    def watch(self, stop: Event, *, poll_s: float, until_idle_s: float | None) -> None:
        """Work until it is stopped, or nothing has come for a while and nothing is waited for.

        Parameters
        ----------
        stop : threading.Event
            Set to end after the time point that is worked on.
        poll_s : float
            Time between two looks at the folder, at least.
        until_idle_s : float or None
            Time without news after which it ends; None: never.

        Raises
        ------
        SettingsError
            The files are not what the command line says of them.
        """
        busy, unread = monotonic(), ""
        while not stop.is_set():
            begun, before = monotonic(), self.view.count
            decisions: Iterator[Decision] = iter(())
            try:
                # Looked at again and again: that works on every file system, a share in the network included, where
                # nobody tells of new files.
                decisions = self.sets.look(_entries(self.folder), begun)
                unread = ""
            except OSError as error:
                # A share may be gone for a while; an experiment does not end by that.
                if str(error) != unread:
                    self.say(f"{self.folder} cannot be read, trying on: {error}")
                unread = str(error)
            looked = monotonic() - begun
            for decision in decisions:
                if stop.is_set():
                    break
                self._work(decision)
                self.view.write(monotonic(), self.sets.waiting)
            self.view.write(monotonic(), self.sets.waiting)
            if self.view.count > before or (self.sets.waiting and not unread):
                busy = monotonic()
            if until_idle_s is not None and monotonic() - busy >= until_idle_s:
                break
            # A folder of very many files takes long to list: at most half of the time goes there.
            stop.wait(max(poll_s, looked))
        self.view.write(monotonic(), self.sets.waiting, ended=True)

    def _work(self, decision: Decision) -> None:
        """Read and count a time point, or give it up."""
        place = {"t": decision.t, "time_h": self.time_h(decision.t)}
        if decision.reason:
            self._note(place | {"reason": decision.reason})
            return
        paths = [self.folder / name for name in decision.names]
        begun = perf_counter()
        try:
            counts = self.assay.read(paths)
            place |= {"reading_ms": 1000 * (perf_counter() - begun), "origin": self.assay.origin(paths[0])}
        except SettingsError:
            raise
        except Exception as error:
            # Decoders raise what they like on a file that is cut off, and a broken file must not end an experiment.
            if self.sets.failed(decision.t, monotonic()):
                known = isinstance(error, LiveDeadError)
                self._note(
                    place | {"reason": self._plain(error, "" if known else f"one of {', '.join(decision.names)}")}
                )
            return
        try:
            row, seen = self.assay.count(self.assay.retrieve(counts))
        except (ImageError, DataError) as error:
            self._note(place | {"reason": self._plain(error, decision.names[0])})
        else:
            self._note(place | row, seen)

    def _note(self, found: dict, seen: Any = None) -> None:
        row = dict.fromkeys(LIVE_COLUMNS) | found
        self.table.append(row)
        self.sets.finish(row["t"])
        self.view.add(row, seen)
        self.say(terminal_line(row))

    def _plain(self, error: Exception, name: str = "") -> str:
        """Reason in one line, without the folder."""
        said = " ".join(str(error).replace(f"{self.folder}{os.sep}", "").split())
        return f"{name}: {said}" if name else said


def _entries(folder: Path) -> Iterator[tuple[str, Callable[[], Stamp]]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            yield entry.name, partial(_stamp, entry.path)


def _stamp(path: str) -> Stamp:
    """Size and time of a file. Not of the folder's entry: some systems update that only when the file is closed."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return (found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None
