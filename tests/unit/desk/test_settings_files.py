from pathlib import Path

import pytest
from livedead.desk.errors import SettingsError
from livedead.desk.settings_files import read_settings

ROOT = Path(__file__).parents[3]
CONFIG, SCHEMA = ROOT / "config.yaml", ROOT / "workflow/schemas/config.schema.yaml"


def test_later_files_stand_above_earlier_ones(tmp_path):
    for name, value in (("a", 0.5), ("b", 0.6)):
        (tmp_path / name).write_text(f"phase: {{ring_transmission: {value}}}\n")
    config = read_settings([CONFIG, tmp_path / "a", tmp_path / "b"], SCHEMA)
    assert config["phase"]["ring_transmission"] == 0.6
    assert config["phase"]["downsample"] == read_settings([CONFIG], SCHEMA)["phase"]["downsample"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("phase: {ring_transmision: 0.4}\n", r"mine.yaml: phase.ring_transmision = 0.4 \(unknown key; did you mean"),
        ("phase: [\n", "mine.yaml:2: not readable as YAML"),
        ("", "mine.yaml: no settings in it"),
        (None, "mine.yaml: no such file"),
    ],
)
def test_one_error_that_names_the_file(tmp_path, text, words):
    if text is not None:
        (tmp_path / "mine.yaml").write_text(text)
    with pytest.raises(SettingsError, match=words):
        read_settings([CONFIG, tmp_path / "mine.yaml"], SCHEMA)
