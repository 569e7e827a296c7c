"""One step of training at the paper's size fits into the memory of a 24 GiB machine or graphics card."""

import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
# 24 GiB less what the system and a display take.
ALLOWED_GIB = 22


def free_gib():
    """Memory that can be had now; without /proc nothing is known, and enough is taken for granted."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return math.inf
    return next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable")) / 2**20


# HeLa: B3, 14 crops of 512 pixels; CHO: B7, 4 crops. A step of the whole batch at once, as the paper's: batch
# normalisation and Dice see all of it.
@pytest.mark.large
@pytest.mark.parametrize("cohort, parameters, needed", [("hela", 17_868_123, 20), ("cho", 75_048_387, 18)])
def test_a_full_size_step_fits_into_24_gib(cohort, parameters, needed):
    if free_gib() < needed:
        pytest.skip(f"{needed} GiB of free memory wanted, {free_gib():.0f} there")
    command = [sys.executable, "-m", "tests.unit.net.full_size_step", cohort]
    path = {"PYTHONPATH": f"{ROOT}:{ROOT / 'workflow/scripts'}"}
    done = subprocess.run(command, cwd=ROOT, env=os.environ | path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    measured = yaml.safe_load(done.stdout)
    print(measured)
    assert measured["parameters"] == parameters
    assert math.isfinite(measured["loss"])
    # Less would mean that no full batch was in it.
    assert 10 < measured["peak_gib"] < ALLOWED_GIB
