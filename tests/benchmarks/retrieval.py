"""From camera counts to phase: the kernel, the whole stage of a large and of a default field, and unwrapping."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import yaml
from livedead.optics.film_retrieval import FilmRetrieval
from livedead.optics.kernels import fringe_sums, jumps_above, wrapped_phase
from livedead.optics.retrieval import illumination_rows
from livedead.optics.simulator import film_field
from livedead.optics.unwrapping import unwrap_where_needed
from skimage.restoration import unwrap_phase

from tests.benchmarks.sidebyside import Table, side_by_side

CONFIG = yaml.safe_load((Path(__file__).parents[2] / "config.yaml").read_text(encoding="utf-8"))
SETTINGS = CONFIG["phase"]
RING, OFFSET = SETTINGS["ring_transmission"], SETTINGS["camera_offset_adu"]
LARGE, DEFAULT = 2048, 832
LIGHT = 1500.0


def tables() -> list[Table]:
    """Measure the kernel, the stage and unwrapping.

    Returns
    -------
    list of Table
    """
    field = simulated()
    large = np.tile(field, (1, 3, 3))[:, :LARGE, :LARGE].copy()
    return [kernel(large), stage(large), small_stage(field)]


def simulated() -> np.ndarray:
    """Counts (4, 832, 832) of one default field of live and dead cells."""
    settings = CONFIG["simulate"]
    settings["optics"]["frame_px"] = [DEFAULT, DEFAULT]
    (frame,) = film_field(
        3,
        settings=settings,
        pixel_size_um=0.65,
        wavelength_nm=550,
        times_h=[4.0],
        downsample=1,
        refraction_increment_um3_per_pg=0.2,
        stained=False,
    )
    return frame.raw


def copying(counts: np.ndarray) -> partial:
    """Copy as many bytes as the retrieval reads and writes: half of its traffic read, half of it written."""
    size = (counts.nbytes + counts[0].size * 4) // 2
    return partial(np.copyto, np.ones(size, np.uint8), np.ones(size, np.uint8))


def plain(counts: np.ndarray, dtype: type) -> np.ndarray:
    """Retrieve with whole arrays of one type, as the formula stands."""
    i0, i1, i2, i3 = counts.astype(dtype) - dtype(OFFSET)
    k = dtype(RING / 4 / LIGHT)
    return np.arctan2(k * (i3 - i1), 1 + k * (i0 - i2))


def kernel(counts: np.ndarray) -> Table:
    """Four frames to the wrapped phase."""
    dark, gains = (np.full((1, 1), OFFSET, np.float32),) * 4, np.ones(4, np.float32)
    rows = illumination_rows(np.array([LIGHT * 4 / RING]), counts.shape[1:])
    phase = np.empty(counts.shape[1:], np.float32)
    ours = partial(wrapped_phase, tuple(counts), dark, gains, rows, phase)
    ours()
    exact = plain(counts, np.float64)

    def error(found: np.ndarray) -> str:
        return f"largest error {np.abs(np.angle(np.exp(1j * (found - exact)))).max():.1e} rad"

    return side_by_side(
        f"Retrieval: four frames of {LARGE} x {LARGE}, 16 bits, to the wrapped phase",
        {
            "memcpy of the same traffic": copying(counts),
            "livedead: wrapped_phase": ours,
            "livedead: its closure and modulation": partial(fringe_sums, tuple(counts), dark, gains),
            "NumPy, float32": partial(plain, counts, np.float32),
            "NumPy, float64": partial(plain, counts, np.float64),
        },
        floor="memcpy of the same traffic",
        notes={"livedead: wrapped_phase": error(phase), "NumPy, float32": error(plain(counts, np.float32))},
    )


def stage(counts: np.ndarray) -> Table:
    """The whole stage of a large field, and what unwrapping adds."""
    retrieve, smooth = FilmRetrieval(SETTINGS, 550), FilmRetrieval(SETTINGS | {"unwrap": "never"}, 550)
    phase = FilmRetrieval(SETTINGS | {"unwrap": "never", "downsample": 1}, 550)(counts)[0]
    gate = SETTINGS["unwrap_gate_rad"]
    in_boxes = partial(unwrap_where_needed, phase, mode="gated", gate_rad=gate)
    away = in_boxes()[0] - unwrap_phase(phase, rng=0)
    turns = np.rint(away / (2 * np.pi))
    same = int((turns != np.median(turns)).sum())
    return side_by_side(
        f"Phase stage: one time point of {LARGE} x {LARGE} from counts to downsampled phase and quality",
        {
            "memcpy of the counts and the phase": copying(counts),
            "stage, without unwrapping": partial(smooth, counts),
            "stage, unwrapped where needed": partial(retrieve, counts),
            "unwrapping alone, where needed": in_boxes,
            "unwrapping alone, whole field (scikit-image)": partial(unwrap_phase, phase, rng=0),
        },
        floor="memcpy of the counts and the phase",
        notes={
            "unwrapping alone, where needed": f"{jumps_above(phase, np.float32(gate))} jumps; {same} pixels unlike "
            "those of the whole field"
        },
    )


def small_stage(counts: np.ndarray) -> Table:
    """Measure the whole stage of a default field."""
    return side_by_side(
        f"Phase stage: one time point of {DEFAULT} x {DEFAULT}",
        {
            "memcpy of the counts and the phase": copying(counts),
            "stage": partial(FilmRetrieval(SETTINGS, 550), counts),
        },
        floor="memcpy of the counts and the phase",
    )
