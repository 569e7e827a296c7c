"""Tracks as a TrackMate file, which Fiji, Mastodon's importer and many libraries open."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from .lineage import chains, families, parents_of

# Feature -> name, dimension, whether it is a whole number; the last ones are our own.
SPOT_FEATURES = {
    "QUALITY": ("Quality", "QUALITY", False),
    "POSITION_X": ("X", "POSITION", False),
    "POSITION_Y": ("Y", "POSITION", False),
    "POSITION_Z": ("Z", "POSITION", False),
    "POSITION_T": ("T", "TIME", False),
    "FRAME": ("Frame", "NONE", True),
    "RADIUS": ("Radius", "LENGTH", False),
    "VISIBILITY": ("Visibility", "NONE", True),
    "AREA": ("Area", "AREA", False),
    "P_DEAD": ("Probability of death", "NONE", False),
    "DEAD": ("Dead", "NONE", True),
    "NUCLEUS_LABEL": ("Nucleus label", "NONE", True),
}
DRY_MASS = {"DRY_MASS_PG": ("Dry mass (pg)", "NONE", False)}
EDGE_FEATURES = {
    "SPOT_SOURCE_ID": ("Source spot ID", "NONE", True),
    "SPOT_TARGET_ID": ("Target spot ID", "NONE", True),
    "LINK_COST": ("Link cost", "COST", False),
}
TRACK_FEATURES = {"TRACK_ID": ("Track ID", "NONE", True)}


def trackmate_xml(
    tracks: Sequence[Mapping[str, Any]],
    *,
    image: str,
    frames: int,
    shape: tuple[int, int],
    pixel_size_um: float,
    frame_interval_min: float,
) -> bytes:
    """Write tracks as TrackMate XML.

    Every nucleus is a spot, those in no track too; a track of one detection is a spot without a track, because
    TrackMate knows tracks by their links.

    Parameters
    ----------
    tracks : sequence of mapping
        Rows of `livedead.motion.tracks.TRACK_COLUMNS` of one film.
    image : str
        Name of the image file the spots lie on.
    frames : int
        Frames of the film.
    shape : tuple of int
        Height and width of a frame, pixels.
    pixel_size_um, frame_interval_min : float
        Side of a pixel and time between frames. Positions are in um, times in min from the first frame.

    Returns
    -------
    bytes
        UTF-8.
    """
    root = ElementTree.Element("TrackMate", version="7.11.1")
    ElementTree.SubElement(root, "Log")
    model = ElementTree.SubElement(root, "Model", spatialunits="micron", timeunits="min")
    with_mass = all(row["dry_mass_pg"] is not None for row in tracks)
    _declare(model, SPOT_FEATURES | (DRY_MASS if with_mass else {}))
    spots: dict[tuple[int, int], str] = {}
    all_spots = ElementTree.SubElement(model, "AllSpots", nspots=str(len(tracks)))
    in_frame = [ElementTree.SubElement(all_spots, "SpotsInFrame", frame=str(frame)) for frame in range(frames)]
    for number, row in enumerate(sorted(tracks, key=lambda row: (row["frame"], row["label"]))):
        spots[row["frame"], row["label"]] = str(number)
        features = _spot(number, row, frame_interval_min)
        if with_mass:
            features["DRY_MASS_PG"] = repr(float(row["dry_mass_pg"]))
        ElementTree.SubElement(in_frame[row["frame"]], "Spot", features)
    _add_tracks(model, chains(tracks), spots)
    settings = ElementTree.SubElement(root, "Settings")
    form = {"width": shape[1], "height": shape[0], "nslices": 1, "nframes": frames, "pixelwidth": pixel_size_um}
    form |= {"pixelheight": pixel_size_um, "voxeldepth": 1.0, "timeinterval": frame_interval_min}
    named = {name: str(value) for name, value in form.items()}
    ElementTree.SubElement(settings, "ImageData", {"filename": image, "folder": ""} | named)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _declare(model: ElementTree.Element, spot_features: Mapping[str, tuple[str, str, bool]]) -> None:
    """Say which features spots, edges and tracks have."""
    declarations = ElementTree.SubElement(model, "FeatureDeclarations")
    groups = {"SpotFeatures": spot_features, "EdgeFeatures": EDGE_FEATURES, "TrackFeatures": TRACK_FEATURES}
    for group, features in groups.items():
        parent = ElementTree.SubElement(declarations, group)
        for feature, (name, dimension, whole) in features.items():
            about = {"feature": feature, "name": name, "shortname": name, "dimension": dimension}
            ElementTree.SubElement(parent, "Feature", about | {"isint": str(whole).lower()})


def _spot(number: int, row: Mapping[str, Any], frame_interval_min: float) -> dict[str, str]:
    """Describe one nucleus; our positions and TrackMate's both count from the centre of the first pixel."""
    return {
        "ID": str(number),
        "name": f"ID{number}",
        "QUALITY": "1.0",
        "POSITION_X": repr(float(row["x_um"])),
        "POSITION_Y": repr(float(row["y_um"])),
        "POSITION_Z": "0.0",
        "POSITION_T": repr(float(row["frame"] * frame_interval_min)),
        "FRAME": str(row["frame"]),
        "RADIUS": repr(math.sqrt(row["area_um2"] / math.pi)),
        "VISIBILITY": "1",
        "AREA": repr(float(row["area_um2"])),
        "P_DEAD": repr(float(row["p_dead"])),
        "DEAD": str(int(row["state"] == "dead")),
        "NUCLEUS_LABEL": str(row["label"]),
    }


def _add_tracks(
    model: ElementTree.Element,
    found: Mapping[int, Sequence[Mapping[str, Any]]],
    spots: Mapping[tuple[int, int], str],
) -> None:
    """Add the links; tracks that splits and merges connect are one track of TrackMate."""
    all_tracks = ElementTree.SubElement(model, "AllTracks")
    shown = ElementTree.SubElement(model, "FilteredTracks")
    for family in families(found):
        pairs = [
            pair
            for track in family
            for pair in (
                *((found[parent][-1], found[track][0]) for parent in parents_of(found[track][0])),
                *zip(found[track], found[track][1:], strict=False),
            )
        ]
        if not pairs:
            continue
        about = {"name": f"Track_{family[0]}", "TRACK_ID": str(family[0])}
        element = ElementTree.SubElement(all_tracks, "Track", about)
        ElementTree.SubElement(shown, "TrackID", TRACK_ID=about["TRACK_ID"])
        for earlier, later in pairs:
            ends = [spots[row["frame"], row["label"]] for row in (earlier, later)]
            cost = (later["x_um"] - earlier["x_um"]) ** 2 + (later["y_um"] - earlier["y_um"]) ** 2
            link = {"SPOT_SOURCE_ID": ends[0], "SPOT_TARGET_ID": ends[1], "LINK_COST": repr(float(cost))}
            ElementTree.SubElement(element, "Edge", link)
