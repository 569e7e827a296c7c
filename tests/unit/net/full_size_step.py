"""Train one step at the size of resources/presets/paper.yaml: `python -m tests.unit.net.full_size_step hela`."""

import resource
import sys
import tempfile
from pathlib import Path

import numpy as np
import yaml
from livedead.desk.settings import settings_for
from livedead.net.checkpoint import Checkpoint
from livedead.net.training import train_network

from tests.contract.test_presets import PAPER, with_preset

SIDE = 832


def main(cohort):
    """Print the peak of the memory of this process in GiB."""
    own = Path("/proc/self/oom_score_adj")
    if own.exists():
        # Where memory runs out, this process goes and no other.
        own.write_text("1000")
    settings = settings_for(with_preset(PAPER), "train", cohort)
    # Published weights need a network connection, and cost no memory of their own.
    settings |= {"encoder_weights": "none", "epochs": 1, "steps_per_epoch": 1}
    rng = np.random.default_rng(0)
    field = rng.normal(0.3, 0.2, (SIDE, SIDE)).astype(np.float32), rng.integers(0, 3, (SIDE, SIDE), np.uint8)
    with tempfile.TemporaryDirectory() as folder:
        _, history, card = train_network([field, field], [field], settings, 1, 2, Checkpoint(folder))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**30 if sys.platform == "darwin" else 2**20)
    print(yaml.safe_dump({"peak_gib": peak, "parameters": card["parameters"], "loss": history[0]["train_loss"]}))


if __name__ == "__main__":
    main(sys.argv[1])
