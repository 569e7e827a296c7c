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
from livedead.desk.errors import SettingsError
from livedead.net import determinism
from livedead.net.losses import SegmentationLoss

from .conftest import tiny_network

ROOM = Path(determinism.__file__).parent

PROGRAM = """
import sys
# Keras takes it where it is installed; here it shall do without.
sys.modules["tensorflow"] = None
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


SHARED = """
import sys
import keras, numpy as np
from livedead.desk.errors import SettingsError
from livedead.net.determinism import arithmetic, set_determinism
from livedead.net.losses import SegmentationLoss
from tests.unit.net.conftest import tiny_network
rng = np.random.default_rng(0)
images = rng.standard_normal((4, 32, 32, 3), dtype=np.float32)
truth = np.eye(3, dtype=np.float32)[rng.integers(0, 3, (4, 32, 32))]
found = []
for devices in (1, 2):
    set_determinism(1, 1)
    with arithmetic("float32", devices, 4):
        model = tiny_network()
        optimizer = keras.optimizers.SGD(0.1, momentum=0.9)
        optimizer.build(model.trainable_variables)
        model.compile(optimizer, loss=SegmentationLoss(1, 1), jit_compile="auto")
        for _ in range(5):
            model.train_on_batch(images, truth)
        # As in validation: one image, which two devices cannot share.
        one = model.predict_on_batch(images[:1])
        found.append([*model.get_weights(), one])
        assert len(model.weights[0].value.sharding.device_set) == devices
print(max(float(abs(a - b).max()) for a, b in zip(*found)))
for devices, batch in ((3, 6), (2, 3)):
    try:
        with arithmetic("float32", devices, batch):
            print("accepted")
    except SettingsError as error:
        print(error)
"""


def test_two_devices_share_a_batch():
    if importlib.util.find_spec("jax") is None:
        pytest.skip("jax is not installed; the pipeline does not need it")
    made = {"KERAS_BACKEND": "jax", "XLA_FLAGS": "--xla_force_host_platform_device_count=2", "JAX_PLATFORMS": "cpu"}
    root = ROOM.parents[3]
    run = subprocess.run(
        [sys.executable, "-c", SHARED],
        env=os.environ | made | {"PYTHONPATH": f"{ROOM.parents[1]}{os.pathsep}{root}"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    difference, *refused = run.stdout.splitlines()
    assert float(difference) < 1e-5
    assert refused == [
        "train.devices is 3 and there are cpu:0, cpu:1; wanted no more devices than there are.",
        "train.devices is 2 and train.batch_size 3; wanted a multiple of the devices.",
    ]


def test_products_in_bfloat16_and_weights_in_float32():
    rng = np.random.default_rng(0)
    images = rng.standard_normal((4, 32, 32, 3), dtype=np.float32)
    truth = np.eye(3, dtype=np.float32)[rng.integers(0, 3, (4, 32, 32))]
    losses = []
    for precision in ("float32", "mixed_bfloat16"):
        determinism.set_determinism(2, 1)
        with determinism.arithmetic(precision, 1, 4):
            model = tiny_network()
            assert model.layers[1].compute_dtype == precision.removeprefix("mixed_")
            assert {weight.dtype for weight in model.weights} == {"float32"}
            model.compile(keras.optimizers.SGD(0.1), loss=SegmentationLoss(1, 1), jit_compile=False)
            losses.append([float(model.train_on_batch(images, truth)) for _ in range(2)])
        assert keras.config.dtype_policy().name == "float32"
    assert losses[0] != losses[1]
    # Drop-connect draws other numbers in bfloat16.
    assert losses[1] == pytest.approx(losses[0], rel=0.1)


def test_a_backend_that_cannot_share_says_so():
    if keras.backend.backend() == "jax":
        pytest.skip("this one can")
    wanted = pytest.raises(SettingsError, match="train.devices is 2 under KERAS_BACKEND=.*; wanted jax there")
    with wanted, determinism.arithmetic("float32", 2, 4):
        pass


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
