"""The table of the paper's numbers: complete, measurable, and in agreement with the preset it points to."""

import pytest
import yaml
from livedead.desk.claims_block import put_block
from livedead.desk.measurements import MEASUREMENTS
from livedead.desk.paper_numbers import read_paper_numbers
from livedead.desk.settings import settings_for

from tests.contract.project import ROOT
from tests.contract.test_presets import with_preset

NUMBERS = read_paper_numbers(ROOT / "resources/paper_numbers.tsv", MEASUREMENTS)
PRESET = ROOT / "resources/presets/paper.yaml"
IN_PRESET = [number for number in NUMBERS if (number.if_not or "").startswith("preset ")]


def test_the_numbers_the_paper_is_known_by():
    wanted = {"mean-f1-hela": 0.967, "mean-f1-cho": 0.949, "stained-after-live": 0.99, "stained-after-dead": 0.97}
    wanted |= {"area-differs-from": 2, "area-differs-to": 7, "mass-differs-from": 2, "mass-differs-to": 5}
    wanted |= {"training-images-hela": 899, "validation-images-hela": 199, "test-images-hela": 200}
    wanted |= {"training-images-cho": 1536, "validation-images-cho": 288, "test-images-cho": 288}
    wanted |= {"growth-stained-cells": 57, "growth-unstained-cells": 34, "encoder-hela": "B3", "encoder-cho": "B7"}
    values = {number.claim: number.value for number in NUMBERS}
    assert wanted.items() <= values.items()
    assert len(NUMBERS) >= 80


def test_every_measurement_serves_a_number_and_every_cohort_is_one_of_the_project():
    sheet = (ROOT / "resources/sequences.tsv").read_text(encoding="utf-8")
    cohorts = {line.split("\t")[1] for line in sheet.splitlines() if not line.startswith(("#", "sequence"))}
    assert {number.cohort for number in NUMBERS} - {None} <= cohorts
    assert MEASUREMENTS.keys() == {number.measurement for number in NUMBERS} - {None}


@pytest.mark.parametrize("number", IN_PRESET, ids=lambda number: number.claim)
def test_the_preset_holds_the_paper_s_value(number):
    config = with_preset(PRESET)
    section, *keys = number.if_not.removeprefix("preset ").split(".")
    value = settings_for(config, section, number.cohort)
    for key in keys:
        value = value[key]
    # Frames are set in pixels of the camera, and downsampled by two afterwards.
    wanted = {"camera_height_px": [number.value] * 2, "height_px": [2 * number.value] * 2}
    assert value == wanted.get(number.measurement, number.value)


def test_the_preset_trains_by_the_plateau_schedule():
    assert yaml.safe_load(PRESET.read_text(encoding="utf-8"))["train"]["schedule"] == "plateau"


def test_the_first_page_has_a_place_for_the_claims():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "new\n" in put_block(text, "new\n")
