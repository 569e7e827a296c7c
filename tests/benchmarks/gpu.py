"""What a GPU does: `KERAS_BACKEND=jax PYTHONPATH=workflow/scripts python -m tests.benchmarks.gpu`.

Backend jax or torch; TensorFlow is not needed. Prints a block for docs/performance.md: inference, training steps, and
one training at the paper's sizes on simulated HeLa cells, from interferograms to the scores of the nuclei. `--toy` does
the same small, on any machine.
"""

import argparse
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from importlib import metadata
from multiprocessing import get_context
from statistics import median
from time import perf_counter

import numpy as np
from livedead.cells.records import collect_labels, match_sequence, paint_states
from livedead.cells.scores import score_rows
from livedead.cells.semantic import label_sequence
from livedead.desk.settings import settings_for
from livedead.optics.phase_maps import phase_maps
from livedead.optics.simulator import film_field

from tests.benchmarks.sidebyside import seconds_text
from tests.contract.test_presets import PAPER, with_preset

WAVELENGTH_NM, PIXEL_UM, SEED = 574.0, 0.1625, 20221
START = perf_counter()
PACKAGES = ("keras", "jax", "torch", "numpy")
# Films of training, validation and test, frames of each, hours between them, rounds of what is timed.
FULL = {"films": (40, 8, 8), "frames": 5, "interval_h": 2.5, "rounds": 30}
TOY = {"films": (1, 1, 1), "frames": 2, "interval_h": 5.0, "rounds": 2}
TOY_TRAIN = {"encoder": "B0", "crop_px": 32, "batch_size": 2, "epochs": 1, "batch_norm_momentum": 0.9}


def configured(toy):
    """Give the sections of the paper's preset for HeLa, with random first weights: no network connection is needed."""
    config = with_preset(PAPER)
    sections = ("simulate", "phase", "labels", "train", "evaluate", "dry_mass")
    settings = {section: settings_for(config, section, "hela") for section in sections}
    settings["train"] |= {"encoder_weights": "none"}
    if toy:
        settings["train"] |= TOY_TRAIN
        settings["simulate"]["optics"] |= {"frame_px": [512, 512]}
        settings["evaluate"] |= {"bootstrap_resamples": 20}
    return settings


def film(seed, settings, frames, interval_h):
    """Simulate a film, retrieve its phase and label it by its stains: lists of (1, height, width) arrays."""
    times_h = [frame * interval_h for frame in range(frames)]
    factor = settings["phase"]["downsample"]
    filmed = list(
        film_field(
            seed,
            settings=settings["simulate"],
            pixel_size_um=PIXEL_UM,
            wavelength_nm=WAVELENGTH_NM,
            times_h=times_h,
            downsample=factor,
            **settings["dry_mass"],
        )
    )
    phase = list(phase_maps([frame.raw for frame in filmed], [], settings["phase"], WAVELENGTH_NM, times_h))
    stains = [frame.live for frame in filmed], [frame.dead for frame in filmed]
    nuclei = []
    labelled = label_sequence(*stains, factor, PIXEL_UM * factor, settings["labels"])
    instances = list(collect_labels(labelled, f"film{seed}", times_h, nuclei, []))
    return {"phase": phase, "instances": instances, "labels": list(paint_states(instances, nuclei)), "times_h": times_h}


def films(settings, sizes):
    """Make the films of the three sides, each in a process of its own."""
    numbers = [range(sum(sizes["films"][:k]), sum(sizes["films"][: k + 1])) for k in range(3)]
    # Spawned: a process that has started a GPU must not be copied.
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        jobs = [
            [pool.submit(film, SEED + number, settings, sizes["frames"], sizes["interval_h"]) for number in side]
            for side in numbers
        ]
        return [[job.result() for job in side] for side in jobs]


def timed_inference(encoder, side, rounds):
    """Time single images through Keras."""
    from livedead.net.complexity import seconds_per_image
    from livedead.net.eunet import build_eunet

    return median(seconds_per_image(build_eunet(encoder), side, rounds))


