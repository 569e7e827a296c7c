"""Linking as TrackMate does it: the two-step linear assignment problem of Jaqaman et al., through laptrack."""

from __future__ import annotations

import numpy as np

from ..desk.errors import SettingsError


def lap_links(
    frame: np.ndarray,
    position_um: np.ndarray,
    *,
    search_range_um: float,
    memory: int,
    splitting: bool = False,
    merging: bool = False,
) -> np.ndarray:
    """Link with the assignment of TrackMate's LAP tracker (Jaqaman et al., Nat. Methods 5, 695, 2008).

    Parameters
    ----------
    frame : numpy.ndarray
        (n,) int64, from 0.
    position_um : numpy.ndarray
        (n, 2) float64, um; n at least 1.
    search_range_um : float
        Farthest a nucleus moves from one frame to the next, and over a gap, um.
    memory : int
        Frames in a row in which a nucleus may be missing; TrackMate's "max frame gap" is one more.
    splitting, merging : bool
        Whether one track may become two, and two become one.

    Returns
    -------
    numpy.ndarray
        (m, 2) int64: rows of the earlier and of the later detection of every link.

    Raises
    ------
    SettingsError
        If laptrack is not installed.
    """
    try:
        # Optional: only this tracker needs it.
        from laptrack import LapTrack
    except ImportError as error:
        raise SettingsError(
            "track.tracker = laptrack, but the package laptrack is not installed; install it with "
            "`pip install 'laptrack~=0.17'` (the extra laptrack of this project), or set track.tracker: trackpy"
        ) from error
    cutoff_um2 = search_range_um**2
    tracker = LapTrack(
        cutoff=cutoff_um2,
        gap_closing_cutoff=cutoff_um2 if memory else False,
        # laptrack counts steps, not missing frames: N bridges N - 1 of them.
        gap_closing_max_frame_count=memory + 1,
        splitting_cutoff=cutoff_um2 if splitting else False,
        merging_cutoff=cutoff_um2 if merging else False,
        # Where the 90th percentile of the costs falls between two of them, these give TrackMate's own links.
        alternative_cost_percentile_interpolation="higher" if splitting and merging else "lower",
    )
    rows = [np.flatnonzero(frame == number) for number in range(frame.max() + 1)]
    tree = tracker.predict([position_um[row] for row in rows])
    links = [(rows[start][i], rows[end][j]) for (start, i), (end, j) in tree.edges]
    return np.array(sorted(links), np.int64).reshape(-1, 2)
