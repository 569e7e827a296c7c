"""Where the time of the last `make` went, stage by stage, beside the time before the work on speed."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from livedead.desk.tables import read_table

from tests.benchmarks.listing import Listing
from tests.contract.project import ROOT

BENCHMARKS = ROOT / "results/benchmarks"
BEFORE = Path(__file__).with_name("stages_before.tsv")
# Of no default run: only on request.
ON_REQUEST = {"note5", "authors", "viability", "export"}


def tables() -> list[Listing]:
    """Add up what Snakemake measured of every job of the last run."""
    now = stage_rows(BENCHMARKS)
    if not now:
        sys.exit(f"{BENCHMARKS.relative_to(ROOT)} holds no job: run make first")
    before = {row["stage"]: row for row in read_table(BEFORE)}
    lines = [
        (
            *(row["stage"], str(row["jobs"]), f"{row['seconds']:.0f} s", f"{row['longest_s']:.1f} s"),
            f"{row['peak_mib']:.0f}",
            *(_earlier(before.get(row["stage"]), row["seconds"])),
        )
        for row in now
    ]
    total, then = (sum(row["seconds"] for row in rows) for rows in (now, before.values()))
    jobs, jobs_then = (sum(row["jobs"] for row in rows) for rows in (now, before.values()))
    heads = ("stage", "jobs", "all of them", "longest", "MiB, largest", "jobs before", "all before", "ratio")
    verdict = (
        f"{jobs} jobs took {total:.0f} s in all, each counted alone; before the work on speed {jobs_then} jobs took "
        f"{then:.0f} s. Where a machine has several cores the run takes less."
    )
    return [Listing("Jobs of the last default run, by stage", heads, lines, verdict)]


def _earlier(before: dict | None, seconds: float) -> tuple[str, str, str]:
    if before is None:
        return "", "", ""
    return str(before["jobs"]), f"{before['seconds']:.0f} s", f"{seconds / before['seconds']:.2f}"


def stage_of_rules() -> dict[str, str]:
    """Tell the stage of every rule, that is the name of its file, those made from other rules included."""
    found = {}
    for file in sorted((ROOT / "workflow/rules").glob("*.smk")):
        for line in file.read_text(encoding="utf-8").splitlines():
            words = line.split()
            if line.startswith("rule "):
                found[words[1].rstrip(":")] = file.stem
            elif line.startswith("use rule ") and words[3:4] == ["as"]:
                found[words[4]] = file.stem
    return found


def stage_rows(folder: Path) -> list[dict]:
    """Add up the benchmark files of a run.

    Parameters
    ----------
    folder : path
        ``results/benchmarks`` of the run.

    Returns
    -------
    list of dict
        stage, jobs, seconds (of all jobs), longest_s, peak_mib; the longest stage first. Stages that only run on
        request are left out.
    """
    stages, seconds, jobs, longest, peak = stage_of_rules(), Counter(), Counter(), Counter(), Counter()
    for rule, path in _jobs_of(folder):
        stage = stages.get(rule, rule)
        if stage in ON_REQUEST:
            continue
        (row,) = read_table(path)
        jobs[stage] += 1
        seconds[stage] += row["s"]
        longest[stage] = max(longest[stage], row["s"])
        peak[stage] = max(peak[stage], row["max_rss"] if isinstance(row["max_rss"], int | float) else 0)
    return [
        {"stage": stage, "jobs": jobs[stage], "seconds": total, "longest_s": longest[stage], "peak_mib": peak[stage]}
        for stage, total in seconds.most_common()
    ]


def _jobs_of(folder: Path) -> Iterable[tuple[str, Path]]:
    """Name the rule of every benchmark file: the first folder, or the file where a rule has one job."""
    for path in sorted(folder.rglob("*.tsv")):
        yield path.relative_to(folder).parts[0].removesuffix(".tsv"), path
