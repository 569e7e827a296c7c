"""Whether an exported network says what the original says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np
import onnxruntime

from ..desk.errors import ModelError
from .channels import label_map
from .inference import predict_probability
from .inputs import SIDE_MULTIPLE
from .resampling import pixel_ratio, to_pixel_of_network

TOLERANCE = 1e-4
"""Largest difference of a probability between the original and the exported network."""


def onnx_predictor(model: bytes, threads: int = 1) -> Callable[[np.ndarray], np.ndarray]:
    """Load an exported network.

    Parameters
    ----------
    model : bytes
        ONNX model of `onnx_export.onnx_bytes`.
    threads : int
        CPU threads.

    Returns
    -------
    callable
        From phase (batch, 1, height, width), float32, sides multiples of 32, to probability (batch, classes, height,
        width), float32.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda phase: session.run(None, {name: phase})[0]


def check_images(phase: np.ndarray, seed: int) -> Iterator[tuple[str, np.ndarray]]:
    """Give images of several sizes to try a network on.

    Parameters
    ----------
    phase : numpy.ndarray
        (height, width), rad or grey.
    seed : int
        Seed of the random images.

    Yields
    ------
    tuple
        Name (`phase`, `noise`, `constant`) and images (batch, 1, height, width), float32: the phase, a batch of two
        crops of it, noise over the range of the phase, and an image without any contrast.
    """
    phase = cropped(phase)
    rng = np.random.default_rng(seed)
    height, width = (max(side // 2 // SIDE_MULTIPLE, 1) * SIDE_MULTIPLE for side in phase.shape)
    low, high = float(phase.min()), float(phase.max())
    yield "phase", phase[None, None]
    yield "phase", np.stack([phase[:height, -width:], phase[-height:, :width]])[:, None]
    for shape in ((1, 1, 32, 32), (3, 1, 64, 160)):
        yield "noise", rng.uniform(low, high, shape).astype(np.float32)
    yield "constant", np.full((1, 1, 96, 64), low, np.float32)


def example_image(frames, card: Mapping) -> np.ndarray:
    """Take the middle frame of a film, at the pixels of a network.

    Parameters
    ----------
    frames : reader
        Phase (1, height, width) with `info`, see `livedead.optics.stacks`.
    card : mapping
        Model card.

    Returns
    -------
    numpy.ndarray
        (height, width), float32, resampled where the pixels differ.

    Raises
    ------
    ModelError
        If the pixels differ by more than a factor 3.
    """
    ratio = pixel_ratio(card.get("pixel_size_um"), frames.info.pixel_size_um, True)
    return to_pixel_of_network(frames[len(frames) // 2][0].astype(np.float32), ratio)


def cropped(phase: np.ndarray, largest: int | None = None) -> np.ndarray:
    """Cut the middle out of an image, as large as a network takes it without padding.

    Parameters
    ----------
    phase : numpy.ndarray
        (height, width).
    largest : int, optional
        Largest side, px.

    Returns
    -------
    numpy.ndarray
        float32, both sides multiples of 32.

    Raises
    ------
    ModelError
        The image is smaller than that.
    """
    sides = [min(side, largest or side) // SIDE_MULTIPLE * SIDE_MULTIPLE for side in phase.shape]
    if not min(sides):
        raise ModelError(
            f"The phase image to try the network on has {phase.shape[0]} x {phase.shape[1]} pixels; wanted at least "
            f"{SIDE_MULTIPLE} on each side."
        )
    window = [
        slice((side - kept) // 2, (side - kept) // 2 + kept) for side, kept in zip(phase.shape, sides, strict=True)
    ]
    return np.ascontiguousarray(phase[tuple(window)], dtype=np.float32)


def agreement(
    model, settings: Mapping, exported: bytes, images: Iterable[tuple[str, np.ndarray]], threads: int
) -> list[dict]:
    """Compare an exported network with what the pipeline predicts, image by image.

    Parameters
    ----------
    model : keras.Model
        E-U-Net.
    settings : mapping
        Settings it was trained with: input_scaling, input_window.
    exported : bytes
        The same as ONNX, with the scaling inside.
    images : iterable of (str, numpy.ndarray)
        As of `check_images`.
    threads : int
        CPU threads.

    Returns
    -------
    list of dict
        image, batch, height_px, width_px, largest_difference (of a probability), changed_pixels (whose most probable
        class differs).

    Raises
    ------
    ModelError
        If a probability differs by more than `TOLERANCE`.
    """
    predict, rows = onnx_predictor(exported, threads), []
    scaling, window = settings["input_scaling"], settings["input_window"]
    for name, phase in images:
        ours = np.stack(list(predict_probability(model, phase[:, 0], scaling, window, len(phase))))
        ours, theirs = np.moveaxis(ours, -1, 1), predict(phase)
        rows.append(
            {
                "image": name,
                "batch": phase.shape[0],
                "height_px": phase.shape[2],
                "width_px": phase.shape[3],
                "largest_difference": float(np.abs(ours - theirs).max()),
                "changed_pixels": int(np.count_nonzero(ours.argmax(axis=1) != theirs.argmax(axis=1))),
            }
        )
    # argmax finds a difference that is no number before any other, and no number is at most the tolerance.
    worst = rows[int(np.argmax([row["largest_difference"] for row in rows]))]
    if not worst["largest_difference"] <= TOLERANCE:
        raise ModelError(
            f"The ONNX network differs from the original by {worst['largest_difference']:.2g} on {worst['image']} of "
            f"{worst['height_px']} x {worst['width_px']} pixels (wanted at most {TOLERANCE:g}); do not use it, and "
            "report the versions of tf2onnx, onnx and onnxruntime."
        )
    return rows


def labels_of(network, phase: np.ndarray) -> np.ndarray:
    """Predict one image with a network that takes phase.

    Parameters
    ----------
    network : keras.Model
        As of `onnx_export.phase_network`.
    phase : numpy.ndarray
        (height, width), float32; sides multiples of 32.

    Returns
    -------
    numpy.ndarray
        uint8, (height, width), 0 background, 1 live, 2 dead.
    """
    return label_map(np.moveaxis(np.asarray(network.predict_on_batch(phase[None, None]))[0], 0, -1))
