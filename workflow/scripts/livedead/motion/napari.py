"""Tracks as the table that napari's tracks layer takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .lineage import chains

#: The first four are the data of the layer in its own order, the rest are features of every detection.
NAPARI_COLUMNS = ["track_id", "t", "y", "x", "label", "time_h", "area_um2", "dry_mass_pg", "p_dead", "state", "parents"]


def napari_csv(tracks: Sequence[Mapping[str, Any]], pixel_size_um: float) -> str:
    """Write tracks as comma-separated text for napari.

    Parameters
    ----------
    tracks : sequence of mapping
        Rows of `livedead.motion.tracks.TRACK_COLUMNS` of one film; rows without a track are left out.
    pixel_size_um : float
        Side of a pixel, um; y and x are in pixels, the centre of the first pixel is 0.

    Returns
    -------
    str
        Sorted by track and time, as napari sorts the data (but not the features); empty where unknown.
    """
    lines = [",".join(NAPARI_COLUMNS)]
    for track, rows in chains(tracks).items():
        for row in rows:
            values = [track, row["frame"], row["y_um"] / pixel_size_um, row["x_um"] / pixel_size_um]
            values += [row[name] for name in NAPARI_COLUMNS[4:-1]]
            # Semicolons, since commas part the columns.
            values.append(None if row["parents"] is None else str(row["parents"]).replace(",", ";"))
            lines.append(",".join(_written(value) for value in values))
    return "\n".join(lines) + "\n"


def _written(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.6f}" if isinstance(value, float) else str(value)
