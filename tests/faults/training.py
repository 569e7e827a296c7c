"""A training of a toy network as a program that can be killed: python training.py FOLDER EPOCHS.

Writes FOLDER/final.npz, the weights and the learning curve, when it has come to its end.
"""

import json
import sys
from pathlib import Path

import keras
import numpy as np
from livedead.net.checkpoint import Checkpoint
from livedead.net.determinism import set_determinism
from livedead.net.losses import SegmentationLoss
from livedead.net.training import run_epochs

from tests.unit.net.conftest import SETTINGS, field, tiny_network


def main():
    folder, epochs = Path(sys.argv[1]), int(sys.argv[2])
    settings = SETTINGS | {"epochs": epochs, "schedule": "plateau", "plateau_patience": 2}
    set_determinism(7, 2)
    model, loss = tiny_network(), SegmentationLoss(**settings["loss"])
    optimizer = keras.optimizers.Adam(settings["learning_rate"])
    optimizer.build(model.trainable_variables)
    model.compile(optimizer, loss=loss, jit_compile=False)
    frames = [field(seed) for seed in range(6)]
    print("begins", flush=True)
    history = run_epochs(model, frames[:4], frames[4:], loss, settings, 7, Checkpoint(folder / "state"), {"seed": 7})
    np.savez(folder / "final.npz", *model.get_weights(), history=json.dumps(history))


if __name__ == "__main__":
    main()
