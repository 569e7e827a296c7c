"""Films of nuclei made by hand."""

from pathlib import Path

import numpy as np
import yaml
from livedead.optics.population import film_population

CONFIG = yaml.safe_load((Path(__file__).resolve().parents[3] / "config.yaml").read_text(encoding="utf-8"))
TRACK = CONFIG["track"]
MASS = {"wavelength_nm": 550, "refraction_increment_um3_per_pg": 0.2, "halo_correction": "none"}


def nucleus(frame, x_um, y_um=0.0, **more):
    """Row of a table of nuclei; its label is given by `film`."""
    row = {"sequence": "s1", "frame": frame, "time_h": frame / 2, "label": 1, "x_um": x_um, "y_um": y_um}
    row |= {"area_um2": 200.0, "dry_mass_pg": 50.0, "p_live": 0.9, "p_dead": 0.1, "state": "live"}
    return row | {"touches_border": False} | more


def film(*rows):
    """Table of nuclei, labels 1..n in every frame."""
    rows = sorted(rows, key=lambda row: row["frame"])
    seen = {}
    for row in rows:
        row["label"] = seen[row["frame"]] = seen.get(row["frame"], 0) + 1
    return rows


def standing(x_um, frames, **more):
    """A nucleus that stays where it is, in the given frames."""
    return [nucleus(frame, x_um, **more) for frame in frames]


def truth_film(seed, frames=25, interval_h=0.5, field_um=208.0, **kinetics):
    """Truth of a simulated field: positions and identities of its cells, those near the edge as cut by it."""
    settings = CONFIG["simulate"]
    settings = settings | {"kinetics": settings["kinetics"] | kinetics}
    margin_um = settings["optics"]["margin_um"]
    side_um = (field_um + 2 * margin_um,) * 2
    times_h = np.arange(frames) * interval_h
    cells = film_population(np.random.default_rng(seed), times_h=times_h, side_um=side_um, settings=settings)
    radius_um = settings["cells"]["nucleus_radius_um"]
    rows = []
    for frame, members in enumerate(cells):
        for cell in members:
            y_um, x_um = cell.y_um - margin_um, cell.x_um - margin_um
            depth_um = min(y_um, x_um, field_um - y_um, field_um - x_um)
            if depth_um > 0:
                rows.append(
                    {
                        "frame": frame,
                        "nucleus": cell.nucleus_id,
                        "parent": cell.parent_id,
                        "state": "dead" if cell.condition.dead else "live",
                        "x_um": x_um,
                        "y_um": y_um,
                        "area_um2": np.pi * radius_um**2,
                        "floating": cell.defocus_um != 0,
                        "touches_border": depth_um < radius_um,
                    }
                )
    return rows


def disk(frame, y, x, value, radius=5):
    """Paint a disk into an image."""
    grid_y, grid_x = np.ogrid[: frame.shape[0], : frame.shape[1]]
    frame[(grid_y - y) ** 2 + (grid_x - x) ** 2 <= radius**2] = value
