"""Seeds depend on names only."""

import hashlib

from livedead.desk.seeds import derived_seed


def test_seed_is_the_digest_of_the_names():
    digest = hashlib.sha256(b"2022/simulate/hela/hela-r1-f1").hexdigest()
    assert derived_seed(2022, "simulate", "hela", "hela-r1-f1") == int(digest[:8], 16) // 2


def test_other_names_other_seeds():
    seeds = {derived_seed(s, stage, f"f{n}") for s in (1, 2) for stage in ("a", "b") for n in range(50)}
    assert len(seeds) == 200
    assert all(0 <= seed < 2**31 for seed in seeds)
