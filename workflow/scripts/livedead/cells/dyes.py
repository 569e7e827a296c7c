"""Whether the two dyes are what the sheet says: not exchanged, not saturated, not empty."""

import logging
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import ndimage as ndi

from ..desk.errors import DataError
from ..optics.counts import saturated_fraction
from ..optics.sampling import downsample_area_mean
from .background import local_background
from .geometry import areas_px, keep
from .semantic import nucleus_brightness

log = logging.getLogger(__name__)

#: Frames that are looked at for exchanged dyes.
_FRAMES_COMPARED = 3
_LEAST_NUCLEI = 5
#: A nucleus lacks a dye below this part of what bright nuclei have of it, and has one above that.
_LACKING, _HAVING = 0.2, 0.4
#: Seen where no nucleus is dead: NucGreen never outshines NucBlue so much in every nucleus.
_OUTSHINES = 5
#: Percentile of a frame that is a bright nucleus.
_BRIGHTEST = 99


def check_dyes(
    blue: Sequence[np.ndarray],
    green: Sequence[np.ndarray],
    factor: int,
    pixel_size_um: float,
    settings: Mapping[str, float],
    names: Sequence[str | Sequence[str]],
) -> None:
    """
    Refuse dyes that cannot be what they are said to be; warn of saturated ones.

    Every nucleus takes up NucBlue, dead ones NucGreen as well. Where many nuclei have NucGreen and no NucBlue, the
    files stand in each other's column.

    Parameters
    ----------
    blue, green : sequence of numpy.ndarray
        T frames (1, Y, X) of NucBlue and NucGreen on camera pixels.
    factor : int
        Frames are reduced to the mean of factor x factor pixels first.
    pixel_size_um : float
        Side of a pixel after the reduction, um.
    settings : mapping
        Section ``labels`` of the configuration.
    names : sequence of str, or of lists of str
        File of NucBlue and file of NucGreen, or the files of each, for the message.

    Raises
    ------
    DataError
        If the dyes look exchanged, or a frame is one value all over.
    """
    names = [name if isinstance(name, str) else f"{name[0]}, ..." for name in names]
    for name, stack, file in zip(("NucBlue", "NucGreen"), (blue, green), names, strict=True):
        for number in range(len(stack)):
            _check_frame(np.asarray(stack[number][0]), f"{file}: {name} of frame {number}", settings)
    number = min(len(blue), len(green))
    chosen = np.unique(np.linspace(0, number - 1, _FRAMES_COMPARED).round().astype(int))
    measured = []
    for frame in chosen:
        pair = [downsample_area_mean(np.asarray(stack[int(frame)][0]), factor) for stack in (blue, green)]
        if pair[0].shape != pair[1].shape or not np.isfinite(pair).all():
            # Labelling says what is wrong with it.
            return
        measured.append(_brightness(*pair, pixel_size_um, settings))
    by_blue, by_green = (np.concatenate([frame[which] for frame in measured], axis=1) for which in (0, 1))
    alone, nuclei = _green_alone(by_blue, by_green)
    if alone > settings["max_green_only"]:
        raise DataError(
            f"{names[0]} and {names[1]} look exchanged: {alone:.0%} of {nuclei} nuclei have NucGreen without NucBlue "
            f"(wanted at most {settings['max_green_only']:.0%}, labels.max_green_only; every nucleus takes up "
            "NucBlue); exchange the columns live and dead of the sheet"
        )


def _check_frame(frame: np.ndarray, name: str, settings: Mapping[str, float]) -> None:
    if frame.size and frame.min() == frame.max():
        raise DataError(
            f"{name} is {frame.flat[0]} in every pixel (wanted an exposure); check the shutter and the export"
        )
    saturated = saturated_fraction(frame, saturation_adu=np.iinfo(np.uint16).max, most=1)
    if saturated > settings["max_saturated_fraction"]:
        log.warning(
            "%s: %.1f %% of the pixels are saturated (labels.max_saturated_fraction); ratios of the dyes of bright "
            "nuclei are wrong, expose for less time",
            name,
            100 * saturated,
        )


def _brightness(
    blue: np.ndarray, green: np.ndarray, pixel_size_um: float, settings: Mapping[str, float]
) -> tuple[np.ndarray, np.ndarray]:
    """NucBlue and NucGreen (2, n) of the nuclei outlined by NucBlue, and of those outlined by NucGreen."""
    gap_px = 2 * settings["lowpass_sigma_um"] / pixel_size_um
    ring_px = settings["split_distance_um"] / pixel_size_um
    outlined = [_blobs(frame, pixel_size_um, settings) for frame in (blue, green)]
    return tuple(
        np.stack([nucleus_brightness(frame, instances, gap_px, ring_px) for frame in (blue, green)])
        for instances in outlined
    )


def _blobs(frame: np.ndarray, pixel_size_um: float, settings: Mapping[str, float]) -> np.ndarray:
    """Bright nuclei of one dye, roughly: neighbours may be one, which does not matter here and saves much time."""
    smooth = ndi.gaussian_filter(frame.astype(float), settings["lowpass_sigma_um"] / pixel_size_um, mode="nearest")
    smooth -= local_background(smooth, settings["background_window_um"] / pixel_size_um)
    blobs = ndi.label(smooth > settings["threshold_fraction"] * np.percentile(smooth, _BRIGHTEST))[0]
    return keep(blobs, areas_px(blobs) * pixel_size_um**2 >= settings["min_area_um2"])


def _green_alone(by_blue: np.ndarray, by_green: np.ndarray) -> tuple[float, int]:
    """Part of the nuclei seen by NucGreen that have no NucBlue, and their number."""
    nuclei = by_green.shape[1]
    if nuclei < _LEAST_NUCLEI or not by_blue.shape[1]:
        return 0.0, nuclei
    bright_blue, bright_green = np.percentile(by_blue[0], 90), np.percentile(by_green[1], 90)
    blue = by_green[0] / bright_blue
    # Where no nucleus is dead, what NucGreen shows is faint light from elsewhere.
    green = by_green[1] / max(bright_green, bright_blue / 2)
    if np.median(by_green[1] / np.maximum(by_green[0], 1e-9)) > _OUTSHINES:
        return 1.0, nuclei
    return float(((blue < _LACKING) & (green > _HAVING)).mean()), nuclei
