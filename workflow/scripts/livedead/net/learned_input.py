"""What the phase was like that a network learned from, so that later images can be held against it."""

import logging

import numpy as np
from scipy.ndimage import label

from ..desk.errors import DataError
from ..optics.frame_statistics import frame_statistics
from ..optics.imported_phase import GREY
from .resampling import SAME_PIXEL

log = logging.getLogger(__name__)

QUANTILES = {"low": 0.005, "median": 0.5, "high": 0.995}


def learned_input(training, validation, scaling, rehearsal=()):
    """Describe the phase images of a training.

    Parameters
    ----------
    training, validation : sequence of (phase, labels)
        Arrays (height, width). Only `LabelledFrames` know their pixel and unit.
    scaling : str
        Setting `train.input_scaling`.
    rehearsal : sequence of (phase, labels)
        Frames of another cohort that are shown again; they are held against the others and not described.

    Returns
    -------
    dict
        pixel_size_um : float, median of the training sequences; phase_unit : "rad", or "grey" where any of the images
        is grey; input_statistics : for each feature of `frame_statistics` its low (0.005), median and high (0.995)
        quantile over all frames of both sides; nucleus_area_um2 : the same of the median area of the nuclei of a
        frame, only where there are nuclei. Empty where the pixel is not known.

    Raises
    ------
    DataError
        If images in rad and grey ones share a fixed phase window.
    """
    infos = [info for frames in (training, validation) for info in getattr(frames, "phase_infos", [])]
    sizes = [info.pixel_size_um for info in infos]
    if not sizes or None in sizes:
        return {}
    pixel = float(np.median([info.pixel_size_um for info in training.phase_infos]))
    if max(sizes) / min(sizes) - 1 > SAME_PIXEL:
        log.warning(
            "The network learns from pixels of %g to %g um; it is taken as one of %g um.", min(sizes), max(sizes), pixel
        )
    grey = [GREY in info.channels for info in infos]
    shown = grey + [GREY in info.channels for info in getattr(rehearsal, "phase_infos", [])]
    if any(shown) and not all(shown) and scaling == "window":
        raise DataError(
            f"{sum(shown)} of {len(shown)} sequences to learn from are grey, the others in rad, and "
            "train.input_scaling is window; set it to per_image, or give the two a cohort each."
        )
    rows, areas = [], []
    for frames in (training, validation):
        for phase, labels in frames:
            rows.append(frame_statistics(phase, pixel))
            # Touching nuclei count as one; the median of a frame hardly feels it.
            nuclei, found = label(labels > 0, structure=np.ones((3, 3)))
            areas += [pixel**2 * float(np.median(np.bincount(nuclei.ravel())[1:]))] if found else []
    return {
        "pixel_size_um": pixel,
        "phase_unit": "grey" if any(grey) else "rad",
        "input_statistics": {feature: _quantiles([row[feature] for row in rows]) for feature in rows[0]},
        **({"nucleus_area_um2": _quantiles(areas)} if areas else {}),
    }


def _quantiles(values):
    """Low, median and high of a list of numbers."""
    return {name: float(np.quantile(values, q)) for name, q in QUANTILES.items()}
