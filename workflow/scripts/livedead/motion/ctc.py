"""Tracks in the format of the Cell Tracking Challenge: one mask per frame and a table of tracks without gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..cells.nuclei import split_nuclei
from ..desk.errors import DataError
from ..optics.image_files import tiff_bytes
from .lineage import chains, parents_of

_MOST_LABELS = np.iinfo(np.uint16).max


class Piece(NamedTuple):
    """Part of a track without a gap: a line L B E P of res_track.txt."""

    label: int
    begin: int
    end: int
    parent: int


def ctc_pieces(tracks: Sequence[Mapping[str, Any]]) -> tuple[list[Piece], dict[tuple[int, int], int]]:
    """Cut tracks at their gaps, because a label of the format has none.

    Parameters
    ----------
    tracks : sequence of mapping
        Rows of `livedead.motion.tracks.TRACK_COLUMNS` of one film.

    Returns
    -------
    pieces : list of Piece
        What follows a gap has the piece before it as parent; so has what follows a split, and of the tracks that
        merge the first.
    labels : dict
        Piece of every linked nucleus, by frame and label of the nucleus.

    Raises
    ------
    DataError
        If there are more pieces than 16 bits can number.
    """
    spans: list[list[int]] = []
    labels: dict[tuple[int, int], int] = {}
    last_piece: dict[int, int] = {}
    origins: dict[int, int] = {}
    for track, rows in chains(tracks).items():
        for place, row in enumerate(rows):
            if place == 0 or row["frame"] > rows[place - 1]["frame"] + 1:
                spans.append([row["frame"], row["frame"], last_piece.get(track, 0)])
                last_piece[track] = len(spans)
            spans[-1][1] = row["frame"]
            labels[row["frame"], row["label"]] = len(spans)
            if place == 0 and parents_of(row):
                origins[len(spans)] = parents_of(row)[0]
    if len(spans) > _MOST_LABELS:
        raise DataError(
            f"{len(spans)} pieces of tracks (wanted at most {_MOST_LABELS}, the labels of a 16-bit mask); export a "
            "shorter film, or raise track.min_detections"
        )
    # Tracks are numbered by their first detection, so a parent always stands before its child, but not its last piece.
    pieces = [
        Piece(number, begin, end, last_piece[origins[number]] if number in origins else parent)
        for number, (begin, end, parent) in enumerate(spans, start=1)
    ]
    return pieces, labels


def ctc_files(
    tracks: Sequence[Mapping[str, Any]],
    semantic: Iterable[np.ndarray],
    *,
    pixel_size_um: float,
    min_area_um2: float,
    split_distance_um: float,
) -> Iterator[tuple[str, bytes]]:
    """Write tracks as files of the Cell Tracking Challenge.

    Parameters
    ----------
    tracks : sequence of mapping
        Rows of `livedead.motion.tracks.TRACK_COLUMNS` of one film.
    semantic : iterable of numpy.ndarray
        Frames (1, Y, X) of the predicted map, 0 background, 1 live, 2 dead.
    pixel_size_um, min_area_um2, split_distance_um : float
        As for `livedead.cells.nuclei.split_nuclei`; the values with which the nuclei were measured.

    Yields
    ------
    name : str
        res_track.txt, then mask000.tif, mask001.tif, ...
    content : bytes
        Masks are uint16; nuclei in no track are left out.

    Raises
    ------
    DataError
        If the map does not hold the nuclei of the table.
    """
    pieces, labels = ctc_pieces(tracks)
    yield "res_track.txt", "".join(f"{' '.join(map(str, piece))}\n" for piece in pieces).encode()
    for frame, (semantic_map,) in enumerate(semantic):
        nuclei, _ = split_nuclei(
            semantic_map, pixel_size_um, min_area_um2=min_area_um2, split_distance_um=split_distance_um
        )
        here = {label: piece for (of_frame, label), piece in labels.items() if of_frame == frame}
        found = int(nuclei.max(initial=0))
        if max(here, default=0) > found:
            raise DataError(
                f"frame {frame} has nucleus {max(here)}, but the predicted map only {found} nuclei (wanted the map the "
                "table was measured on); run measure_nuclei and link_nuclei again"
            )
        values = np.zeros(found + 1, np.uint16)
        for label, piece in here.items():
            values[label] = piece
        yield f"mask{frame:03d}.tif", tiff_bytes(values[nuclei])
