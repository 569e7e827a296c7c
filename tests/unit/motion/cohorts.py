"""Cohorts made by hand: relative growth of cells with a known difference between the arms."""

import numpy as np
from livedead.motion.growth import Growth

TIMES = np.arange(25) * 0.5


def ar1(rng, cells, times, rho, sd):
    """Noise of cells that keep their size: (cells, times), stationary, correlation rho from time to time."""
    noise = rng.normal(0, 1, (cells, times))
    for column in range(1, times):
        noise[:, column] = rho * noise[:, column - 1] + np.sqrt(1 - rho**2) * noise[:, column]
    return sd * noise


def growth(seed=0, sizes=(57, 34), difference=0.0, window_h=(2, 7), sd=0.2, rho=0.9, well_sd=0.0, quantity="area"):
    """Growth of stained and unstained cells, three wells each, that differ in a window by `difference`."""
    rng = np.random.default_rng(seed)
    number = sum(sizes)
    condition = np.array(["stained"] * sizes[0] + ["unstained"] * sizes[1], dtype=object)
    well = np.array([f"w{i % 3 + 1 + 3 * (name == 'unstained')}" for i, name in enumerate(condition)], dtype=object)
    inside = np.abs(TIMES - np.mean(window_h)) <= np.ptp(window_h) / 2 + 1e-9
    values = 1.1 + ar1(rng, number, len(TIMES), rho, sd) + difference * np.outer(condition == "stained", inside)
    shift = {name: rng.normal(0, well_sd) for name in sorted(set(well))}
    values += np.array([shift[name] for name in well])[:, np.newaxis]
    values[:, 0] = 1
    return Growth(quantity, TIMES, values, condition, well)


def small(stained, unstained, times=(0, 0.5, 1)):
    """Growth of given values, one row per cell, without the start."""
    values = np.array([[1, *row] for row in [*stained, *unstained]], dtype=float).reshape(-1, len(times))
    condition = np.array(["stained"] * len(stained) + ["unstained"] * len(unstained), dtype=object)
    return Growth("area", np.array(times, dtype=float), values, condition, condition.copy())


def films(stained=3, unstained=3):
    """Rows of the sheet, one well per film."""
    arms = ["stained"] * stained + ["unstained"] * unstained
    return [
        {"sequence": f"s{number}", "condition": arm, "replicate": "r1", "well": f"w{number}"}
        for number, arm in enumerate(arms, start=1)
    ]


MASS = {"wavelength_nm": 550, "refraction_increment_um3_per_pg": 0.2, "halo_correction": "none"}


def tables(found, cells=6, frames=4, interval_h=0.5, seed=0):
    """Tables of tracks and lives of films; in each one cell is lost after frame 1, one nucleus in no track."""
    rng = np.random.default_rng(seed)
    tracks, lives = [], []
    for film in found:
        name = film["sequence"]
        for track in range(cells):
            kept = track < cells - 1
            last = frames - 1 if kept else 1
            size = 1 + np.cumsum([0, *rng.normal(0.01, 0.03, frames - 1)])
            for frame in range(last + 1):
                row = {"sequence": name, "frame": frame, "time_h": frame * interval_h, "track": track} | MASS
                tracks.append(row | {"area_relative": size[frame], "dry_mass_relative": size[frame] ** 2})
            life = {"sequence": name, "track": track, "start_h": 0.0, "end_h": last * interval_h}
            life |= {"begins_at_start": True, "ends_at_end": kept, "ends_with_film": kept}
            life |= {"kept": kept, "reason": "kept" if kept else "lost"}
            lives.append(life | {"death_h": None, "death_observed": False})
        stray = {"sequence": name, "frame": 0, "time_h": 0.0, "track": None} | MASS
        tracks.append(stray | {"area_relative": None, "dry_mass_relative": None})
    return tracks, lives
