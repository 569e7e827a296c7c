"""Random numbers that depend on the run's seed and on the name of the thing, never on the order of jobs."""

import hashlib


def derived_seed(seed: int, *words: str) -> int:
    """Return a seed of its own for a thing named by words.

    Parameters
    ----------
    seed : int
        Root seed of the run.
    *words : str
        Names of the stage, the cohort, the sequence.

    Returns
    -------
    int
        A number from 0 to 2**31 - 1, the same on every machine.
    """
    digest = hashlib.sha256("/".join([str(seed), *words]).encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1
