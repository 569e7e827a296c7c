"""Ready semantic maps of other origin, brought to the values and objects of this pipeline."""

from collections.abc import Mapping

import numpy as np
from scipy import ndimage as ndi
from skimage.measure import label

from ..desk.errors import DataError
from ..optics.sampling import downsample_area_mean
from .geometry import areas_px
from .semantic import BACKGROUND, DEAD, LIVE, LabelledFrame, describe_nuclei

_VALUES = {"background": BACKGROUND, "live": LIVE, "dead": DEAD}
# Of an instance map every value is a foreign one.
_MOST_SHOWN = 8
_MOST_LABELS = np.iinfo(np.uint16).max


def import_label_map(
    label_map: np.ndarray, label_values: Mapping[int | str, str], pixel_size_um: float, downsample: int = 1
) -> LabelledFrame:
    """
    Translate the values of a label map and number its nuclei.

    Connected regions of one state (pixels that touch at a corner included) are the nuclei.

    Parameters
    ----------
    label_map : numpy.ndarray
        (Y, X) map of any integer dtype; 0 is background.
    label_values : mapping
        Value of the map -> ``live``, ``dead`` or ``background``; keys may be text, as JSON makes them.
    pixel_size_um : float
        Side of a pixel in the sample, um, after the reduction.
    downsample : int
        Pixels of the map along each side that become one, which has the state of most of them.

    Returns
    -------
    LabelledFrame
        As `livedead.cells.semantic.label_frame` returns it, dead_ratio unknown.

    Raises
    ------
    DataError
        If the map is no image of whole numbers, has a value that `label_values` does not name, or has more
        nuclei than 16 bits can number, or `label_values` names something else than numbers.
    ImageError
        If a side is not divisible by `downsample`.
    """
    label_map = np.asarray(label_map)
    if label_map.ndim != 2 or label_map.dtype.kind not in "ui":
        raise DataError(
            f"a label map is {label_map.dtype} of shape {label_map.shape}: wanted one image of whole numbers"
        )
    words = [value for value in label_values if not str(value).isdecimal()]
    if words:
        raise DataError(f"labels.label_values names {words[0]} (wanted the whole numbers of the label map)")
    meaning = {0: BACKGROUND} | {int(value): _VALUES[state] for value, state in label_values.items()}
    present, inverse = np.unique(label_map, return_inverse=True)
    foreign = [int(value) for value in present if int(value) not in meaning]
    if foreign:
        shown = f"{foreign[:_MOST_SHOWN]}" + f" and {len(foreign) - _MOST_SHOWN} more" * (len(foreign) > _MOST_SHOWN)
        raise DataError(
            f"the label map has the values {shown}, wanted only {sorted(meaning)}: name every value under "
            "labels.label_values in the configuration"
        )
    semantic = np.array([meaning[int(value)] for value in present], dtype=np.uint8)[inverse]
    semantic = semantic.reshape(label_map.shape)
    if downsample > 1:
        semantic = _reduced(semantic, downsample)
    instances, count = label(semantic, background=BACKGROUND, connectivity=2, return_num=True)
    if count > _MOST_LABELS:
        raise DataError(f"the label map has {count} separate regions, wanted at most {_MOST_LABELS}: is it noise?")
    states = ndi.maximum(semantic, instances, np.arange(1, count + 1)) if count else np.zeros(0)
    nuclei = describe_nuclei(instances, np.asarray(states, dtype=np.uint8), pixel_size_um)
    counts = {"found": areas_px(instances).size, "kept": len(nuclei)}
    return LabelledFrame(instances.astype(np.uint16), semantic, nuclei, counts)


def _reduced(semantic: np.ndarray, factor: int) -> np.ndarray:
    """Give every block of factor x factor pixels the state that most of them have, the smallest of several."""
    states = (BACKGROUND, LIVE, DEAD)
    shares = [downsample_area_mean((semantic == state).astype(np.float32), factor) for state in states]
    return np.array(states, dtype=np.uint8)[np.argmax(shares, axis=0)]
