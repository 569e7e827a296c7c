"""Exports, read back by others' code: geff for TrackMate and the Cell Tracking Challenge, pandas for napari."""

import io
from collections import Counter

import geff
import numpy as np
import pandas as pd
import pytest
import tifffile
from geff.convert import from_ctc_to_geff, from_trackmate_xml_to_geff
from livedead.cells.records import measure_sequence
from livedead.desk.errors import DataError
from livedead.motion.ctc import Piece, ctc_files, ctc_pieces
from livedead.motion.lineage import chains, families, parents_of
from livedead.motion.napari import NAPARI_COLUMNS, napari_csv
from livedead.motion.trackmate import trackmate_xml
from livedead.motion.tracks import track_film

from tests.unit.motion.films import MASS, TRACK, disk

PIXEL_UM = 0.65
SIZE = {"min_area_um2": 5, "split_distance_um": 3}
FORM = {"frames": 6, "shape": (90, 120), "pixel_size_um": PIXEL_UM, "frame_interval_min": 30.0}


@pytest.fixture(scope="module")
def semantic():
    """Six frames: one nucleus throughout, one with a gap, one that divides, one lone detection."""
    frames = np.zeros((6, 1, 90, 120), np.uint8)
    for number, frame in enumerate(frames):
        disk(frame[0], 20 + number, 20, 1)
        if number not in (2, 3):
            disk(frame[0], 20, 100, 2)
        for side in (0,) if number < 3 else (-4, 4):
            disk(frame[0], 65, 60 + side, 1, radius=3)
    disk(frames[4, 0], 80, 12, 1)
    return frames


@pytest.fixture(scope="module")
def tracks(semantic):
    probability = np.concatenate([255 * (semantic == value) for value in (1, 2, 0)], axis=1).astype(np.uint8)
    nuclei, _ = measure_sequence(
        semantic,
        probability,
        semantic.astype(np.float32),
        channels=("live", "dead", "background"),
        sequence="s1",
        times_h=[frame / 2 for frame in range(6)],
        pixel_size_um=PIXEL_UM,
        phase_in_rad=True,
        wavelength_nm=550,
        refraction_increment_um3_per_pg=0.2,
        **SIZE,
    )
    rows = track_film(nuclei, "s1", [frame / 2 for frame in range(6)], TRACK, MASS).tracks
    # As if the tracker had seen the division: the mother ends, both daughters name her.
    found = chains(rows)
    mother = next(track for track, members in found.items() if abs(members[0]["y_um"] / PIXEL_UM - 65) < 1)
    other = next(track for track, members in found.items() if members[0]["frame"] == 3)
    for row in found[mother][3:]:
        row["track"] = 9
    for daughter in (found[mother][3], found[other][0]):
        daughter["parents"] = str(mother)
    return rows


def links_of(tracks):
    """Links that the tables say, as pairs of (frame, rounded x, rounded y)."""
    found = chains(tracks)
    pairs = [pair for rows in found.values() for pair in zip(rows, rows[1:], strict=False)]
    pairs += [(found[parent][-1], rows[0]) for rows in found.values() for parent in parents_of(rows[0])]
    return {(place(one), place(two)) for one, two in pairs}


def place(row):
    return row["frame"], round(row["x_um"], 4), round(row["y_um"], 4)


def read_graph(path):
    graph, _ = geff.read(path)
    return graph


def test_the_film_has_a_gap_a_split_and_a_lone_nucleus(tracks):
    assert Counter(len(rows) for rows in chains(tracks).values()) == {6: 1, 4: 1, 3: 3}
    assert sum(row["track"] is None for row in tracks) == 1
    assert sorted(len(family) for family in families(chains(tracks))) == [1, 1, 3]


def test_trackmate_file_is_read_back_by_others(tracks, tmp_path):
    path = tmp_path / "s1.trackmate.xml"
    path.write_bytes(trackmate_xml(tracks, image="s1.phase.ome.tif", **FORM))
    from_trackmate_xml_to_geff(path, tmp_path / "s1.geff")
    graph = read_graph(tmp_path / "s1.geff")
    nodes = {
        node: (about["FRAME"], round(about["POSITION_X"], 4), round(about["POSITION_Y"], 4))
        for node, about in graph.nodes(data=True)
    }
    assert sorted(nodes.values()) == sorted(map(place, tracks))
    assert {(nodes[one], nodes[two]) for one, two in graph.edges} == links_of(tracks)
    about = {nodes[node]: about for node, about in graph.nodes(data=True)}
    for row in tracks:
        spot = about[place(row)]
        assert spot["POSITION_T"] == 60 * row["time_h"]
        assert np.pi * spot["RADIUS"] ** 2 == pytest.approx(row["area_um2"])
        assert (spot["DRY_MASS_PG"], spot["DEAD"]) == (pytest.approx(row["dry_mass_pg"]), row["state"] == "dead")
    # Tracks that a split connects are one track of TrackMate.
    assert len({spot["TRACK_ID"] for spot in about.values() if spot.get("TRACK_ID") is not None}) >= 3


