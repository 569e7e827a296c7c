"""How much memory a training needs, so that a cluster can be asked for it."""

import math
from collections.abc import Mapping

# Program, weights, the optimizer's values and the frames that stay in memory.
FIXED_MB = 2500
# What one pixel of a batch keeps until the gradients are known. B3 and B7 measured at the paper's sizes (18.3 GiB with
# 14 crops of 512 x 512, 16 GiB with 4); the others between them by the activations of their encoders.
BYTES_PER_PIXEL = {
    "B0": 2_700,
    "B1": 3_800,
    "B2": 4_100,
    "B3": 5_200,
    "B4": 6_800,
    "B5": 9_400,
    "B6": 12_000,
    "B7": 16_000,
}


def training_memory_mb(settings: Mapping) -> int:
    """Give the memory a training may take.

    Parameters
    ----------
    settings : mapping
        Section `train` of the config, of which encoder, crop_px and batch_size count.

    Returns
    -------
    int
        Megabytes, some more than the peaks that were measured.
    """
    pixels = settings["crop_px"] ** 2 * settings["batch_size"]
    return FIXED_MB + math.ceil(pixels * BYTES_PER_PIXEL[settings["encoder"]] / 1e6)
