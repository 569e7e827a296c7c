"""How every command ends: with what it has to say and status 0, or with one clear sentence and status 1."""

import sys
from collections.abc import Callable

from ..desk.errors import LiveDeadError


def exit_status(command: str, action: Callable[[], str]) -> int:
    """Do what a command is for, and print how it went.

    Parameters
    ----------
    command : str
        Name of the command, in front of its error message.
    action : callable
        Does the work and returns what to print; empty for nothing.

    Returns
    -------
    int
        0; 1 after a message on the standard error stream, where the user's input or the file system is to blame.
    """
    try:
        if said := action():
            print(said)
    except (LiveDeadError, OSError) as error:
        print(f"{command}: {error}", file=sys.stderr)
        return 1
    return 0
