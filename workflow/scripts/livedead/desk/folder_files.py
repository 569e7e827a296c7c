"""All files below a folder, through links to other folders too, each counted once."""

import os
from pathlib import Path


def list_files(folder: str | os.PathLike) -> tuple[list[str], dict[str, str]]:
    """List the files of a folder and of all folders below it.

    Parameters
    ----------
    folder : str or path
        Where to begin.

    Returns
    -------
    paths : list of str
        Every file, sorted, and what else has a reason.
    reasons : dict of str to str
        Why nothing can be read there: links to nothing and to folders that are in the list already, folders that
        are closed to the user.
    """
    paths: list[str] = []
    reasons: dict[str, str] = {}
    seen: set[str] = set()

    def closed(error: OSError) -> None:
        reasons[str(Path(error.filename))] = f"folder that cannot be read ({error.strerror})"

    # Folders before links to them, so that files keep the names they have without links.
    starts = [str(folder)]
    while starts:
        start = starts.pop(0)
        if os.path.realpath(start) in seen:
            reasons[str(Path(start))] = "link to a folder that is counted already"
            continue
        for here, folders, files in os.walk(start, onerror=closed):
            real = os.path.realpath(here)
            if real in seen:
                folders.clear()
                continue
            seen.add(real)
            folders.sort()
            starts += [path for name in folders if os.path.islink(path := os.path.join(here, name))]
            paths += [str(Path(here, name)) for name in files]
    reasons |= {path: "no file behind this name (is it a broken link?)" for path in paths if not os.path.isfile(path)}
    return sorted({*paths, *reasons}), reasons
