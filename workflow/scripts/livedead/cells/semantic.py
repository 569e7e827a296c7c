"""NucBlue and NucGreen -> nuclei, each live or dead, and the semantic map (paper, Methods and Supp. Note 1)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import ndimage as ndi

from ..desk.errors import DataError
from ..optics.sampling import downsample_area_mean
from .background import local_background, noise_after_lowpass
from .geometry import areas_px, centroids_px, keep, medians, touches_border
from .outlines import edge_widths, outline_nuclei, ring_background

BACKGROUND, LIVE, DEAD = 0, 1, 2
#: Names of the values of a semantic map.
STATE_NAMES = {LIVE: "live", DEAD: "dead"}
#: Reasons for which a found object is not kept, in the order of the tests.
REASONS = ("small", "large", "faint", "out_of_focus")
#: A nucleus cut by the border of the image may be this much smaller than a whole one.
BORDER_AREA_FACTOR = 0.25


@dataclass(frozen=True)
class LabelledFrame:
    """
    Nuclei of one frame.

    Attributes
    ----------
    instances : numpy.ndarray
        (Y, X) uint16, 0 background, 1..n nuclei.
    semantic : numpy.ndarray
        (Y, X) uint8, 0 background, 1 live, 2 dead.
    nuclei : list of dict
        One row per nucleus: label, x_um, y_um, area_um2, dead_ratio, state, touches_border.
    counts : dict
        found, kept and dropped_<reason>: numbers of objects; found = kept + all dropped.
    """

    instances: np.ndarray
    semantic: np.ndarray
    nuclei: list[dict[str, Any]]
    counts: dict[str, int]


def label_frame(
    blue: np.ndarray, green: np.ndarray, pixel_size_um: float, settings: Mapping[str, float]
) -> LabelledFrame:
    """
    Find the nuclei of one stained frame and tell the dead from the live ones.

    Parameters
    ----------
    blue, green : numpy.ndarray
        (Y, X) NucBlue and NucGreen, camera counts of any real dtype, offset included.
    pixel_size_um : float
        Side of a pixel in the sample, um.
    settings : mapping
        Section ``labels`` of the configuration: lowpass_sigma_um, background_window_um, threshold_fraction,
        min_area_um2, max_area_um2, split_distance_um, dead_ratio, max_edge_um, min_contrast.

    Returns
    -------
    LabelledFrame
        Maps, table rows and counts.

    Raises
    ------
    DataError
        If the frames are not two finite images of one shape.
    """
    blue, green = (_checked(frame, name) for frame, name in ((blue, "NucBlue"), (green, "NucGreen")))
    if blue.shape != green.shape:
        raise DataError(f"NucBlue is {blue.shape} pixels and NucGreen {green.shape}: record both on one camera field")
    sigma_px = settings["lowpass_sigma_um"] / pixel_size_um
    window_px = settings["background_window_um"] / pixel_size_um
    ring_px = settings["split_distance_um"] / pixel_size_um
    smooth = ndi.gaussian_filter(blue, sigma_px, mode="nearest")
    smooth -= local_background(smooth, window_px)
    found = outline_nuclei(
        smooth,
        noise_after_lowpass(blue, sigma_px),
        threshold_fraction=settings["threshold_fraction"],
        lowpass_sigma_px=sigma_px,
        split_distance_px=ring_px,
        max_edge_px=settings["max_edge_um"] / pixel_size_um,
        min_area_px=settings["min_area_um2"] / pixel_size_um**2,
        min_contrast=settings["min_contrast"],
    )
    fails = _gates(found, smooth, pixel_size_um, sigma_px, ring_px, settings)
    kept = ~np.any(list(fails.values()), axis=0)
    counts = {"found": kept.size, "kept": int(kept.sum())}
    counts |= {f"dropped_{reason}": int(failed.sum()) for reason, failed in fails.items()}
    instances = keep(found, kept).astype(np.uint16)
    ratio = dead_ratios(blue, green, instances, 2 * sigma_px, ring_px)
    states = np.where(ratio > settings["dead_ratio"], DEAD, LIVE).astype(np.uint8)
    semantic = np.concatenate([[BACKGROUND], states]).astype(np.uint8)[instances]
    return LabelledFrame(instances, semantic, describe_nuclei(instances, states, pixel_size_um, ratio), counts)


def dead_ratios(
    blue: np.ndarray, green: np.ndarray, instances: np.ndarray, gap_px: float, ring_px: float
) -> np.ndarray:
    """
    Divide the NucGreen by the NucBlue brightness of every nucleus, background subtracted.

    Medians over the nucleus and over a ring around it are taken on the unsmoothed frames, so neither light
    spilled from a bright neighbour nor a wrong pixel at the seam of two touching nuclei decides.

    Parameters
    ----------
    blue, green : numpy.ndarray
        (Y, X) NucBlue and NucGreen, camera counts.
    instances : numpy.ndarray
        (Y, X) integer map, 0 background, 1..n nuclei.
    gap_px, ring_px : float
        Distance of the ring from the outline and its width, pixels.

    Returns
    -------
    numpy.ndarray
        (n,) float64, NucGreen/NucBlue; NaN where NucBlue is not above its background.
    """
    of_blue, of_green = (nucleus_brightness(frame, instances, gap_px, ring_px) for frame in (blue, green))
    return of_green / np.where(of_blue > 0, of_blue, np.nan)


def nucleus_brightness(frame: np.ndarray, instances: np.ndarray, gap_px: float, ring_px: float) -> np.ndarray:
    """
    Measure the brightness of every nucleus above the background around it.

    Parameters
    ----------
    frame : numpy.ndarray
        (Y, X) camera counts of one dye.
    instances : numpy.ndarray
        (Y, X) integer map, 0 background, 1..n nuclei.
    gap_px, ring_px : float
        Distance of the ring from the outline and its width, pixels.

    Returns
    -------
    numpy.ndarray
        (n,) float64, counts.
    """
    base = ring_background(frame, instances, gap_px, ring_px)
    # A nucleus walled in by others has no ring: the darkest tenth of the frame stands in.
    base = np.where(np.isnan(base), np.percentile(frame, 10), base)
    return medians(frame, instances, int(instances.max(initial=0))) - base


def describe_nuclei(
    instances: np.ndarray, states: np.ndarray, pixel_size_um: float, ratio: np.ndarray | None = None
) -> list[dict[str, Any]]:
    """
    Tabulate the nuclei of one frame.

    Parameters
    ----------
    instances : numpy.ndarray
        (Y, X) integer map, 0 background, 1..n nuclei.
    states : numpy.ndarray
        (n,) state of every nucleus, 1 live, 2 dead.
    pixel_size_um : float
        Side of a pixel in the sample, um.
    ratio : numpy.ndarray, optional
        (n,) NucGreen/NucBlue; None where no fluorescence was measured.

    Returns
    -------
    list of dict
        label, x_um, y_um, area_um2, dead_ratio, state, touches_border.
    """
    centre_um = centroids_px(instances) * pixel_size_um
    area_um2 = areas_px(instances) * pixel_size_um**2
    border = touches_border(instances)
    return [
        {
            "label": i + 1,
            "x_um": float(centre_um[i, 1]),
            "y_um": float(centre_um[i, 0]),
            "area_um2": float(area_um2[i]),
            "dead_ratio": None if ratio is None else float(ratio[i]),
            "state": STATE_NAMES[int(states[i])],
            "touches_border": bool(border[i]),
        }
        for i in range(area_um2.size)
    ]


def label_sequence(
    blue: Sequence[np.ndarray],
    green: Sequence[np.ndarray],
    factor: int,
    pixel_size_um: float,
    settings: Mapping[str, float],
) -> Iterator[LabelledFrame]:
    """
    Label a filmed field of view frame by frame.

    Parameters
    ----------
    blue, green : sequence of numpy.ndarray
        T frames (1, Y, X) of NucBlue and NucGreen on camera pixels.
    factor : int
        Frames are reduced to the mean of factor x factor pixels first, as the phase is.
    pixel_size_um : float
        Side of a pixel after the reduction, um.
    settings : mapping
        As for `label_frame`.

    Yields
    ------
    LabelledFrame
        One per frame.

    Raises
    ------
    DataError
        If the two channels have different numbers of frames.
    """
    if len(blue) != len(green):
        raise DataError(f"NucBlue has {len(blue)} frames and NucGreen {len(green)}: every frame needs both")
    for index in range(len(blue)):
        frames = (downsample_area_mean(np.asarray(stack[index][0]), factor) for stack in (blue, green))
        yield label_frame(*frames, pixel_size_um, settings)


def _checked(frame: np.ndarray, name: str) -> np.ndarray:
    """Return the frame as float64, or say what is wrong with it."""
    frame = np.asarray(frame, dtype=float)
    if frame.ndim != 2 or frame.size == 0:
        raise DataError(f"a {name} frame has shape {frame.shape}: wanted one image (rows, columns)")
    if not np.isfinite(frame).all():
        bad = int(np.size(frame) - np.isfinite(frame).sum())
        raise DataError(f"a {name} frame has {bad} pixels that are not finite: wanted camera counts")
    return frame


def _gates(
    found: np.ndarray,
    smooth: np.ndarray,
    pixel_size_um: float,
    sigma_px: float,
    ring_px: float,
    settings: Mapping[str, float],
) -> dict[str, np.ndarray]:
    """Name the objects that are no nuclei: (n,) bool for every reason, at most one reason per object."""
    count = int(found.max(initial=0))
    area_um2 = areas_px(found) * pixel_size_um**2
    least = settings["min_area_um2"] * np.where(touches_border(found), BORDER_AREA_FACTOR, 1.0)
    base = np.nan_to_num(ring_background(smooth, found, 2 * sigma_px, ring_px))
    contrast = medians(smooth, found, count) - base
    sized = (area_um2 >= least) & (area_um2 <= settings["max_area_um2"])
    typical = np.median(contrast[sized]) if sized.any() else 0.0
    edge_um = edge_widths(smooth, found, contrast, 2 * sigma_px) * pixel_size_um
    fails = {
        "small": area_um2 < least,
        "large": area_um2 > settings["max_area_um2"],
        "faint": contrast < settings["min_contrast"] * typical,
        "out_of_focus": edge_um > settings["max_edge_um"],
    }
    decided = np.zeros(count, dtype=bool)
    for reason in REASONS:
        fails[reason] = fails[reason] & ~decided
        decided |= fails[reason]
    return fails
