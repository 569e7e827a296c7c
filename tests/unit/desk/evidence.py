"""Evidence of a small run with known numbers."""

from livedead.desk.evidence import Evidence

FILM = {
    "sequence": "a", "cohort": "hela", "cell_line": "HeLa", "replicate": "r1", "well": "w1", "condition": "stained",
    "confluence": "low", "data": "simulated", "interferograms": 4, "shifts": "0, pi/2, pi, 3pi/2",
    "camera_height_px": 640, "camera_pixel_um": 0.325, "frames": 10, "height_px": 320, "width_px": 320,
    "pixel_um": 0.65, "field_um": 208.0, "frame_interval_min": 60.0, "duration_h": 9.0,
}  # fmt: skip


def film(**changes):
    return FILM | changes


def evidence(films=(FILM,), **tables):
    """Evidence whose tables all belong to the cohort hela."""
    return Evidence(films, {kind: {"hela": rows} for kind, rows in tables.items()})
