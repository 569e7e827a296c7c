"""Settings: every error at once, with its file, its value, what is wanted and the nearest known key."""

import copy
from pathlib import Path

import pytest
import yaml
from livedead.desk.errors import SettingsError
from livedead.desk.settings import check_cohorts, check_settings, overridden, settings_for

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "workflow/schemas/config.schema.yaml"
SMALL = {
    "type": "object",
    "additionalProperties": False,
    "required": ["seed", "train"],
    "properties": {
        "seed": {"type": "integer", "minimum": 0},
        "train": {
            "type": "object",
            "additionalProperties": False,
            "required": ["rate", "window", "small", "large", "loss"],
            "less": ["small", "large"],
            "properties": {
                "rate": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
                "window": {
                    "type": "array",
                    "minItems": 2,
                    "maxItems": 2,
                    "order": "ascending",
                    "items": {"type": "number"},
                },
                "small": {"type": "number"},
                "large": {"type": "number"},
                "loss": {"enum": ["focal", "dice"]},
            },
        },
        "cohorts": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"train": {"$ref": "#/properties/train"}},
            },
        },
    },
}
GOOD = {"seed": 1, "train": {"rate": 0.1, "window": [0, 1], "small": 1, "large": 5, "loss": "dice"}}


def mistakes(config, schema=SMALL, files=()):
    with pytest.raises(SettingsError) as error:
        check_settings(config, schema, files)
    return str(error.value).splitlines()


def changed(**cells):
    return GOOD | {"train": GOOD["train"] | cells}


def test_project_settings_are_good():
    check_settings(yaml.safe_load((ROOT / "config.yaml").read_text()), SCHEMA)


def test_good_settings_pass_with_and_without_cohorts():
    check_settings(GOOD, SMALL)
    check_settings(GOOD | {"cohorts": {"cho": {"train": {"rate": 0.2}}, "hela": {}}}, SMALL)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"rate": 0}, "train.rate = 0 (wanted a number above 0 and at most 1)"),
        ({"rate": True}, "train.rate = True (wanted a number above 0 and at most 1)"),
        ({"rate": float("nan")}, "train.rate = nan (wanted a number above 0 and at most 1)"),
        ({"loss": "fokal"}, "train.loss = fokal (wanted focal|dice; did you mean focal?)"),
        ({"window": [1, 1]}, "train.window = [1, 1] (wanted numbers in ascending order)"),
        ({"window": [1]}, "train.window = [1] (wanted a list of 2 entries, each a number)"),
        ({"small": 5}, "train.small = 5 (wanted less than large = 5)"),
        ({"ratte": 1}, "train.ratte = 1 (unknown key; did you mean rate?)"),
        ({"seeds": 1}, "train.seeds = 1 (unknown key; did you mean seed?)"),
        ({"zzz": 1}, "train.zzz = 1 (unknown key; wanted one of rate, window, small, large, loss)"),
    ],
)
def test_wrong_value(cells, message):
    assert mistakes(changed(**cells)) == [f"config: {message}"]


def test_missing_keys_and_sections():
    config = copy.deepcopy(GOOD)
    del config["train"]["loss"], config["seed"]
    assert mistakes(config) == [
        "config: seed = nothing (wanted a whole number at least 0)",
        "config: train.loss = nothing (wanted focal|dice)",
    ]
    assert mistakes({"seed": 1, "train": None}) == ["config: train = nothing (wanted a section of keys)"]


def test_all_errors_come_together():
    assert len(mistakes({"seed": -1, "tarin": {}, "train": GOOD["train"] | {"rate": 2, "loss": 3}})) == 4


def test_misplaced_key_is_found():
    assert mistakes(GOOD | {"rate": 0.1}) == ["config: rate = 0.1 (unknown key; did you mean train.rate?)"]


def test_error_names_the_file_that_set_the_key(tmp_path):
    base, preset = tmp_path / "config.yaml", tmp_path / "preset.yaml"
    base.write_text("seed: -1\ntrain: {rate: 0.1, window: [0, 1], small: 1, large: 5}\n")
    preset.write_text("train: {rate: 3}\n")
    lines = mistakes({"seed": -1, "train": GOOD["train"] | {"rate": 3}}, files=[base, preset])
    assert lines[0].startswith(f"{base}: seed = -1")
    assert lines[1].startswith(f"{preset}: train.rate = 3")


