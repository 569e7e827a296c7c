"""A training that is killed at any moment and started again ends in the very same weights."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.workflow.test_tiny_run import ROOT

EPOCHS = 40
KILLS = 3

pytestmark = pytest.mark.faults


def training(folder):
    """Start it; given back when it has loaded everything and begins."""
    folder.mkdir(exist_ok=True)
    program = [sys.executable, str(Path(__file__).with_name("training.py")), str(folder), str(EPOCHS)]
    paths = {"PYTHONPATH": f"{ROOT / 'workflow/scripts'}:{ROOT}"}
    process = subprocess.Popen(program, env=os.environ | paths, stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout.readline() == b"begins\n"
    return process


def ended(folder):
    with np.load(folder / "final.npz") as final:
        return {name: (final[name].dtype, final[name].tobytes()) for name in final.files}


def test_killed_at_random_moments(tmp_path):
    whole = training(tmp_path / "whole")
    began = time.monotonic()
    assert whole.wait() == 0
    seconds = time.monotonic() - began
    rng, taken_up = random.Random(4), 0
    for _ in range(KILLS):
        process = training(tmp_path / "cut")
        time.sleep(seconds * (0.1 + 0.25 * rng.random()))
        os.killpg(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, "it had ended before it could be killed"
        taken_up += (tmp_path / "cut/state/state.npz").exists()
    assert taken_up, "no kill met a training that had finished an epoch"
    assert training(tmp_path / "cut").wait() == 0
    assert ended(tmp_path / "cut") == ended(tmp_path / "whole")
