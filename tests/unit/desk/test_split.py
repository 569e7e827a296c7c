"""The split: whole sequences, near the wanted shares, every replicate spread, nothing on two sides."""

import dataclasses
from collections import Counter

import pytest
from livedead.desk.errors import SplitError
from livedead.desk.split import split_rows, split_sequences, unsplit_sides

SHARES = {"train": 6, "validation": 1, "test": 1}


def test_default_cohort_is_split_exactly_and_by_replicate(make_sequence):
    rows = [make_sequence(f"r{r}-f{f}", f"r{r}") for r in range(4) for f in range(8)]
    sides = split_sequences(rows, SHARES, 2022)
    assert Counter(sides.values()) == {"train": 24, "validation": 4, "test": 4}
    for r in range(4):
        here = Counter(side for name, side in sides.items() if name.startswith(f"r{r}"))
        assert here == {"train": 6, "validation": 1, "test": 1}


def test_draw_depends_on_the_seed_only(make_sequence):
    rows = [make_sequence(f"f{f}", f"r{f % 3}") for f in range(20)]
    first = split_sequences(rows, SHARES, 1)
    assert split_sequences(rows[::-1], SHARES, 1) == first
    assert split_sequences(rows, SHARES, 2) != first
    assert list(first) == [row.sequence for row in rows]


def test_sides_of_the_sheet_stand(make_sequence):
    fixed = {"f0": "test", "f1": "test", "f2": "predict", "f3": "validation"}
    rows = [make_sequence(f"f{f}", split=fixed.get(f"f{f}")) for f in range(12)]
    sides = split_sequences(rows, SHARES, 5)
    assert {name: sides[name] for name in fixed} == fixed
    assert {sides[f"f{f}"] for f in range(4, 12)} == {"train"}


def test_without_truth_a_sequence_is_only_predicted(make_sequence):
    rows = [make_sequence(f"f{f}") for f in range(3)] + [make_sequence("dark", truth=False)]
    sides = split_sequences(rows, SHARES, 5)
    assert sides.pop("dark") == "predict"
    assert sorted(sides.values()) == ["test", "train", "validation"]


def test_cohorts_are_divided_each_by_itself(make_sequence):
    rows = [make_sequence(f"{c}{f}", cohort=c) for c in ("a", "b") for f in range(8)]
    sides = split_sequences(rows, SHARES, 5)
    for cohort in ("a", "b"):
        here = Counter(side for name, side in sides.items() if name.startswith(cohort))
        assert here == {"train": 6, "validation": 1, "test": 1}


def test_rows_of_one_field_go_to_one_side(make_sequence):
    """A film with a gap has a row before and one after it; a time of its own, too, may stand in a row of its own."""
    rows = [
        make_sequence(f"f{f}-{part}", raw=f"day1/f{f}_t{time}_m{{m}}.tif")
        for f in range(8)
        for part, time in enumerate(("{t:0-4}", "{t:6-14}", "16"))
    ]
    for seed in range(5):
        sides = split_sequences(rows[::-1], SHARES, seed)
        assert all(len({sides[f"f{f}-{part}"] for part in range(3)}) == 1 for f in range(8))
        assert Counter(sides.values()) == {"train": 18, "validation": 3, "test": 3}
    # A side written down for one of them holds for all, but for what says otherwise itself.
    rows[4] = dataclasses.replace(rows[4], split="test")
    rows[5] = dataclasses.replace(rows[5], split="predict")
    for seed in range(5):
        sides = split_sequences(rows, SHARES, seed)
        assert [sides[f"f1-{part}"] for part in range(3)] == ["test", "test", "predict"]


def test_fields_whose_names_only_look_alike_are_drawn_by_themselves(make_sequence):
    names = ["at1_t{t}.tif", "at2_t{t}.tif", "T1x_t{t}.tif", "T2x_t{t}.tif"]
    rows = [make_sequence(f"f{n}", raw=name) for n, name in enumerate(names)]
    assert set(split_sequences(rows, SHARES, 1).values()) == {"train", "validation", "test"}


def test_empty_side_is_an_error(make_sequence):
    rows = [make_sequence("f1"), make_sequence("f2"), make_sequence("f3", truth=False)]
    with pytest.raises(SplitError, match=r"cohort hela: no sequence on the side test .* 2 of its 3 sequences"):
        split_sequences(rows, SHARES, 5)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("sizes", [(3,), (1, 1, 1), (4,), (9, 1), (5, 6, 7), (2, 2, 2, 2, 2), (16, 4)])
def test_shares_hold_for_any_replicates(make_sequence, sizes, seed):
    rows = [make_sequence(f"r{r}-f{f}", f"r{r}") for r, size in enumerate(sizes) for f in range(size)]
    counts = Counter(split_sequences(rows, SHARES, seed).values())
    assert sum(counts.values()) == len(rows)
    for side, share in SHARES.items():
        assert counts[side] >= 1
        assert abs(counts[side] - len(rows) * share / 8) < 1.5


def test_rows_are_ordered_by_side():
    rows = split_rows(["a", "b", "c", "d"], ["r1"] * 4, ["predict", "test", "train", "train"], [5, 6, 7, 8])
    assert [(row["sequence"], row["side"], row["frames"]) for row in rows] == [
        ("c", "train", 7),
        ("d", "train", 8),
        ("b", "test", 6),
        ("a", "predict", 5),
    ]
    with pytest.raises(ValueError, match="shorter"):
        split_rows(["a", "b"], ["r1"] * 2, ["test", "test"], [5])


def test_with_the_network_of_another_cohort_all_truth_is_for_the_test(make_sequence):
    rows = [make_sequence("a"), make_sequence("b", truth=False), make_sequence("c", split="predict")]
    assert unsplit_sides(rows, "hela") == {"a": "test", "b": "predict", "c": "predict"}


def test_nothing_is_trained_with_the_network_of_another_cohort(make_sequence):
    rows = [make_sequence("a", split="train"), make_sequence("b"), make_sequence("c", split="validation")]
    with pytest.raises(SplitError, match="a, c: split = train, but the cohort uses the network of hela"):
        unsplit_sides(rows, "hela")