def test_trackmate_without_dry_mass_or_without_nuclei(tracks, tmp_path):
    without = [row | {"dry_mass_pg": None} for row in tracks]
    assert b"DRY_MASS" not in trackmate_xml(without, image="a.tif", **FORM)
    empty = trackmate_xml([], image="a.tif", **FORM)
    assert b'nspots="0"' in empty
    assert empty.count(b"<SpotsInFrame") == 6


def test_challenge_files_are_read_back_by_others(tracks, semantic, tmp_path):
    folder = tmp_path / "01_RES"
    folder.mkdir()
    for name, content in ctc_files(tracks, semantic, pixel_size_um=PIXEL_UM, **SIZE):
        (folder / name).write_bytes(content)
    assert sorted(file.name for file in folder.iterdir()) == [*(f"mask00{n}.tif" for n in range(6)), "res_track.txt"]
    from_ctc_to_geff(folder, tmp_path / "ctc.geff")
    graph = read_graph(tmp_path / "ctc.geff")
    linked = [row for row in tracks if row["track"] is not None]
    nodes = {
        node: (about["t"], round(about["x"] * PIXEL_UM, 4), round(about["y"] * PIXEL_UM, 4))
        for node, about in graph.nodes(data=True)
    }
    assert sorted(nodes.values()) == sorted(map(place, linked))
    assert {(nodes[one], nodes[two]) for one, two in graph.edges} == links_of(tracks)


def test_challenge_labels_have_no_gaps(tracks, semantic):
    files = dict(ctc_files(tracks, semantic, pixel_size_um=PIXEL_UM, **SIZE))
    masks = [tifffile.imread(io.BytesIO(files[f"mask00{n}.tif"])) for n in range(6)]
    assert {mask.dtype for mask in masks} == {np.dtype(np.uint16)}
    pieces = np.loadtxt(io.BytesIO(files["res_track.txt"]), dtype=int)
    for label, begin, end, parent in pieces:
        assert [n for n, mask in enumerate(masks) if (mask == label).any()] == list(range(begin, end + 1))
        assert parent == 0 or dict(zip(pieces[:, 0], pieces[:, 2], strict=True))[parent] < begin
    assert set(np.unique(masks)) - {0} == set(pieces[:, 0])
    assert Counter((parent > 0) for parent in pieces[:, 3]) == {True: 3, False: 3}
    assert files == dict(ctc_files(tracks, semantic, pixel_size_um=PIXEL_UM, **SIZE))


def test_a_merge_has_its_first_parent():
    rows = [
        {"frame": 0, "label": 1, "track": 1, "parents": None},
        {"frame": 0, "label": 2, "track": 2, "parents": None},
        {"frame": 2, "label": 1, "track": 1, "parents": None},
        {"frame": 3, "label": 1, "track": 3, "parents": "1,2"},
    ]
    assert ctc_pieces(rows)[0] == [Piece(1, 0, 0, 0), Piece(2, 2, 2, 1), Piece(3, 0, 0, 0), Piece(4, 3, 3, 2)]
    assert families(chains(rows)) == [[1, 2, 3]]


def test_a_map_of_another_film_is_refused(tracks, semantic):
    with pytest.raises(DataError, match="frame 0 has nucleus 3, but the predicted map only 0 nuclei"):
        dict(ctc_files(tracks, np.zeros_like(semantic), pixel_size_um=PIXEL_UM, **SIZE))


def test_more_pieces_than_a_mask_can_hold():
    rows = [{"frame": 0, "label": n, "track": n, "parents": None} for n in range(1, 65537)]
    with pytest.raises(DataError, match="65536 pieces of tracks .wanted at most 65535"):
        ctc_pieces(rows)


def test_napari_table_has_the_order_of_the_layer(tracks):
    table = pd.read_csv(io.StringIO(napari_csv(tracks, PIXEL_UM)))
    assert list(table) == NAPARI_COLUMNS
    linked = {(row["track"], row["frame"]): row for row in tracks if row["track"] is not None}
    # napari: one row per vertex, id and time whole numbers, sorted by both, then y and x.
    data = table[["track_id", "t", "y", "x"]].to_numpy()
    assert data.shape == (len(linked), 4)
    assert (np.diff(data[:, 0]) >= 0).all()
    assert all((np.diff(group["t"]) > 0).all() for _, group in table.groupby("track_id"))
    for track, frame, y, x in data:
        row = linked[track, frame]
        assert (y * PIXEL_UM, x * PIXEL_UM) == pytest.approx((row["y_um"], row["x_um"]), abs=1e-5)
    assert table["state"].isin(["live", "dead"]).all()
    assert table["parents"].notna().sum() == 2
    assert napari_csv([], PIXEL_UM) == ",".join(NAPARI_COLUMNS) + "\n"