def timed_step(train, rounds):
    """Time steps with one batch in memory; images per second."""
    from tests.benchmarks.training import compiled, random_batch, step_call

    step = step_call(
        compiled(train["encoder"], quick=True), *random_batch(train["crop_px"], train["batch_size"]), quick=True
    )
    seconds = []
    for _ in range(2 + rounds):
        start = perf_counter()
        step()
        seconds.append(perf_counter() - start)
    return train["batch_size"] / median(seconds[2:])


def trained_and_scored(settings, made):
    """Train on the films of the first side and score the nuclei of the last: seconds, images per second, scores."""
    from livedead.net.channels import CHANNELS, label_map
    from livedead.net.checkpoint import Checkpoint
    from livedead.net.inputs import network_input, scale_phase
    from livedead.net.training import train_network

    train = settings["train"]
    sides = [
        [(p[0], m[0]) for one in side for p, m in zip(one["phase"], one["labels"], strict=True)] for side in made[:2]
    ]
    start = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        model, history, _ = train_network(*sides, train, 1, os.cpu_count(), Checkpoint(folder))
    seconds = perf_counter() - start
    images = sum(row["steps"] * row["batch_size"] for row in history)
    matches, spurious = [], []
    for number, one in enumerate(made[2]):
        scaled = [scale_phase(p[0], train["input_scaling"], train["input_window"]) for p in one["phase"]]
        probability = [np.asarray(model.predict_on_batch(network_input(image[None])))[0] for image in scaled]
        rows = match_sequence(
            one["labels"],
            one["instances"],
            [label_map(p)[None] for p in probability],
            [np.moveaxis(p, -1, 0) for p in probability],
            one["phase"],
            channels=CHANNELS,
            sequence=str(number),
            times_h=one["times_h"],
            pixel_size_um=PIXEL_UM * settings["phase"]["downsample"],
            min_coverage=settings["evaluate"]["min_coverage"],
            phase_in_rad=True,
        )
        matches, spurious = matches + rows[0], spurious + rows[1]
    options = {key: value for key, value in settings["evaluate"].items() if key != "min_coverage"}
    scores = score_rows(matches, spurious, [str(number) for number in range(len(made[2]))], seed=1, **options)
    return seconds, images / seconds, {row["score"]: row for row in scores if row["subset"] == "all"}


def device():
    """Name the device that computes."""
    import keras

    if keras.backend.backend() == "jax":
        import jax

        return jax.devices()[0].device_kind
    if keras.backend.backend() == "torch":
        import torch

        return torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
    return keras.distribution.list_devices()[0]


def block(toy):
    """Measure everything and write it in Markdown."""
    settings, sizes = configured(toy), TOY if toy else FULL
    said("simulating films")
    made = films(settings, sizes)
    # Only now a backend is started: the films' processes do without.
    import keras

    train = settings["train"]
    side = made[0][0]["phase"][0].shape[-1]
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES if _installed(name))
    said("timing inference and steps")
    inference = timed_inference(train["encoder"], side, sizes["rounds"])
    rate = timed_step(train, sizes["rounds"])
    said("training")
    seconds, loop_rate, scores = trained_and_scored(settings, made)
    of = f"{train['encoder']}, {train['batch_size']} crops of {train['crop_px']} px"
    counts = " + ".join(str(sizes["frames"] * number) for number in sizes["films"])
    f1 = scores["macro_f1_matched"]
    return "\n".join(
        [
            f"{device()}, backend {keras.backend.backend()}; {versions}.",
            "",
            "| what | measured |",
            "|---|---|",
            f"| inference, {train['encoder']}, one image of {side} x {side} px | {seconds_text(inference)} |",
            f"| training step, {of}, one batch in memory | {rate:.1f} images/s |",
            f"| whole training, {of}, {train['epochs']} epochs, with validation | {loop_rate:.1f} images/s, "
            f"{seconds_text(seconds)} |",
            f"| its score, {counts} simulated HeLa images (training, validation, test) | macro F1 {f1['value']:.3f} "
            f"({f1['low']:.3f} to {f1['high']:.3f}) of {f1['nuclei']} nuclei |",
        ]
    )


def said(what):
    """Tell how far it is, beside the block on the standard output."""
    print(f"{perf_counter() - START:.0f} s: {what}", file=sys.stderr, flush=True)


def _installed(name):
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--toy", action="store_true", help="small networks and images, to try the program")
    print(block(parser.parse_args().toy))
