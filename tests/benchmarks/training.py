"""Steps of a training: stages of the decoder as one layer each, against the three stock layers they stand for."""

from functools import partial

import keras
import numpy as np
from livedead.net.determinism import jit_compile, set_determinism
from livedead.net.eunet import build_eunet
from livedead.net.losses import SegmentationLoss

from tests.benchmarks.sidebyside import Table, side_by_side
from tests.stock_network import stock_eunet

THREADS = 2
# Encoder, side of a crop, crops per batch: the default, and the paper's encoder at what two cores do in a second or so.
SIZES = (("B0", 128, 8), ("B3", 256, 4))
BUILDERS = {"stock Keras layers": stock_eunet, "fused stages": build_eunet}


def tables() -> list[Table]:
    """Time whole steps with batches in memory: forwards, backwards, update of the weights."""
    return [_table(*size) for size in SIZES]


def _table(encoder, side, batch):
    rng = np.random.default_rng(0)
    images = rng.standard_normal((batch, side, side, 3), dtype=np.float32)
    truth = np.eye(3, dtype=np.float32)[rng.integers(0, 3, (batch, side, side))]
    losses, steps = {}, {}
    for name, build in BUILDERS.items():
        model = _compiled(build, encoder)
        # Same weights and same draws of drop-connect: the first losses differ by rounding only.
        losses[name] = float(model.train_on_batch(images, truth))
        steps[name] = partial(model.train_on_batch, images, truth)
    stock = losses["stock Keras layers"]
    notes = {name: f"first loss {loss:.6f}, off by {abs(loss - stock) / stock:.0e}" for name, loss in losses.items()}
    title = f"Training step, {encoder}, {batch} crops of {side} px, {THREADS} threads"
    return side_by_side(title, steps, floor="stock Keras layers", rounds=9, warm_up=2, notes=notes)


def _compiled(build, encoder):
    """Compile a network as `livedead.net.training` does."""
    set_determinism(1, THREADS)
    model = build(encoder, 3, 0.9, 1e-3)
    optimizer = keras.optimizers.Adam(1e-3, beta_1=0.9, beta_2=0.999, epsilon=1e-7)
    optimizer.build(model.trainable_variables)
    model.compile(optimizer=optimizer, loss=SegmentationLoss(1, 1), jit_compile=jit_compile())
    return model
