"""Simulated raw frames as a microscope would leave them, to practise on: `python -m livedead.commands.practice`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ..desk.errors import DataError
from ..desk.files import whole_file
from ..desk.tables import read_table
from ..optics.image_files import tiff_bytes
from ..optics.image_source import SIMULATED_MARK
from ..optics.stacks import read_frames
from .outcome import exit_status


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the folder and say how it is used. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="practice", description=__doc__.partition(":")[0] + ".")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("practice"), help="default: %(default)s")
    parser.add_argument("--results", type=Path, default=Path("results"), help="of a finished run; default: %(default)s")
    parser.add_argument("--cohort", default="hela", help="whose held-out films are taken; default: %(default)s")
    given = parser.parse_args(arguments)
    return exit_status("practice", lambda: _practice(given))


def _practice(given: argparse.Namespace) -> str:
    if given.folder.exists():
        raise DataError(f"{given.folder} is there already; name another folder, or remove it")
    films = held_out_films(given.results, given.cohort)
    files = sum(write_frames(film, given.folder, number) for number, film in enumerate(films))
    info = read_frames(films[0]).info
    return (
        f"{given.folder}: {files} simulated raw frames of {len(films)} films. Now:\n"
        f"make sheet FOLDER={given.folder} PIXEL_UM={info.pixel_size_um:g} WAVELENGTH_NM=550 "
        f"INTERVAL_MIN={info.frame_interval_min:g}"
    )


def held_out_films(results: Path, cohort: str) -> list[Path]:
    """Raw films of a cohort that its network has not learned from.

    Parameters
    ----------
    results : path
        Results of a finished run.
    cohort : str
        A simulated cohort of it.

    Returns
    -------
    list of path
        In the order of the split.

    Raises
    ------
    DataError
        If there are none.
    """
    split = results / "split" / cohort / "split.tsv"
    if not split.is_file():
        raise DataError(f"{split} is not there (wanted a finished run with the cohort {cohort}); run make first")
    tested = [row["sequence"] for row in read_table(split) if row["side"] == "test"]
    films = [results / "simulate" / cohort / f"{sequence}.raw.ome.tif" for sequence in tested]
    absent = [str(film) for film in films if not film.is_file()]
    if absent or not films:
        raise DataError(f"{', '.join(absent) or split}: no simulated film held out of training (wanted one or more)")
    return films


def write_frames(film: Path, folder: Path, well: int) -> int:
    """Write every frame of a film as a file of its own, named as the acquisition program names them.

    The files say that they are simulated, so that `make sheet` and all that is drawn from them say it, too.

    Parameters
    ----------
    film : path
        Stack of interferograms.
    folder : path
        Folder to write to; made if needed.
    well : int
        Number after `f` in the names.

    Returns
    -------
    int
        Files written.
    """
    written = 0
    for time, frames in enumerate(read_frames(film)):
        for shift, frame in enumerate(frames):
            with whole_file(folder / f"f{well}_t{time}_i0_ch0_c0_r0_z0_m{shift}.tif") as partial:
                partial.write_bytes(tiff_bytes(frame, SIMULATED_MARK))
            written += 1
    return written


if __name__ == "__main__":
    sys.exit(main())
