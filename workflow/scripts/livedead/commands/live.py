"""Viability while the microscope runs, from frames as they come: `python -m livedead.commands.live`."""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, current_thread, main_thread

from ..cells.live_counts import LIVE_COLUMNS
from ..desk.errors import DataError, SettingsError
from ..desk.live_sets import LiveSets, Numbers
from ..desk.live_table import LiveTable
from ..desk.model_folder import check_model_folder
from ..desk.settings import settings_for
from ..desk.settings_files import read_settings
from .live_assay import LiveAssay, made_with
from .live_run import LiveRun
from .live_view import PAGE, LiveView
from .outcome import exit_status

TABLE = "live.tsv"
_WORKFLOW = Path(__file__).parents[3]
_SECTIONS = ("phase", "predict", "viability")


def main(arguments: Sequence[str] | None = None) -> int:
    """Watch the folder until it is ended. Returns the exit status."""
    given = _parser().parse_args(arguments)
    # What it warns of is a file that is still written; one that stays broken gets a line here.
    logging.getLogger("tifffile").setLevel(logging.CRITICAL)
    stop = Event()
    with _ended_by_signals(stop):
        return exit_status("live", lambda: watch_folder(given, stop))


def watch_folder(given: argparse.Namespace, stop: Event) -> str:
    """Count every time point that appears in a folder.

    Parameters
    ----------
    given : argparse.Namespace
        Options of the command.
    stop : threading.Event
        Set to end after the time point that is worked on.

    Returns
    -------
    str
        What was done.

    Raises
    ------
    LiveDeadError
        The folder, the model, the pattern, the settings or an option is wrong, or the output folder belongs to
        something else.
    """
    _check(given)
    settings = _settings(given)
    files = len(settings["phase"]["frame_order"]) if "{m}" in given.pattern else 1
    sets = LiveSets(given.pattern, files, settle_s=given.settle, patience_s=given.patience, done=Numbers())
    check_model_folder(given.model)
    scale = [given.pixel_size_um, given.interval_min, given.start_h]
    with LiveTable(given.output / TABLE, LIVE_COLUMNS, made_with(given.model, settings, given.pattern, scale)) as table:
        assay = LiveAssay(given.model, settings, given.pixel_size_um, given.threads)
        view = LiveView(
            given.output,
            title=f"Live/dead of {given.folder.resolve().name}: {given.pattern}",
            confidence=settings["viability"]["confidence"],
            refresh_s=given.refresh,
            draw=assay.draw,
        )
        run = LiveRun(given.folder, sets, table, assay, view, lambda t: _time_h(t, given), _say)
        before = run.go_on()
        _say(
            f"Watching {given.folder} for {given.pattern}, {files} file{'s' * (files > 1)} per time point; "
            f"{f'{before} time points are done; ' if before else ''}open {given.output / PAGE}; Ctrl-C ends it."
        )
        run.watch(stop, poll_s=given.poll, until_idle_s=given.until_idle)
    return (
        f"{given.output / TABLE}: {view.count} time points, {view.skipped} of them skipped, {view.count - before} new"
    )


def _check(given: argparse.Namespace) -> None:
    if not given.folder.is_dir():
        raise DataError(f"{given.folder}: no such folder (wanted the one in which frames appear)")
    for name in ("pixel_size_um", "interval_min", "settle", "patience", "poll", "refresh", "until_idle", "threads"):
        value = getattr(given, name)
        if value is not None and not value > 0:
            raise SettingsError(f"--{name.replace('_', '-')} is {value:g} (wanted a number above 0)")
    if given.patience <= given.settle:
        raise SettingsError(f"--patience is {given.patience:g} s (wanted more than --settle, {given.settle:g} s)")


def _settings(given: argparse.Namespace) -> dict[str, Mapping]:
    config = read_settings(
        [_WORKFLOW.parent / "config.yaml", *given.configfile], _WORKFLOW / "schemas/config.schema.yaml"
    )
    if given.cohort is not None and given.cohort not in config["cohorts"]:
        raise SettingsError(
            f"--cohort {given.cohort}: no such cohort in the settings (wanted one of {', '.join(config['cohorts'])})"
        )
    return {section: settings_for(config, section, given.cohort) for section in _SECTIONS}


def _time_h(t: int, given: argparse.Namespace) -> float | None:
    return None if given.interval_min is None else given.start_h + t * given.interval_min / 60


def _say(line: str) -> None:
    print(line, flush=True)


@contextmanager
def _ended_by_signals(stop: Event) -> Iterator[None]:
    """Let the first Ctrl-C end the run after a time point, and the second one at once."""
    if current_thread() is not main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def end(number, frame):
        del number, frame
        stop.set()
        for each, handler in before.items():
            signal.signal(each, handler)

    try:
        for number in before:
            signal.signal(number, end)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="live", description=__doc__.partition(":")[0] + ".")
    add = parser.add_argument
    add("folder", type=Path, help="folder in which the acquisition program leaves its frames")
    add("model", type=Path, help="folder of a trained network")
    add("--pattern", required=True, help="names of the files, as f1_t{t}_i0_ch0_c0_r0_z0_m{m}.tif; see docs/data.md")
    add("--pixel-size-um", type=float, required=True, help="side of a camera pixel in the sample")
    add("--interval-min", type=float, help="time from one t to the next; without it there are no hours")
    add("--start-h", type=float, default=0.0, help="time of t 0; default: %(default)g")
    add("--output", type=Path, default=Path("live"), help="folder for table, page and picture; default: %(default)s")
    add("--configfile", type=Path, action="append", default=[], help="settings that stand above config.yaml")
    add("--cohort", help="cohort whose own settings are used; default: none")
    add("--settle", type=float, default=1.0, help="s without change after which a file is whole; default: %(default)g")
    add("--patience", type=float, default=60.0, help="s after which a broken set is given up; default: %(default)g")
    add("--poll", type=float, default=0.5, help="s between two looks into the folder; default: %(default)g")
    add("--refresh", type=float, default=2.0, help="s between two versions of the page; default: %(default)g")
    add("--until-idle", type=float, metavar="SECONDS", help="end when nothing has come for so long; default: never")
    add("--threads", type=int, default=os.cpu_count() or 1, help="of the network; default: %(default)d")
    return parser


if __name__ == "__main__":
    sys.exit(main())
