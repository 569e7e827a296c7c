"""Files that are whole or not there at all."""

import errno
import os
import shutil
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import LiveDeadError, OutputError

# How the temporary name of a file that is being written begins.
PARTIAL = ".partial-"
# With less free space than this a file that could not be written failed for want of it, whatever its library says.
_NOTHING_FREE = 2**16
_CANNOT = {
    errno.ENOSPC: "the disk is full ({free:.3g} MB are free in {folder}); make room there",
    errno.EDQUOT: "your quota on the disk of {folder} is used up; make room there",
    errno.EFBIG: "it is larger than a file may be in {folder} (`ulimit -f`, or the file system); raise the limit",
    errno.EIO: "the disk of {folder} does not work (input/output error); check it",
    errno.EROFS: "{folder} is on a disk that can only be read; make it writable or work in another folder",
}
_MAY_NOT = {
    errno.EACCES: "there is no permission to write in {folder}; get it (chmod, chown) or work in another folder",
    errno.EPERM: "{folder} may not be changed; allow it (chattr, mount options) or work in another folder",
}


@contextmanager
def whole_file(path: str | os.PathLike) -> Iterator[Path]:
    """Yield a temporary path that becomes `path` only if the block ends without an error.

    The temporary file lies in the folder of `path`, so that the final rename is one step of the file
    system, and ends with the same name, since many libraries choose the format by the suffix. The folder
    is made if needed. On an error the temporary file is removed and an older `path` stays as it was.

    Parameters
    ----------
    path : path
        The file that shall exist afterwards.

    Yields
    ------
    pathlib.Path
        Where to write.

    Raises
    ------
    FileNotFoundError
        The block ended without writing the temporary file.
    OutputError
        The disk is full, broken or only to be read.
    """
    target = Path(path)
    partial = target.with_name(f"{PARTIAL}{uuid.uuid4().hex[:8]}-{target.name}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield partial
        os.replace(partial, target)
    except LiveDeadError:
        raise
    except Exception as error:
        reason = _why_not_written(error, target.parent)
        if reason is None:
            raise
        raise OutputError(f"{target}: not written, {reason} and run again; what was finished is kept") from error
    finally:
        # On a disk that has become read-only there is nothing to be removed.
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def check_writable(folder: str | os.PathLike, below: int = 0) -> None:
    """Refuse a folder in which nothing can be written, before hours are spent on what would go there.

    Parameters
    ----------
    folder : path
        It need not exist: then the nearest folder above it is tried.
    below : int
        How many levels of its folders are tried, too.

    Raises
    ------
    OutputError
        With the first folder that may not be written to.
    """
    folder = Path(folder)
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not there.is_dir():
        raise OutputError(f"{there}: this is a file (wanted a folder for results); move it away")
    if not os.access(there, os.W_OK | os.X_OK):
        raise OutputError(
            f"{there}: nothing can be written in this folder (wanted a place for results); allow it (chmod, chown, "
            "mount options) or work in another folder"
        )
    if below and there == folder:
        for entry in os.scandir(folder):
            if entry.is_dir(follow_symlinks=False):
                check_writable(entry.path, below - 1)


def _why_not_written(error: Exception, folder: Path) -> str | None:
    """Say in words of a user why a file of a folder could not be written; None where that is not what failed."""
    folder = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    free = shutil.disk_usage(folder).free
    code = getattr(error, "errno", None)
    named = getattr(error, "filename", None)
    # A library in C may wrap the number of the error in an exception of its own.
    if code not in _CANNOT and free < _NOTHING_FREE:
        code = errno.ENOSPC
    # Permission may be missing for what the block reads, too.
    here = named is not None and Path(os.fsdecode(named)).parent == folder
    reason = (_CANNOT | (_MAY_NOT if here else {})).get(code)
    return reason and reason.format(folder=folder, free=free / 1e6)


def write_archive(path: str | os.PathLike, members: Iterable[tuple[str, bytes]]) -> None:
    """Write files into one zip archive, whole or not at all; the same members give the same bytes.

    Parameters
    ----------
    path : path
        Archive to write.
    members : iterable of (str, bytes)
        Name and content of every file; taken one by one.
    """
    with whole_file(path) as partial, zipfile.ZipFile(partial, "w") as archive:
        for name, content in members:
            # The time of writing would make every run's archive another one; this is the earliest a zip can hold.
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.external_attr = 0o644 << 16
            archive.writestr(member, content, compress_type=zipfile.ZIP_DEFLATED)
