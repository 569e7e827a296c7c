"""Variants of Supplementary Note 5: which there are, what they are trained with, on which films."""

import copy

import pytest
from livedead.desk.errors import SettingsError
from livedead.desk.variants import COMPARISONS, films_of_fraction, plan_variants, variant_settings

LOSS = {"focal_weight": 1, "dice_weight": 1, "focal_gamma": 2, "variant": "paper"}
NOTE5 = {
    "base": {"encoder": "B0", "start": "scratch", "loss": "both"},
    "training": {"crop_px": 64, "epochs": 2, "steps_per_epoch": 3, "warmup_steps": 1},
    "encoders": {"trained": {"B0": 8, "B1": 4}, "counted": ["B0", "B1", "B7"]},
    "pretraining": "cho",
    "losses": {"both": LOSS, "focal": LOSS | {"dice_weight": 0}},
    "training_fractions": [0.5],
}
ENCODERS = {"hela": "B0", "cho": "B0"}


def plan(cohort="hela", encoders=ENCODERS, **changes):
    return plan_variants(copy.deepcopy(NOTE5) | changes, cohort, encoders)


def test_one_thing_changes_in_every_comparison():
    variants = plan()
    assert tuple(variants) == COMPARISONS
    base = ("B0", "scratch", "both", 1.0)
    changed = {"encoders": {0}, "pretraining": {1}, "losses": {2}, "training_size": {1, 3}}
    for comparison, listed in variants.items():
        for variant in listed:
            own = (variant.encoder, variant.start, variant.loss, variant.fraction)
            assert {place for place in range(4) if own[place] != base[place]} <= changed[comparison]
        assert len({variant.name for variant in listed}) == len(listed)


def test_shared_variants_have_one_name_and_the_rest_its_reason():
    variants = plan()
    names = {name: [v.name for v in listed] for name, listed in variants.items()}
    assert all("B0-scratch-both-100" in listed for listed in names.values())
    assert names["training_size"] == [
        "B0-scratch-both-50", "B0-scratch-both-100", "B0-pretrained-both-50", "B0-pretrained-both-100",
    ]  # fmt: skip
    reasons = {v.encoder: v.reason for v in variants["encoders"]}
    assert reasons["B0"] is reasons["B1"] is None
    assert "counted and timed only" in reasons["B7"]


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"cohort": "cho"}, "the cohort itself"),
        ({"encoders": {"hela": "B0"}}, "no network of the cohort cho"),
        ({"encoders": {"hela": "B0", "cho": "B7"}}, "has encoder B7, not B0"),
        ({"pretraining": "imagenet"}, None),
    ],
)
def test_a_missing_pretraining_is_said(changes, reason):
    scratch, pretrained = plan(**changes)["pretraining"]
    assert scratch.reason is None
    assert pretrained.reason is None if reason is None else reason in pretrained.reason


@pytest.mark.parametrize("change", [{"loss": "dice"}, {"encoder": "B7"}])
def test_an_unknown_base_is_refused(change):
    with pytest.raises(SettingsError, match="note5.base"):
        plan(base=NOTE5["base"] | change)


def test_settings_of_a_variant():
    train = {
        "encoder": "B5",
        "epochs": 100,
        "batch_size": 14,
        "encoder_weights": "imagenet",
        "loss": {},
        "schedule": "x",
    }
    focal = plan()["losses"][1]
    made = variant_settings(train, NOTE5, focal, "e.h5")
    assert made == train | NOTE5["training"] | {
        "encoder": "B0", "batch_size": 8, "encoder_weights": "none", "start_from": "none", "rehearsal": 0,
        "loss": LOSS | {"dice_weight": 0},
    }  # fmt: skip
    pretrained = plan()["pretraining"][1]
    assert variant_settings(train, NOTE5, pretrained, "e.h5")["encoder_weights"] == "e.h5"
    published = NOTE5 | {"pretraining": "imagenet"}
    assert variant_settings(train, published, pretrained, "e.h5")["encoder_weights"] == "imagenet"


def test_parts_of_the_films_are_whole_nested_and_even():
    films = [f"f{n}" for n in range(12)]
    replicates = [f"r{n % 4}" for n in range(12)]
    parts = [films_of_fraction(films, replicates, fraction, 1) for fraction in (0.01, 1 / 3, 0.5, 1)]
    assert [len(part) for part in parts] == [1, 4, 6, 12]
    assert all(set(small) <= set(large) for small, large in zip(parts, parts[1:], strict=False))
    assert len({film for film in parts[1]}) == 4
    assert sorted(replicates[films.index(film)] for film in parts[1]) == ["r0", "r1", "r2", "r3"]
    assert parts[3] == films
    assert films_of_fraction(films, replicates, 0.5, 2) != parts[2]
    assert films_of_fraction(["a", "b"], [None, None], 0.5, 1) in (["a"], ["b"])
