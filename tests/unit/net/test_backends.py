"""The room net runs on any Keras backend: two modules know one by name, and ask which it is."""

import ast
import importlib.util
import os
import random
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from livedead.net import determinism

ROOM = Path(determinism.__file__).parent

PROGRAM = """
import sys
import keras, numpy as np
from livedead.net.determinism import jit_compile, set_determinism
from livedead.net.eunet import build_eunet
from livedead.net.losses import SegmentationLoss
set_determinism(3, 1)
model = build_eunet("B0", 3, 0.9, 1e-3)
loss = SegmentationLoss(1, 1)
rng = np.random.default_rng(0)
image = rng.normal(size=(1, 32, 32, 3)).astype("float32")
target = np.eye(3, dtype="float32")[rng.integers(0, 3, (1, 32, 32))]
model.load_weights(sys.argv[1])
print(float(loss(target, keras.ops.convert_to_numpy(model(image, training=False)))))
model.compile(keras.optimizers.Adam(1e-3), loss=loss, jit_compile=jit_compile())
print(float(model.train_on_batch(image, target)))
assert "tensorflow" not in sys.modules
"""


NAMED = {"determinism.py": {"tensorflow", "torch"}, "quick_step.py": {"tensorflow"}}


@pytest.mark.parametrize("module", sorted(ROOM.glob("*.py")), ids=lambda path: path.name)
def test_no_other_module_names_a_backend(module):
    names = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module.split(".")[0])
    found = names & {"tensorflow", "torch", "jax"}
    assert found == NAMED.get(module.name, set())


@pytest.mark.parametrize("backend", ["torch", "jax"])
def test_same_numbers_on_another_backend(backend, tmp_path):
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed; the pipeline does not need it")
    from livedead.net.eunet import build_eunet
    from livedead.net.losses import SegmentationLoss

    model = build_eunet("B0", 3, 0.9, 1e-3)
    model.save_weights(tmp_path / "model.weights.h5")
    rng = np.random.default_rng(0)
    image = rng.normal(size=(1, 32, 32, 3)).astype("float32")
    target = np.eye(3, dtype="float32")[rng.integers(0, 3, (1, 32, 32))]
    expected = float(SegmentationLoss(1, 1)(target, keras.ops.convert_to_numpy(model(image, training=False))))
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "model.weights.h5")],
        env=os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": str(ROOM.parents[1])},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    evaluated, trained = map(float, run.stdout.split())
    assert evaluated == pytest.approx(expected, rel=1e-4)
    assert np.isfinite(trained)


def test_seeds_and_compilation():
    draws = []
    for _ in range(2):
        determinism.set_determinism(5, 1)
        draws.append([float(keras.random.uniform(())), random.random()])
    assert draws[0] == draws[1]
    assert determinism.jit_compile() == ("auto" if keras.backend.backend() == "jax" else False)


def test_tensorflow_runs_one_operation_at_a_time():
    # Operations side by side gave other weights in every run of the same training.
    if keras.backend.backend() != "tensorflow":
        pytest.skip("another backend is in use")
    program = (
        "from livedead.net.determinism import set_determinism\n"
        "set_determinism(1, 2)\n"
        "import tensorflow\n"
        "threading = tensorflow.config.threading\n"
        "print(threading.get_inter_op_parallelism_threads(), threading.get_intra_op_parallelism_threads())\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(ROOM.parents[1])},
        capture_output=True,
        text=True,
    )
    assert run.stdout.split() == ["1", "2"], run.stderr
