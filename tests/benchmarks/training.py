"""Steps of a training: as they are done, against Keras' stock layers, a whole loop, and a peer on PyTorch."""

from functools import partial
from statistics import median
from types import SimpleNamespace

import keras
import numpy as np
from livedead.net.complexity import layer_macs
from livedead.net.determinism import jit_compile, set_determinism
from livedead.net.eunet import build_eunet
from livedead.net.losses import SegmentationLoss
from livedead.net.quick_step import quick_adam, quick_layers
from livedead.net.training import run_epochs

from tests.benchmarks.sidebyside import Table, side_by_side
from tests.stock_network import stock_eunet
from tests.unit.net.conftest import SETTINGS

THREADS = 2
# Encoder, side of a crop, crops per batch: the default, and the paper's encoder at what two cores do in a second or so.
SIZES = (("B0", 128, 8), ("B3", 256, 4))
# Steps of an epoch, at whose end a loop has more to do, and side of the frames that crops are cut from.
STEPS, FRAME = {"B0": 32, "B3": 16}, 832


def tables() -> list[Table]:
    """Time whole steps with batches in memory: forwards, backwards, update of the weights."""
    made = [_against_stock(*size) for size in SIZES]
    made += [_whole_loop(*size) for size in SIZES]
    return [*made, _beside_peer(*SIZES[-1])]


def _against_stock(encoder, side, batch):
    images, truth = random_batch(side, batch)
    losses, steps = {}, {}
    for name, build, quick in (
        ("stock Keras layers", stock_eunet, False),
        ("fused stages", build_eunet, False),
        ("as trained: fused stages, quick kernels", build_eunet, True),
    ):
        step = step_call(compiled(encoder, quick, build), images, truth, quick)
        # Same weights and same draws of drop-connect: the first losses differ by rounding only.
        losses[name], steps[name] = step(), step
    stock = losses["stock Keras layers"]
    notes = {name: f"first loss {loss:.6f}, off by {abs(loss - stock) / stock:.0e}" for name, loss in losses.items()}
    title = f"Training step, {encoder}, {batch} crops of {side} px, {THREADS} threads"
    return side_by_side(title, steps, floor="stock Keras layers", rounds=9, warm_up=2, notes=notes)


def _whole_loop(encoder, side, batch):
    """Cut crops out of frames, change and use them, against as many steps with one batch that is there."""
    rng = np.random.default_rng(0)
    frames = [
        (rng.normal(0.3, 0.2, (FRAME, FRAME)).astype(np.float32), rng.integers(0, 3, (FRAME, FRAME), np.uint8))
        for _ in range(4)
    ]
    settings = SETTINGS | {"crop_px": side, "batch_size": batch, "epochs": 1, "steps_per_epoch": STEPS[encoder]}
    model, seen = compiled(encoder, quick=True), []
    step = step_call(model, *random_batch(side, batch), quick=True)
    # Neither files nor a validation worth the name: those are once per epoch, not per step.
    checkpoint = SimpleNamespace(load=lambda identity: None, save=lambda *state: None)
    small = [(image[:64, :64], labels[:64, :64]) for image, labels in frames[:1]]

    def loop():
        history = run_epochs(model, frames, small, model.loss, settings, 1, checkpoint, {})
        seen.append(history[0]["steps"] * history[0]["batch_size"])

    table = side_by_side(
        f"Training loop, {encoder}, {STEPS[encoder]} steps of {batch} crops of {side} px from frames of {FRAME} px",
        {"bare steps, one batch in memory": lambda: [step() for _ in range(STEPS[encoder])], "training loop": loop},
        floor="bare steps, one batch in memory",
        rounds=5,
    )
    share = 1 / table.ratio("training loop")
    table.notes["training loop"] = f"{seen[-1]} images as wanted, {share:.0%} of the bare steps' rate"
    return table


def _beside_peer(encoder, side, batch):
    """Beside the same encoder and another U-Net of segmentation_models_pytorch, which has smaller skips."""
    images, truth = random_batch(side, batch)
    model = compiled(encoder, quick=True)
    names = {"E-U-Net, as trained": sum(layer_macs(build_eunet(encoder), side, side).values()) * batch / 1e9}
    steps = {"E-U-Net, as trained": step_call(model, images, truth, quick=True)}
    try:
        import segmentation_models_pytorch as smp
        import torch
        from torch.utils.flop_counter import FlopCounterMode
    except (ImportError, RuntimeError) as error:  # the latter from a torchvision that was built for another torch
        absent = f"segmentation_models_pytorch takes no part: {error}"
    else:
        absent = None
        torch.set_num_threads(THREADS)
        peer = f"segmentation_models_pytorch {smp.__version__}, torch {torch.__version__}"
        net = smp.Unet(f"efficientnet-{encoder.lower()}", encoder_weights=None, classes=3)
        net = net.to(memory_format=torch.channels_last).train()
        inputs = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)
        with FlopCounterMode(display=False) as counter:
            net(inputs)
        names[peer] = counter.get_total_flops() / 2e9
        steps[peer] = _torch_step(torch, smp, net, inputs, torch.from_numpy(truth.argmax(axis=-1)))
    title = f"Training step, {encoder}, {batch} crops of {side} px, {THREADS} threads, beside another package"
    table = side_by_side(title, steps, floor="E-U-Net, as trained", rounds=9, warm_up=2)
    for name, gmacs in names.items():
        per_gmac = 1e3 * median(table.seconds[name]) / gmacs
        table.notes[name] = f"{gmacs:.1f} GMAC forwards, {per_gmac:.1f} ms/GMAC"
    if absent:
        table.notes["E-U-Net, as trained"] += f"; {absent}"
    return table


def _torch_step(torch, smp, net, inputs, truth):
    """Step with the package's own losses of the same kind, on the same images."""
    focal, dice = smp.losses.FocalLoss("multiclass"), smp.losses.DiceLoss("multiclass")
    optimizer = torch.optim.Adam(net.parameters(), 1e-3)

    def step():
        optimizer.zero_grad()
        given = net(inputs)
        loss = focal(given, truth) + dice(given, truth)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def random_batch(side, batch):
    rng = np.random.default_rng(0)
    images = rng.standard_normal((batch, side, side, 3), dtype=np.float32)
    return images, np.eye(3, dtype=np.float32)[rng.integers(0, 3, (batch, side, side))]


def step_call(model, images, truth, quick):
    """Give a call that does one step and returns its loss; a quick one is traced here."""
    call = partial(model.train_on_batch, images, truth)

    def step():
        model.reset_metrics()
        return float(call())

    if quick:
        kept = [keras.ops.convert_to_numpy(v) for v in (*model.variables, *model.optimizer.variables)]
        with quick_layers(model):
            step()
        for variable, value in zip((*model.variables, *model.optimizer.variables), kept, strict=True):
            variable.assign(value)
    return step


def compiled(encoder, quick, build=build_eunet):
    """Compile a network as `livedead.net.training` does, or with Keras' own optimizer."""
    set_determinism(1, THREADS)
    model = build(encoder, 3, 0.9, 1e-3)
    optimizer = quick_adam(1e-3) if quick else keras.optimizers.Adam(1e-3, beta_1=0.9, beta_2=0.999, epsilon=1e-7)
    optimizer.build(model.trainable_variables)
    model.compile(optimizer=optimizer, loss=SegmentationLoss(1, 1), jit_compile=jit_compile())
    return model
