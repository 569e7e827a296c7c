"""Every preset is a valid change of the settings, and the paper's preset holds the paper's numbers."""

from pathlib import Path

import pytest
import yaml
from livedead.desk.films import film_frames
from livedead.desk.settings import check_settings, settings_for
from livedead.desk.sheet import read_sheet
from livedead.desk.split import split_sequences
from livedead.desk.variants import plan_variants

from tests.contract.project import ROOT

SCHEMA = ROOT / "workflow/schemas/config.schema.yaml"
PRESETS = sorted((ROOT / "resources/presets").glob("*.yaml"))


def merged(base, change):
    both = {
        key: merged(base[key], value) if isinstance(value, dict) and key in base else value
        for key, value in change.items()
    }
    return {**base, **both}


def with_preset(path: Path):
    return merged(yaml.safe_load((ROOT / "config.yaml").read_text()), yaml.safe_load(path.read_text()))


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_a_preset_fits_the_schema(path):
    check_settings(with_preset(path), SCHEMA, [ROOT / "config.yaml", path])


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_a_preset_changes_something_and_no_more(path):
    base = yaml.safe_load((ROOT / "config.yaml").read_text())
    for section, keys in yaml.safe_load(path.read_text()).items():
        assert section in base
        assert keys != base[section]


PAPER = ROOT / "resources/presets/paper.yaml"
TRAINING = {"crop_px": 512, "epochs": 100, "steps_per_epoch": 0, "learning_rate": 5e-4, "encoder_weights": "imagenet"}
TRAINING |= {"schedule": "plateau", "plateau_factor": 0.8, "plateau_patience": 10}


# Paper, Methods: encoder, batch, weights of focal and Dice loss.
@pytest.mark.parametrize("cohort, wanted", [("hela", ("B3", 14, 1, 0)), ("cho", ("B7", 4, 1, 1))])
def test_the_paper_s_training_constants(cohort, wanted):
    train = settings_for(with_preset(PAPER), "train", cohort)
    assert {key: train[key] for key in TRAINING} == TRAINING
    loss = train["loss"]
    assert (train["encoder"], train["batch_size"], loss["focal_weight"], loss["dice_weight"]) == wanted
    assert (loss["focal_gamma"], loss["variant"]) == (2, "paper")


def test_the_paper_s_image_sizes():
    config = with_preset(PAPER)
    for cohort in ("hela", "cho"):
        frame = settings_for(config, "simulate", cohort)["optics"]["frame_px"]
        assert frame == [1664, 1664]
        assert frame[0] // settings_for(config, "phase", cohort)["downsample"] == 832


@pytest.mark.parametrize("cohort, images", [("hela", (899, 199, 200)), ("cho", (1536, 288, 288))])
def test_the_paper_s_numbers_of_images(cohort, images):
    config = with_preset(PAPER)
    rows = [row for row in read_sheet(ROOT / config["sheet"], ROOT) if row.cohort == cohort]
    frames = film_frames(config, rows)
    sides = split_sequences(rows, settings_for(config, "split", cohort), config["seed"])
    counts = dict.fromkeys(("train", "validation", "test"), 0)
    for name, side in sides.items():
        counts[side] += frames[name]
    assert tuple(counts.values()) == images
    # The sheet says the sides itself: another seed must not move a film.
    assert split_sequences(rows, settings_for(config, "split", cohort), 1) == sides
    tested = {row.confluence for row in rows if sides[row.sequence] == "test"}
    assert tested == {"low", "medium", "high"}


def test_every_encoder_is_trained_at_the_paper_s_size():
    config = with_preset(PAPER)
    encoders = {cohort: settings_for(config, "train", cohort)["encoder"] for cohort in ("hela", "cho")}
    variants = plan_variants(settings_for(config, "note5", "hela"), "hela", encoders)
    assert [v.encoder for v in variants["encoders"]] == [f"B{n}" for n in range(8)]
    assert all(v.reason is None for listed in variants.values() for v in listed)
    assert len(variants["training_size"]) == 10


def test_without_other_cohorts_a_variant_says_why_it_is_missing():
    config = yaml.safe_load((ROOT / "config.yaml").read_text())
    variants = plan_variants(settings_for(config, "note5", "hela"), "hela", {"hela": "B0"})
    assert variants["pretraining"][1].reason == "no network of the cohort cho to take an encoder from"