def test_value_of_no_file_comes_from_the_command_line(tmp_path):
    base = tmp_path / "config.yaml"
    base.write_text("seed: 1\ntrain: {rate: 0.1, window: [0, x], small: 1, large: 5, loss: dice}\n")
    lines = mistakes({"seed": -1, "train": GOOD["train"] | {"window": [0, "x"]}}, files=[base])
    assert lines[0].startswith("--config: seed = -1")
    assert lines[1].startswith(f"{base}: train.window.1 = x")
    del (config := copy.deepcopy(GOOD))["seed"]
    assert mistakes(config, files=[base])[0].startswith(f"{base}: seed = nothing")


def test_numbers_as_keys(tmp_path):
    schema = {"type": "object", "properties": {"values": {"additionalProperties": {"enum": ["live", "dead"]}}}}
    base = tmp_path / "config.yaml"
    base.write_text("values: {1: live, 2: ded}\n")
    lines = mistakes(yaml.safe_load(base.read_text()), schema, [base])
    assert lines == [f"{base}: values.2 = ded (wanted live|dead; did you mean dead?)"]


def test_names_that_are_no_text_are_to_be_put_in_quotes(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(
        "cohorts: {20240311: {simulate: {frames_of: {7: 3}}}, hela: {}, no: {}}\nauthors: {images: {1: m}}\n"
    )
    own = yaml.safe_load(file.read_text())
    config = overridden(yaml.safe_load((ROOT / "config.yaml").read_text()), own)
    config["note5"]["losses"][5] = next(iter(config["note5"]["losses"].values()))
    hint = "(wanted text as a name; put the name in quotes)"
    assert sorted(mistakes(config | {"seed": -1}, SCHEMA, [file])) == [
        f"--config: note5.losses.5 = a section {hint}",
        "--config: seed = -1 (wanted a whole number at least 0 and at most 2147483647)",
        f"{file}: authors.images.1 = m {hint}",
        f"{file}: cohorts.20240311 = a section {hint}",
        f"{file}: cohorts.20240311.simulate.frames_of.7 = 3 {hint}",
        f"{file}: cohorts.False = a section {hint}",
    ]


def test_cohorts_of_the_settings_are_cohorts_of_the_sheet(tmp_path):
    base, preset = tmp_path / "config.yaml", tmp_path / "preset.yaml"
    base.write_text("cohorts: {hela: {}}\n")
    preset.write_text("cohorts: {cho1: {}}\n")
    check_cohorts({"cohorts": {"hela": {}}}, ["hela", "cho"], [base])
    check_cohorts({"cohorts": {"hela": {}}}, ["cho"], [base])
    check_cohorts({"cohorts": {"hela": {}}}, ["cho"], [base, preset])
    with pytest.raises(SettingsError, match=r"config\.yaml: cohorts\.hela \(no such .* did you mean hela2\?"):
        check_cohorts({"cohorts": {"hela": {}}}, ["hela2"], [base])
    with pytest.raises(SettingsError, match=r"preset\.yaml: cohorts\.cho1 \(no such .* wanted one of lung"):
        check_cohorts({"cohorts": {"hela": {}, "cho1": {}}}, ["lung"], [base, preset])
    with pytest.raises(SettingsError, match=r"preset\.yaml: cohorts\.cho1 \(no such .* did you mean cho\?"):
        check_cohorts({"cohorts": {"hela": {}, "cho1": {}}}, ["cho"], [base, preset])
    own = tmp_path / "presets/paper.yaml"
    own.parent.mkdir()
    own.write_text("cohorts: {cho1: {}}\n")
    check_cohorts({"cohorts": {"hela": {}, "cho1": {}}}, ["lung"], [base, own])
    with pytest.raises(SettingsError, match=r"paper\.yaml: cohorts\.cho1 \(no such .* did you mean cho\?"):
        check_cohorts({"cohorts": {"hela": {}, "cho1": {}}}, ["cho"], [base, own])


def test_cohort_is_checked_alone_and_against_what_stays():
    assert mistakes(GOOD | {"cohorts": {"cho": {"train": {"rate": 3, "los": 1}}}}) == [
        "config: cohorts.cho.train.los = 1 (unknown key; did you mean loss?)",
        "config: cohorts.cho.train.rate = 3 (wanted a number above 0 and at most 1)",
    ]
    assert mistakes(GOOD | {"cohorts": {"cho": {"train": {"small": 9}}}}) == [
        "config: cohorts.cho.train.small = 9 (wanted less than large = 5)"
    ]


def test_cohort_overrides_single_keys_deep_down():
    config = {
        "train": {"rate": 1, "loss": {"focal": 1, "dice": 0}, "window": [0, 1]},
        "cohorts": {"cho": {"train": {"loss": {"dice": 1}, "window": [2, 3]}}},
    }
    assert settings_for(config, "train", "cho") == {
        "rate": 1,
        "loss": {"focal": 1, "dice": 1},
        "window": [2, 3],
    }
    settings_for(config, "train", "hela")["loss"]["dice"] = 7
    assert settings_for(config, "train", "hela") == config["train"]
    assert config["train"]["loss"]["dice"] == 0


def test_unknown_section():
    with pytest.raises(SettingsError, match="no section trian"):
        settings_for({"train": {}}, "trian", "hela")


FILMS = SMALL | {
    "properties": SMALL["properties"]
    | {
        "train": SMALL["properties"]["train"]
        | {
            "properties": SMALL["properties"]["train"]["properties"]
            | {
                kind: {
                    "type": "object",
                    "propertyNames": {"enum": names},
                    "additionalProperties": {"$ref": "#/properties/train"},
                }
                for kind, names in (("conditions", ["stained", "unstained"]), ("confluences", ["low", "high"]))
            }
        }
    }
}


def test_films_of_one_kind_may_have_their_own_values():
    config = changed(conditions={"stained": {"rate": 0.2, "small": 2}}, confluences={"low": {"small": 3}})
    config["cohorts"] = {"cho": {"train": {"rate": 0.3, "conditions": {"unstained": {"rate": 0.4}}}}}
    check_settings(config, FILMS)

    def values(cohort, **film):
        found = settings_for(config, "train", cohort, **film)
        assert not {"conditions", "confluences"} & found.keys()
        return found["rate"], found["small"]

    assert values("hela") == (0.1, 1)
    assert values("hela", condition="stained") == (0.2, 2)
    assert values("hela", condition="stained", confluence="low") == (0.2, 3)
    assert values("hela", condition="unstained", confluence="high") == (0.1, 1)
    assert values("cho") == (0.3, 1)
    assert values("cho", condition="stained") == (0.2, 2)
    assert values("cho", condition="unstained") == (0.4, 1)
    assert "conditions" in config["train"]


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"stained": {"rate": 3}}, "train.conditions.stained.rate = 3 (wanted a number above 0 and at most 1)"),
        ({"stained": {"ratte": 3}}, "train.conditions.stained.ratte = 3 (unknown key; did you mean rate?)"),
        ({"stained": {"small": 9}}, "train.conditions.stained.small = 9 (wanted less than large = 5)"),
    ],
)
def test_films_of_one_kind_are_checked_alone_and_against_what_stays(own, message):
    assert mistakes(changed(conditions=own), FILMS) == [f"config: {message}"]
    cohort = GOOD | {"cohorts": {"cho": {"train": {"conditions": own}}}}
    assert mistakes(cohort, FILMS) == [f"config: cohorts.cho.{message}"]


def test_conditions_are_those_of_the_sheet():
    [line] = mistakes(changed(conditions={"staind": {"rate": 0.2}}), FILMS)
    assert line.startswith("config: train.conditions")
    assert "stained" in line


def test_lists_that_belong_together_and_orders():
    config = yaml.safe_load((ROOT / "config.yaml").read_text())
    for changes, message in (
        ({"shifts_deg": [0, 90, 180]}, "phase.shifts_deg = [0, 90, 180] (wanted 4 entries, as many as frame_order)"),
        ({"frame_order": [0, 1, 1, 3]}, "phase.frame_order = [0, 1, 1, 3] (wanted every number from 0 to 3 once)"),
        ({"shifts_deg": "guess"}, "phase.shifts_deg = guess (wanted estimate or a list"),
    ):
        with pytest.raises(SettingsError) as error:
            check_settings(config | {"phase": config["phase"] | changes}, SCHEMA)
        assert message in str(error.value)
    five = {"frame_order": [4, 0, 1, 2, 3], "shifts_deg": [0, 72, 144, 216, 288]}
    for changes in (five, {"frame_order": [2, 0, 1], "shifts_deg": "estimate"}):
        check_settings(config | {"phase": config["phase"] | changes}, SCHEMA)
