"""What `make` hands to snakemake is understood as it is meant: a target is no value of an option before it."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

pytest.importorskip("snakemake")
from livedead.commands.live import _parser  # noqa: E402
from livedead.desk.files import PARTIAL  # noqa: E402
from snakemake.cli import get_argument_parser  # noqa: E402

TARGETS = {"note5": {"all", "note5"}, "all": set()}


def commands(target, *options):
    """Command lines that `make target` would run."""
    root = Path(__file__).parents[2]
    plan = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "-o", ".venv/installed", *options, target, "DATA=."],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return plan.stdout.replace("\\\n", " ").splitlines()


def snakemake_calls(target, *options):
    """Arguments of every snakemake call among them."""
    lines = commands(target, *options)
    return [shlex.split(line)[1:] for line in lines if re.match(r"\S*bin/snakemake\s", line)]


@pytest.mark.parametrize("target", TARGETS)
def test_snakemake_gets_the_targets_of_make(target):
    calls = [get_argument_parser().parse_args(call) for call in snakemake_calls(target)]
    assert calls
    assert {name for call in calls for name in call.targets} == TARGETS[target]


def test_a_target_after_a_list_of_words_is_refused():
    with pytest.raises(SystemExit):
        get_argument_parser().parse_args(["--cores", "1", "--quiet", "reason", "all", "note5"])


@pytest.mark.parametrize("target", ["note5", "results/report.html", "results/report-authors.html"])
def test_a_report_gets_its_name_when_it_is_whole(target):
    calls = [get_argument_parser().parse_args(call) for call in snakemake_calls(target, "-B")]
    (report,) = [str(call.report) for call in calls if call.report]
    # What `livedead.commands.recover` removes after a kill.
    assert report.startswith(f"results/{PARTIAL}") and report.endswith(".html")


def test_live_hands_on_what_it_is_given():
    given = {"FOLDER": "in", "MODEL": "net", "PATTERN": "f1_t{t}_m{m}.tif", "PIXEL_UM": "0.2", "INTERVAL_MIN": "30"}
    more = {"OUT": "my live", "CONFIG": "mine.yaml", "UNTIL_IDLE": "600"}

    def parsed(values):
        (line,) = [
            line for line in commands("live", *map("=".join, values.items())) if "livedead.commands.live" in line
        ]
        return vars(_parser().parse_args(shlex.split(line.partition("livedead.commands.live ")[2])))

    plain = _parser().parse_args(["in", "net", "--pattern", given["PATTERN"], "--pixel-size-um", "0.2"])
    plain.interval_min = 30.0
    assert parsed(given) == vars(plain)
    added = {"output": Path("my live"), "configfile": [Path("mine.yaml")], "until_idle": 600.0}
    assert parsed(given | more) == vars(plain) | added
