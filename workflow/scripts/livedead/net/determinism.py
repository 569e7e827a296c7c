"""What differs between Keras backends: repeatable arithmetic, thread counts, compilation."""

import keras


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


def jit_compile():
    """Say whether Keras shall compile the training step: `"auto"` for JAX, which needs it, else False.

    Returns
    -------
    str or bool
        Value for `keras.Model.compile`. XLA on TensorFlow's CPU takes minutes and makes steps slower.
    """
    return "auto" if keras.backend.backend() == "jax" else False
