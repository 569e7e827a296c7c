"""Batches of random crops; a batch is a pure function of seed, epoch and step."""

import numpy as np

from ..desk.errors import DataError, SettingsError
from .augment import augment
from .channels import one_hot
from .inputs import SIDE_MULTIPLE, network_input, scale_phase

# Words that keep the random streams of the order of frames and of the crops apart.
_ORDER, _CROPS = 0, 1


def steps_per_epoch(wanted, frames, batch_size):
    """Give the number of steps of an epoch.

    Parameters
    ----------
    wanted : int
        Steps, or 0 for one crop of every frame, the last incomplete batch dropped as in the paper's training.
    frames : int
        Training frames.
    batch_size : int
        Crops per batch.

    Returns
    -------
    int
        At least 1.
    """
    return wanted or max(1, frames // batch_size)


def frame_numbers(seed, first, count, frames):
    """Choose the frames of a batch so that every frame is used equally often.

    The frames are gone through in a new random order again and again; the batch takes `count` of this endless
    list from place `first` on.

    Parameters
    ----------
    seed : int
        Seed of the training.
    first, count : int
        Place in the list and length.
    frames : int
        Number of frames.

    Returns
    -------
    list of int
        Frame numbers, `count` of them.
    """
    orders = {
        turn: np.random.default_rng([seed, _ORDER, turn]).permutation(frames)
        for turn in range(first // frames, (first + count - 1) // frames + 1)
    }
    return [int(orders[place // frames][place % frames]) for place in range(first, first + count)]


def training_batch(frames, seed, epoch, step, settings, steps):
    """Make one batch of augmented random crops.

    Parameters
    ----------
    frames : sequence of (phase, labels)
        Arrays (height, width).
    seed, epoch, step : int
        All that the batch depends on beside data and settings; step counts within the epoch, from 0.
    settings : dict
        Section `train` of the settings: crop_px, batch_size, input_scaling, input_window, augment.
    steps : int
        Steps per epoch.

    Returns
    -------
    tuple of numpy.ndarray
        Network input (batch, crop, crop, 3) and target (batch, crop, crop, 3), float32.

    Raises
    ------
    SettingsError
        If the crop's side is not a multiple of 32.
    DataError
        If a frame is smaller than the crop.
    """
    size = settings["batch_size"]
    first = (epoch * steps + step) * size
    rng = np.random.default_rng([seed, _CROPS, epoch, step])
    images, targets = [], []
    for number in frame_numbers(seed, first, size, len(frames)):
        phase, labels = frames[number]
        # Scaled before cropping: `per_image` means the whole image, in training as in prediction.
        image = scale_phase(phase, settings["input_scaling"], settings["input_window"])
        image, labels = random_crop(image, labels, settings["crop_px"], rng)
        image, labels = augment(image, labels, rng, settings["augment"])
        images.append(image)
        targets.append(labels)
    return network_input(np.stack(images)), one_hot(np.stack(targets))


def random_crop(image, labels, side, rng):
    """Cut the same random square out of an image and its labels.

    Parameters
    ----------
    image, labels : numpy.ndarray
        (height, width).
    side : int
        Pixels; a multiple of 32.
    rng : numpy.random.Generator
        Source of the position.

    Returns
    -------
    tuple of numpy.ndarray
        (side, side) each, views.

    Raises
    ------
    SettingsError
        If the side is not a multiple of 32.
    DataError
        If the image is smaller than the crop.
    """
    if side < SIDE_MULTIPLE or side % SIDE_MULTIPLE:
        raise SettingsError(f"train.crop_px is {side}; wanted a multiple of {SIDE_MULTIPLE}.")
    if side > min(image.shape):
        raise DataError(
            f"A training frame has {image.shape[0]} x {image.shape[1]} pixels and train.crop_px is {side}; "
            "wanted a crop no larger than the smallest frame."
        )
    top, left = (int(rng.integers(length - side + 1)) for length in image.shape)
    window = slice(top, top + side), slice(left, left + side)
    return image[window], labels[window]
