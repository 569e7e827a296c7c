"""Linking on real nuclei and against TrackMate's own links, where they are at hand.

LIVEDEAD_TRACKING_DATA names the folder that holds tracking_ctc/ (annotations of the Cell Tracking Challenge, HeLa, a
frame every 30 min) and trackmate_laptrack/ (files TrackMate wrote, from the tests of laptrack).
"""

import os
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from livedead.motion.lap import lap_links
from livedead.motion.linking import trackpy_links, tracks_of_links

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("LIVEDEAD_TRACKING_DATA", ROOT.parent / "shared/data"))
HELA = DATA / "tracking_ctc/Fluo-N2DL-HeLa_01_GT_TRA.csv"
TRACKMATE = DATA / "trackmate_laptrack"
PIXEL_UM, SIZE_PX, FRAMES = 0.645, (700, 1100), 92
WINDOW, STARTS = 25, (0, 22, 44, 67)

real_nuclei = pytest.mark.skipif(
    not HELA.is_file(),
    reason="the tracked HeLa nuclei are not at hand; set LIVEDEAD_TRACKING_DATA to the folder that holds tracking_ctc/",
)
trackmate_files = pytest.mark.skipif(
    not TRACKMATE.is_dir(),
    reason="TrackMate's files are not at hand; set LIVEDEAD_TRACKING_DATA to the folder that holds trackmate_laptrack/",
)


@pytest.fixture(scope="module")
def nuclei():
    """Annotated nuclei, positions in um, frames that the annotation lacks filled in along a straight line."""
    filled = []
    for track, rows in pd.read_csv(HELA).groupby("track_id"):
        frame = np.arange(rows["frame"].min(), rows["frame"].max() + 1)
        y, x = (np.interp(frame, rows["frame"], rows[axis]) * PIXEL_UM for axis in "yx")
        filled.append(pd.DataFrame({"frame": frame, "cell": track, "y": y, "x": x}))
    return pd.concat(filled, ignore_index=True)


def with_errors(nuclei, missed, seed):
    """Leave out a share of the nuclei, add half as many that are none, and move all by about a pixel."""
    rng = np.random.default_rng(seed)
    found = nuclei[rng.random(len(nuclei)) >= missed].copy()
    if missed:
        found[["y", "x"]] += rng.normal(0, PIXEL_UM, (len(found), 2))
    spurious = round(len(nuclei) * missed / 2)
    places = rng.uniform(0, np.multiply(SIZE_PX, PIXEL_UM), (spurious, 2)).T
    false = {"frame": rng.integers(0, FRAMES, spurious), "cell": 0, "y": places[0], "x": places[1]}
    return pd.concat([found, pd.DataFrame(false)], ignore_index=True)


def recovered(nuclei, found):
    """Shares of the nuclei present in a whole window whose track is complete and pure, and whose track is pure."""
    complete, pure = [], []
    for start in STARTS:
        inside, tracked = (table[table["frame"].between(start, start + WINDOW - 1)] for table in (nuclei, found))
        present = inside.groupby("cell").size()
        members = tracked.groupby("track")["cell"].agg(set)
        for cell in present.index[present == WINDOW]:
            tracks = tracked.loc[tracked["cell"] == cell, "track"]
            pure.append(not members[tracks.mode()[0]] - {0, cell})
            # As strict as can be: not even a detection that is no nucleus lies in the track.
            complete.append(tracks.nunique() == 1 and members[tracks.iloc[0]] == {cell})
    return np.mean(complete), np.mean(pure)


# Search range in camera pixels of these films, share of missed nuclei, complete tracks found before for memory 2.
@real_nuclei
@pytest.mark.parametrize(
    ("range_px", "missed", "figure"),
    [
        (20, 0, 0.976), (20, 0.02, 0.967), (20, 0.05, 0.959), (20, 0.10, 0.894),
        (25, 0, 0.992), (25, 0.02, 0.992), (25, 0.05, 0.976), (25, 0.10, 0.902),
    ],
)  # fmt: skip
def test_twelve_hours_of_real_nuclei(nuclei, range_px, missed, figure):
    shares = []
    for seed in range(3 if missed else 1):
        found = with_errors(nuclei, missed, seed)
        frame, position_um = found["frame"].to_numpy(), found[["y", "x"]].to_numpy()
        reach = {"search_range_um": range_px * PIXEL_UM, "memory": 2}
        links = trackpy_links(frame, position_um, **reach, adaptive_stop_um=3, adaptive_step=0.9)
        found["track"] = tracks_of_links(frame, links).number
        shares.append(recovered(nuclei, found))
    complete, pure = np.mean(shares, axis=0)
    # Read with `pytest -rP`.
    print(f"{range_px} px, {missed:.0%} missed: complete {complete:.3f} (before {figure}), pure {pure:.3f}")
    assert complete >= figure - 0.02
    assert pure >= complete


@real_nuclei
def test_the_memory_decides(nuclei):
    found = with_errors(nuclei, 0.05, 0)
    frame, position_um = found["frame"].to_numpy(), found[["y", "x"]].to_numpy()
    complete = []
    for memory in (0, 1, 2):
        links = trackpy_links(
            frame, position_um, search_range_um=16, memory=memory, adaptive_stop_um=3, adaptive_step=0.9
        )
        complete.append(recovered(nuclei, found.assign(track=tracks_of_links(frame, links).number))[0])
    assert complete[0] < 0.5 < 0.85 < complete[1] < complete[2]


@trackmate_files
@pytest.mark.parametrize(
    "name", ["without_gap_closing", "with_gap_closing", "with_splitting", "with_merging", "with_splitting_merging"]
)
def test_links_are_those_of_trackmate(name):
    root = ElementTree.parse(TRACKMATE / f"trackmate_tracks_{name}.xml").getroot()
    spots = list(root.iter("Spot"))
    position = np.array([[float(spot.get(f"POSITION_{axis}")) for axis in "YX"] for spot in spots])
    frame = np.array([int(float(spot.get("FRAME"))) for spot in spots])
    settings = {key: value for part in root.find(".//TrackerSettings") for key, value in part.attrib.items()}
    reaches = {value for key, value in settings.items() if key.endswith("MAX_DISTANCE")}
    assert len(reaches) == 1
    links = lap_links(
        frame,
        position,
        search_range_um=float(reaches.pop()),
        memory=int(settings["MAX_FRAME_GAP"]) - 1 if settings["ALLOW_GAP_CLOSING"] == "true" else 0,
        splitting=settings["ALLOW_TRACK_SPLITTING"] == "true",
        merging=settings["ALLOW_TRACK_MERGING"] == "true",
    )
    ours = {(spots[one].get("ID"), spots[two].get("ID")) for one, two in links}
    theirs = {(edge.get("SPOT_SOURCE_ID"), edge.get("SPOT_TARGET_ID")) for edge in root.iter("Edge")}
    frames = {spot.get("ID"): number for spot, number in zip(spots, frame, strict=True)}
    # TrackMate writes some links from the later to the earlier spot.
    assert ours == {tuple(sorted(edge, key=frames.get)) for edge in theirs}
    assert len(ours) > 100
