"""One log per job: progress, warnings and unforeseen tracebacks in the file, one sentence on the screen."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import LiveDeadError

# A job over more files than this is about a cohort, not about one of them.
MOST_FILES_NAMED = 6


@contextmanager
def rule_log(snakemake: object) -> Iterator[logging.Logger]:
    """Send log records, warnings and tracebacks of a script to the log file of its rule.

    Parameters
    ----------
    snakemake : object
        The object Snakemake gives to a script; `log` and `rule` are used.

    Yields
    ------
    logging.Logger
        Logger of the rule.

    Raises
    ------
    SystemExit
        With status 1 after any error of the block, which is one sentence on the standard error stream; of an error
        that no user can mend the traceback stands in the log file.
    """
    path = Path(snakemake.log[0])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = _LogFile(path, mode="w", encoding="utf-8")
    except OSError as error:
        print(f"{snakemake.rule}: the log {path} cannot be written: {error.strerror}", file=sys.stderr)
        raise SystemExit(1) from None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    log = logging.getLogger(snakemake.rule)
    try:
        yield log
    except LiveDeadError as error:
        # Snakemake shows the log of a job that failed: the way through the code helps nobody to mend a file.
        log.error("stopped: %s", error)
        print(f"{snakemake.rule}: {error}{_read_from(snakemake, str(error))}", file=sys.stderr)
        raise SystemExit(1) from None
    except Exception as error:
        log.exception("stopped by an unforeseen error")
        print(f"{snakemake.rule}: {type(error).__name__}: {error} (traceback in {path})", file=sys.stderr)
        raise SystemExit(1) from None
    finally:
        logging.captureWarnings(False)
        root.setLevel(level)
        root.removeHandler(handler)
        with suppress(OSError):
            handler.close()


class _LogFile(logging.FileHandler):
    """A log that keeps silent where the disk is full: why the job stopped is said on the screen."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        if not isinstance(sys.exception(), OSError):
            super().handleError(record)


def _read_from(snakemake: object, message: str) -> str:
    """Name the files of a job where the message does not: functions of the library never see a path."""
    files = [str(file) for file in getattr(snakemake, "input", ())]
    if not files or len(files) > MOST_FILES_NAMED or any(file in message for file in files):
        return ""
    return f" [read from {', '.join(files)}]"
