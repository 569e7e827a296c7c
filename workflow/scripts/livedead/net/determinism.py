"""What differs between Keras backends: repeatable arithmetic, thread counts, compilation, precision, devices."""

from contextlib import contextmanager

import keras

from ..desk.errors import SettingsError


def set_determinism(seed, threads):
    """Make every run with one seed on one machine give the same numbers.

    Call it before the first network is built. On a CPU sums depend on the number of threads in their last
    digit, so repeat a run with as many threads (`train.threads`).

    Parameters
    ----------
    seed : int
        Seed of Python's, NumPy's and the backend's global generators.
    threads : int
        CPU threads of the backend. A backend that has already computed something keeps its number.
    """
    keras.utils.set_random_seed(seed)
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow

        tensorflow.config.experimental.enable_op_determinism()
        try:
            tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
            # One operation at a time, with all threads inside it. Operations that run side by side share the
            # threads differently in every run, and with them the order of their sums; it costs no speed.
            tensorflow.config.threading.set_inter_op_parallelism_threads(1)
        except RuntimeError:
            # TensorFlow refuses once it has started; the number then is that of the first call.
            return
    elif backend == "torch":
        import torch

        torch.use_deterministic_algorithms(True)
        torch.set_num_threads(threads)


def device():
    """Name the device the backend computes on.

    Returns
    -------
    str
        Kind and number, as "cpu:0".
    """
    if keras.backend.backend() == "torch":
        import torch

        # Keras lists no devices for it.
        return "gpu:0" if torch.cuda.is_available() else "cpu:0"
    return keras.distribution.list_devices()[0]


def jit_compile():
    """Say whether Keras shall compile the training step: `"auto"` for JAX, which needs it, else False.

    Returns
    -------
    str or bool
        Value for `keras.Model.compile`. XLA on TensorFlow's CPU takes minutes and makes steps slower.
    """
    return "auto" if keras.backend.backend() == "jax" else False


@contextmanager
def arithmetic(precision, devices, batch_size):
    """Let networks be built and trained in a precision and on several devices; afterwards all is as before.

    Every device takes its part of each batch; the weights and the statistics of batch normalisation are those of the
    whole batch, to float rounding.

    Parameters
    ----------
    precision : str
        "float32", or "mixed_bfloat16": products in bfloat16, weights in float32.
    devices : int
        Devices that share a batch.
    batch_size : int
        Crops per batch.

    Raises
    ------
    SettingsError
        If the backend cannot share a batch, there are fewer devices, or they do not divide the batch.
    """
    shared = _sharing(devices, batch_size) if devices > 1 else None
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    if shared:
        keras.distribution.set_distribution(shared)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
        if shared:
            keras.distribution.set_distribution(None)


def _sharing(devices, batch_size):
    """Give the data parallelism over the first devices, or say why there is none."""
    wanted = f"train.devices is {devices}"
    if keras.backend.backend() != "jax":
        raise SettingsError(f"{wanted} under KERAS_BACKEND={keras.backend.backend()}; wanted jax there, or 1 device.")
    there = keras.distribution.list_devices()
    if len(there) < devices:
        raise SettingsError(f"{wanted} and there are {', '.join(there)}; wanted no more devices than there are.")
    if batch_size % devices:
        raise SettingsError(f"{wanted} and train.batch_size {batch_size}; wanted a multiple of the devices.")
    return keras.distribution.DataParallel(devices=there[:devices])
