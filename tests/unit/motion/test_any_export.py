"""Any tracks, with gaps, splits and merges, written in both formats and read back."""

import io
import math
from xml.etree import ElementTree

import numpy as np
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from livedead.motion.ctc import ctc_files
from livedead.motion.lineage import chains, families, parents_of
from livedead.motion.trackmate import trackmate_xml

FRAMES = 6
SPACING = 8  # pixels between the nuclei of a frame, far enough not to touch


@st.composite
def films(draw):
    """Rows of tracks, every nucleus in a place of its own; some tracks come from earlier ones."""
    rows, tracks = [], {}
    for track in range(draw(st.integers(0, 5))):
        frames = sorted(draw(st.sets(st.integers(0, FRAMES - 1), min_size=1)))
        before = [name for name, last in tracks.items() if last < frames[0]]
        parents = draw(st.lists(st.sampled_from(before), unique=True, max_size=2)) if before else []
        tracks[track] = frames[-1]
        for number, frame in enumerate(frames):
            came = ",".join(map(str, sorted(parents))) if parents and number == 0 else None
            rows.append({"frame": frame, "track": track, "parents": came, "row": track})
    for lone in range(draw(st.integers(0, 2))):
        rows.append({"frame": draw(st.integers(0, FRAMES - 1)), "track": None, "parents": None, "row": 6 + lone})
    for frame in range(FRAMES):
        here = sorted((row for row in rows if row["frame"] == frame), key=lambda row: row["row"])
        for number, row in enumerate(here, 1):
            y, x = 6 + SPACING * row.pop("row"), 20
            row |= {"label": number, "y_um": float(y), "x_um": float(x), "state": "live", "p_dead": 0.25}
            row |= {"area_um2": 16.0, "dry_mass_pg": 10.0 + number}
    return rows


def links(rows):
    """Pairs of (frame, label) that follow one another, within tracks and from parents."""
    found = chains(rows)
    pairs = [pair for one in found.values() for pair in zip(one, one[1:], strict=False)]
    pairs += [(found[parent][-1], one[0]) for one in found.values() for parent in parents_of(one[0])]
    return sorted(((a["frame"], a["label"]), (b["frame"], b["label"])) for a, b in pairs)


@settings(max_examples=60, deadline=None)
@given(rows=films())
def test_trackmate_is_read_back(rows):
    form = {"frames": FRAMES, "shape": (80, 40), "pixel_size_um": 1.0, "frame_interval_min": 30.0}
    root = ElementTree.fromstring(trackmate_xml(rows, image="<a> & 'b'.tif", **form))
    assert root.find(".//ImageData").get("filename") == "<a> & 'b'.tif"
    spots = {spot.get("ID"): spot for spot in root.iter("Spot")}
    places = {name: (int(spot.get("FRAME")), int(spot.get("NUCLEUS_LABEL"))) for name, spot in spots.items()}
    assert sorted(places.values()) == sorted((row["frame"], row["label"]) for row in rows)
    by_place = {(row["frame"], row["label"]): row for row in rows}
    for name, spot in spots.items():
        row = by_place[places[name]]
        assert (float(spot.get("POSITION_X")), float(spot.get("POSITION_Y"))) == (row["x_um"], row["y_um"])
        assert math.isclose(math.pi * float(spot.get("RADIUS")) ** 2, row["area_um2"])
        assert float(spot.get("DRY_MASS_PG")) == row["dry_mass_pg"]
    edges = [(places[edge.get("SPOT_SOURCE_ID")], places[edge.get("SPOT_TARGET_ID")]) for edge in root.iter("Edge")]
    assert sorted(edges) == links(rows)
    linked = [family for family in families(chains(rows)) if len(family) > 1 or len(chains(rows)[family[0]]) > 1]
    assert len(list(root.iter("Track"))) == len(linked)


@settings(max_examples=60, deadline=None)
@given(rows=films())
def test_the_challenge_files_are_read_back(rows):
    semantic = np.zeros((FRAMES, 1, 80, 40), np.uint8)
    for row in rows:
        y, x = int(row["y_um"]), int(row["x_um"])
        semantic[row["frame"], 0, y - 2 : y + 2, x - 2 : x + 2] = 1
    files = dict(ctc_files(rows, semantic, pixel_size_um=1.0, min_area_um2=4, split_distance_um=4))
    masks = [tifffile.imread(io.BytesIO(files[f"mask{frame:03d}.tif"])) for frame in range(FRAMES)]
    pieces = [tuple(map(int, line.split())) for line in files["res_track.txt"].decode().splitlines()]
    seen = {label: [frame for frame in range(FRAMES) if (masks[frame] == label).any()] for label, *_ in pieces}
    # A label of the format has no gap, and is in the masks from its first to its last frame and nowhere else.
    assert all(seen[label] == list(range(begin, end + 1)) for label, begin, end, _ in pieces)
    assert set(np.unique(masks)) - {0} == set(seen)
    where = {}
    for row in rows:
        value = masks[row["frame"]][int(row["y_um"]), int(row["x_um"])]
        assert (value == 0) == (row["track"] is None)
        where[row["frame"], row["label"]] = int(value)
    # Links within a piece, and those that a piece has with its parent, are the links of the tracks; a merge keeps one.
    ends = {label: (begin, end) for label, begin, end, _ in pieces}
    told = {(parent, label) for label, _, _, parent in pieces if parent}
    meant = {(where[one], where[two]) for one, two in links(rows)}
    assert told <= meant
    assert {two for one, two in meant if one != two} == {label for _, label in told}
    assert all(ends[parent][1] < ends[label][0] for parent, label in told)
