import os
import re
import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.contract.project import ROOT


@pytest.mark.large
def test_the_program_for_gpus_runs_small_on_any_machine():
    backend = next((name for name in ("torch", "jax") if find_spec(name)), "tensorflow")
    path = os.pathsep.join([str(ROOT / "workflow/scripts"), str(ROOT)])
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.gpu", "--toy"],
        env=os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": path},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    first, _, *table = run.stdout.splitlines()
    assert f"backend {backend}; keras " in first
    assert [row.split("|")[1].split(",")[0].strip() for row in table[2:]] == [
        "inference",
        "training step",
        "whole training",
        "its score",
    ]
    # Two steps teach nothing: which of ten nuclei are found is left open.
    assert re.search(r"macro F1 (0\.\d+|nan) \(.+\) of [1-9]\d* nuclei \|$", table[-1])
