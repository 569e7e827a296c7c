"""A film as layers of napari: what is added to the viewer, without the viewer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dask
import dask.array
import numpy as np
import pandas as pd

from .panels import display_range
from .style import DEAD_COLOUR, LIVE_COLOUR

#: Width of the outlines of the truth, px; the prediction below them stays seen.
OUTLINE_PX = 2

_COLOURS = {None: "transparent", 0: "transparent", 1: LIVE_COLOUR, 2: DEAD_COLOUR}
_NUMBERS = ("label", "time_h", "area_um2", "dry_mass_pg", "p_dead")

Layer = tuple[Any, dict[str, Any], str]


def film_layers(
    stacks: Mapping[str, Sequence[np.ndarray]], tracks: Sequence[Mapping[str, str]], start_h: float = 0.0
) -> list[Layer]:
    """Describe a film as layers of napari, in um and hours.

    Frames are read when they are shown, so a film of any length opens at once.

    Parameters
    ----------
    stacks : mapping of str to reader
        By name: `phase`, and where there is one `predicted` and `truth` (label maps, 0 background, 1 live, 2 dead)
        and `probability` (channels live, dead, background; 255 is 1). A reader gives frame i as (C, Y, X) and has
        `info`, see `livedead.optics.stacks.StackInfo`.
    tracks : sequence of mapping
        Rows of the table for napari as text, see `livedead.motion.napari.napari_csv`; none for a film that is not
        tracked.
    start_h : float
        Time of the first frame, h.

    Returns
    -------
    list of tuple
        (data, arguments of the layer, kind of the layer) as plugins of napari give them, from below to above. Layers
        whose `metadata` hold `contour` are shown as outlines of that width.
    """
    info = stacks["phase"].info
    step = (info.frame_interval_min or 60.0) / 60
    scale = (step, info.pixel_size_um or 1.0, info.pixel_size_um or 1.0)
    place = {
        "scale": scale,
        "translate": (start_h, 0, 0),
        "units": ("hour", "um", "um"),
        "axis_labels": ("t", "y", "x"),
    }
    phase = _lazy(stacks["phase"])[:, 0]
    limits = display_range([stacks["phase"][0]])
    layers = [(phase, {"name": info.channels[0], "colormap": "gray", "contrast_limits": limits, **place}, "image")]
    if "probability" in stacks:
        probability, channels = _lazy(stacks["probability"]), stacks["probability"].info.channels
        for name in ("live", "dead"):
            look = {"colormap": "magma", "contrast_limits": (0, 255), "opacity": 0.6, "visible": False}
            layers.append(
                (probability[:, channels.index(name)], {"name": f"p({name}) x 255", **look, **place}, "image")
            )
    for name, opacity in (("predicted", 0.45), ("truth", 1.0)):
        if name in stacks:
            look = {"name": f"{name}: 1 live, 2 dead", "colormap": _COLOURS, "opacity": opacity}
            look["metadata"] = {"contour": OUTLINE_PX} if name == "truth" else {}
            layers.append((_lazy(stacks[name])[:, 0], {**look, **place}, "labels"))
    if tracks:
        layers.append(_tracks(tracks, place))
    return layers


def _lazy(reader: Sequence[np.ndarray]) -> dask.array.Array:
    """Give a film as one array of which only the frames that are looked at are read."""
    info = reader.info
    shape, read = (1, len(info.channels), info.height, info.width), dask.delayed(reader.__getitem__, pure=True)
    frames = [dask.array.from_delayed(read(number)[np.newaxis], shape, info.dtype) for number in range(info.frames)]
    return dask.array.concatenate(frames)


def _tracks(rows: Sequence[Mapping[str, str]], place: Mapping[str, Any]) -> Layer:
    data = np.array([[float(row[key]) for key in ("track_id", "t", "y", "x")] for row in rows])
    features = {name: [float(row[name] or "nan") for row in rows] for name in _NUMBERS}
    features["dead"] = [float(row["state"] == "dead") for row in rows]
    graph = {int(row["track_id"]): [int(one) for one in row["parents"].split(";")] for row in rows if row["parents"]}
    # Pink (live) to green (dead) is seen on grey cells and on the colours of the nuclei alike.
    look = {"name": "tracks", "color_by": "p_dead", "colormap": "PiYG", "blending": "translucent"}
    look |= {"tail_length": 12, "tail_width": 3}
    return data, {**look, "features": pd.DataFrame(features), "graph": graph, **place}, "tracks"
