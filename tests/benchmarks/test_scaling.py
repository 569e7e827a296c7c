import re

import pytest

from tests.benchmarks.listing import Listing
from tests.benchmarks.scaling import line_through_ends
from tests.benchmarks.stages import stage_of_rules, stage_rows
from tests.benchmarks.watched_jobs import run_watched

SNAKEFILE = """
rule make_table:
    output: "{sequence}.tsv"
    log: "{sequence}.log"
    script: "make_table.py"
"""
SCRIPT = """
import time
time.sleep(0.2)
with open(snakemake.log[0], "w"):
    held = bytearray({mib} * 2**20)
    for place in range(0, len(held), 4096):
        held[place] = 1
    time.sleep(0.3)
open(snakemake.output[0], "w").close()
"""


def test_line_and_how_far_the_middle_lies_off():
    assert line_through_ends({10: 2.1, 100: 3.0, 1000: 12.0}) == pytest.approx((2, 0.01, 0))
    # Twice as much beyond the start of 2 as the line has there.
    assert line_through_ends({10: 2.1, 100: 4.0, 1000: 12.0}) == pytest.approx((2, 0.01, 1))


def test_jobs_tell_their_time_and_memory(tmp_path):
    (tmp_path / "Snakefile").write_text(SNAKEFILE)
    (tmp_path / "make_table.py").write_text(SCRIPT.format(mib=200))
    table, snakemake = run_watched(tmp_path, "--", "f1.tsv")
    assert (table.rule, table.sequence, snakemake.rule) == ("make_table", "f1", "snakemake")
    # What comes before the log is opened counts as start, not as work.
    assert 0.3 <= table.work_s <= table.whole_s - 0.2
    assert table.whole_s < snakemake.whole_s
    assert table.peak_kib > 200 * 1024
    (tmp_path / "make_table.py").write_text("raise SystemExit(1)")
    with pytest.raises(RuntimeError, match="make_table"):
        run_watched(tmp_path, "--", "f2.tsv")


def test_stages_are_added_up_without_what_runs_on_request(tmp_path):
    for name, seconds, memory in (
        ("retrieve_phase/hela/f1", 2.5, 100.0),
        ("retrieve_phase/cho/c1", 1.5, 300.0),
        ("train_variant/hela/b0", 90, 1),
        ("check_stages", 0.5, "NA"),
    ):
        path = tmp_path / f"{name}.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"s\th:m:s\tmax_rss\n{seconds}\t0:00:02\t{memory}\n")
    assert stage_rows(tmp_path) == [
        {"stage": "phase", "jobs": 2, "seconds": 4.0, "longest_s": 2.5, "peak_mib": 300.0},
        {"stage": "checks", "jobs": 1, "seconds": 0.5, "longest_s": 0.5, "peak_mib": 0},
    ]


def test_every_rule_has_a_stage():
    stages = stage_of_rules()
    assert stages["simulate_unstained"] == "simulate" and stages["train_network"] == "train"
    assert stages["train_variant"] == "note5"


def test_a_listing_has_as_many_cells_in_every_line():
    text = Listing("t", ("a", "b"), [("1", "2")], "All well.").markdown()
    lines = text.splitlines()
    assert lines[0] == "### t" and lines[-1] == "All well."
    assert {len(re.findall(r"\|", line)) for line in lines[2:5]} == {3}
