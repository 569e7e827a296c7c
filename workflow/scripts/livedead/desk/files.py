"""Files that are whole or not there at all."""

import os
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


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
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".partial-{uuid.uuid4().hex[:8]}-{target.name}")
    try:
        yield partial
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)


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
