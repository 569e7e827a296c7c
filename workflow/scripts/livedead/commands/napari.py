"""Open a film of the results in napari: phase, truth, prediction and tracks, in um and hours.

PYTHONPATH=workflow/scripts python -m livedead.commands.napari SEQUENCE [--results results]
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path

from ..desk.errors import DataError, LiveDeadError
from ..desk.tables import read_table
from ..optics.stacks import read_frames
from ..paper.napari_layers import Layer, film_layers

#: Stack of a layer -> where the pipeline leaves it; only the phase must be there.
STACKS = {
    "phase": "phase/{cohort}/{sequence}.phase.ome.tif",
    "probability": "predict/{cohort}/{sequence}.probability.ome.tif",
    "predicted": "predict/{cohort}/{sequence}.labels.ome.tif",
    "truth": "labels/{cohort}/{sequence}.labels.ome.tif",
}
NUCLEI = "predict/{cohort}/{sequence}.nuclei.tsv"
TRACKS = "track/{cohort}/{sequence}.napari.csv"


def layers_of(results: str | Path, sequence: str) -> list[Layer]:
    """Find the files of a film and describe them as layers.

    Parameters
    ----------
    results : path
        Folder of the results.
    sequence : str
        Name of a sequence, as in the sheet.

    Returns
    -------
    list of tuple
        As of `livedead.paper.napari_layers.film_layers`.

    Raises
    ------
    DataError
        If there is no phase of that name, or of several cohorts.
    """
    results = Path(results)
    found = sorted(results.glob(STACKS["phase"].format(cohort="*", sequence=sequence)))
    if len(found) != 1:
        others = sorted(path.name.partition(".")[0] for path in results.glob("phase/*/*.phase.ome.tif"))
        raise DataError(
            f"{sequence}: found {len(found)} phase maps of that name in {results / 'phase'} (wanted one; there are "
            f"{', '.join(others[:5]) or 'none'}{' ...' if len(others) > 5 else ''}); check the name, or give the "
            "folder with --results"
        )

    def path(pattern):
        return results / pattern.format(cohort=found[0].parent.name, sequence=sequence)

    stacks = {name: read_frames(path(pattern)) for name, pattern in STACKS.items() if path(pattern).exists()}
    tracks = []
    if path(TRACKS).exists():
        with path(TRACKS).open(newline="", encoding="utf-8") as file:
            tracks = list(csv.DictReader(file))
    return film_layers(stacks, tracks, _start_h(path(NUCLEI), stacks["phase"].info.frame_interval_min))


def _start_h(nuclei: Path, frame_interval_min: float) -> float:
    """Read the time of the first frame off the table of nuclei, the only file that tells it; 0 without a nucleus."""
    rows = read_table(nuclei) if nuclei.exists() else []
    return rows[0]["time_h"] - rows[0]["frame"] * frame_interval_min / 60 if rows else 0.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the viewer and wait until it is closed.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words of the command line.

    Returns
    -------
    int
        0, or 1 after an error.
    """
    parser = argparse.ArgumentParser(prog="python -m livedead.commands.napari", description=__doc__.splitlines()[0])
    parser.add_argument("sequence", help="name of a sequence, as in the sheet")
    parser.add_argument("--results", default="results", help="folder of the results")
    words = parser.parse_args(arguments)
    try:
        layers = layers_of(words.results, words.sequence)
        viewer = open_viewer(words.sequence, layers)
    except LiveDeadError as error:
        print(error, file=sys.stderr)
        return 1
    viewer.dims.set_point(0, layers[0][1]["translate"][0])
    _napari().run()
    return 0


def open_viewer(title: str, layers: Sequence[Layer]):
    """Open napari with these layers.

    Parameters
    ----------
    title : str
        Title of the window.
    layers : sequence of tuple
        As of `layers_of`.

    Returns
    -------
    napari.Viewer
        With a scale bar and the first frame shown.

    Raises
    ------
    LiveDeadError
        If napari is not installed.
    """
    napari = _napari()
    viewer = napari.Viewer(title=title)
    for data, look, kind in layers:
        layer = getattr(viewer, f"add_{kind}")(data, **look)
        if outline := look.get("metadata", {}).get("contour"):
            layer.contour = outline
    viewer.canvas.overlays.scale_bar.visible = True
    return viewer


def _napari():
    try:
        import napari
    except ImportError as error:
        raise LiveDeadError(
            f"napari cannot be loaded ({error}); install it into this environment with "
            '`.venv/bin/python -m pip install "napari[pyqt6]"` (1 GB), or open results/phase, results/predict and '
            "results/track/*/*.napari.csv in a napari of your own"
        ) from None
    return napari


if __name__ == "__main__":
    sys.exit(main())
