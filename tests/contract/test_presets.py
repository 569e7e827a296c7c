"""Every preset is a valid change of the settings, and the paper's preset holds the paper's numbers."""

from pathlib import Path

import pytest
import yaml
from livedead.desk.settings import check_settings

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


def test_the_paper_s_training_constants():
    train = with_preset(ROOT / "resources/presets/paper.yaml")["train"]
    wanted = {"encoder": "B3", "crop_px": 512, "batch_size": 14, "epochs": 100, "learning_rate": 5e-4}
    wanted |= {"schedule": "plateau", "plateau_factor": 0.8, "plateau_patience": 10}
    assert {key: train[key] for key in wanted} == wanted
    assert (train["loss"]["focal_weight"], train["loss"]["dice_weight"], train["loss"]["focal_gamma"]) == (1, 0, 2)
