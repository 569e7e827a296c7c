"""What is tracked: no machine of anybody, documents that agree with the code, a split without leaks."""

import re
import subprocess
from collections import Counter

import pytest
import yaml
from livedead.desk.sheet import COLUMNS, read_sheet
from livedead.desk.split import split_sequences

from tests.contract.config_reference import PAGE, render
from tests.contract.project import ROOT, rules

# Written in two parts, so that this file does not find itself.
HOSTS = ["pypi" + ".org", "python" + "hosted.org", "--index" + "-url", "anaconda" + ".org", "arti" + "factory"]
FOLDERS = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/t" + "mp/", "/Us" + "ers/", "C:\\" + "Users"]


def tracked():
    """Files of the repository, new ones included; none where this is no repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    paths = [ROOT / name for name in found.stdout.splitlines()]
    return [path for path in paths if path.is_file()]


def test_no_machine_and_no_registry_in_the_text():
    if not tracked():
        pytest.skip("not a git repository")
    for path in tracked():
        data = path.read_bytes()
        if b"\0" not in data:
            text = data.decode("utf-8")
            found = [mark for mark in HOSTS + FOLDERS if mark in text]
            assert not found, f"{path.relative_to(ROOT)} names {found}"


def test_settings_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == render(), "run `make docs`"


def test_data_page_explains_every_column():
    text = (ROOT / "docs/data.md").read_text(encoding="utf-8")
    assert [column for column in COLUMNS if f"| `{column}` |" not in text] == []


def test_outputs_page_names_every_file():
    text = (ROOT / "docs/outputs.md").read_text(encoding="utf-8")
    for rule in rules():
        for path in re.findall(r'"results/([^"]+)"', rule.directives["output"]):
            # Figures are listed by their name, files of a sequence by what follows it.
            name = path.rpartition("/")[2]
            name = name.partition(".")[0] if path.startswith("figures/") else name.removeprefix("{sequence}")
            assert f"{name}`" in text, f"docs/outputs.md does not name {path} of {rule.name}"


def test_no_sequence_of_the_default_sheet_on_two_sides():
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    rows = [row for row in read_sheet(ROOT / config["sheet"], ROOT) if row.has_truth]
    for cohort, counts in (("hela", (24, 4, 4)), ("cho", (15, 3, 6))):
        own = [row for row in rows if row.cohort == cohort]
        sides = split_sequences(own, config["split"], config["seed"])
        assert Counter(sides.values()) == dict(zip(("train", "validation", "test"), counts, strict=True))
        assert sides.keys() == {row.sequence for row in own}
        tested = [row for row in own if sides[row.sequence] == "test"]
        assert {row.replicate for row in tested} == {"r1", "r2", "r3", "r4"}
        assert {row.confluence for row in tested} == {"low", "medium", "high"} or cohort == "hela"
