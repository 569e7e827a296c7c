"""Tables of nuclei as later stages know them, without the image processing behind: columns, and the time of a frame."""

# fmt: off
TIME_COLUMNS = ["sequence", "frame", "time_h"]
NUCLEUS_COLUMNS = [
    *TIME_COLUMNS, "label", "x_um", "y_um", "area_um2", "dry_mass_pg", "p_live", "p_dead", "state",
    "touches_border",
]
# fmt: on


def frame_times_h(frames: int, start_h: float, frame_interval_min: float) -> list[float]:
    """
    Tell the time of every frame.

    Parameters
    ----------
    frames : int
        Number of frames.
    start_h : float
        Time of the first frame, hours.
    frame_interval_min : float
        Time between frames, minutes.

    Returns
    -------
    list of float
        Hours.
    """
    return [start_h + frame * frame_interval_min / 60 for frame in range(frames)]
