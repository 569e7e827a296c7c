"""Files that are whole or not there at all."""

import os
import uuid
from collections.abc import Iterator
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
