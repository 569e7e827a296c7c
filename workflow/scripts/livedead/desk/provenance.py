"""What a result was made with."""

import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version


def versions(names: Iterable[str]) -> dict[str, str]:
    """Look up the installed versions of Python and of packages.

    Parameters
    ----------
    names : iterable of str
        Names of distributions, such as ``"scikit-image"``.

    Returns
    -------
    dict
        Version of ``python`` and of each package; ``"not installed"`` where there is none.
    """
    found = {"python": platform.python_version()}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
