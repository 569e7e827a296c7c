"""The workflow through profiles/slurm on a real SLURM: whatever happens to jobs, the tables are as of a local run."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from datetime import datetime

import pytest

from tests.slurm.cluster import Cluster, missing, said
from tests.workflow.test_tiny_run import copy_of_project, run_in, tables

pytestmark = pytest.mark.slurm

# Nodes of two cores, none as large as the profile takes them to be, and short waits: all is on one disk.
SMALL = [
    "--cores",
    "2",
    "--set-threads",
    "train_network=2",
    "measure_frame_rate=2",
    "--jobs",
    "4",
    "--latency-wait",
    "5",
]
QUICK = ["--slurm-init-seconds-before-status-checks", "2", "--seconds-between-status-checks", "2"]
# Enough for the snakemake of a job but not for the job; the second attempt has plenty.
TIGHT = ["--set-resources", "score_baseline:mem_mb=200 * attempt ** 3"]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    plugin = importlib.util.find_spec("snakemake_executor_plugin_slurm")
    reason = missing() if plugin else "snakemake-executor-plugin-slurm is not installed: `make test-slurm` has it"
    if reason:
        (pytest.fail if os.environ.get("LIVEDEAD_REQUIRE_SLURM") else pytest.skip)(reason)
    with Cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """A finished run without any cluster."""
    folder = copy_of_project(tmp_path_factory.mktemp("local"))
    done = run_in(folder)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return folder


def start(cluster, folder, *options):
    """Start a run through the profile; its screen goes to run.log."""
    command = [sys.executable, "-m", "snakemake", "--workflow-profile", "profiles/slurm"]
    command += [*SMALL, *QUICK, "--configfile", "tiny.yaml", *options]
    with (folder / "run.log").open("ab") as log:
        return subprocess.Popen(command, cwd=folder, env=cluster.environment, stdout=log, stderr=log)


def running(cluster, word):
    """Jobs that run now and have a word in their comment, which says rule and wildcards."""
    return [job for job in cluster.jobs() if job["JobState"] == "RUNNING" and word in job["Comment"]]


def during(run, condition):
    """Wait until a condition holds and give what it gave; the run must not end before."""
    while not (found := condition()):
        assert run.poll() is None, "the run ended too early"
        time.sleep(0.2)
    return found


def of_rule(cluster, word):
    return sorted((job for job in cluster.jobs() if word in job["Comment"]), key=lambda job: int(job["JobId"]))


def test_faults_of_jobs_and_nodes_leave_the_tables_as_they_are(cluster, local, tmp_path):
    folder = copy_of_project(tmp_path)
    run = start(cluster, folder, *TIGHT)
    first = during(run, lambda: running(cluster, "film"))[0]
    said("scontrol", "update", f"NodeName={first['NodeList']}", "State=DRAIN", "Reason=test")
    drained = datetime.now()
    trained = during(run, lambda: running(cluster, "train_network"))[0]
    time.sleep(3)
    said("scancel", trained["JobId"])
    assert run.wait() == 0, (folder / "run.log").read_text()[-6000:]

    of_run, of_local = tables(folder), tables(local)
    assert of_run.keys() == of_local.keys()
    assert [name for name in of_run if of_run[name] != of_local[name]] == []
    # The drained node finished what it had and got nothing more.
    assert "drain" in said("sinfo", "-h", "-n", first["NodeList"], "-o", "%T")
    later = [job for job in cluster.jobs() if datetime.fromisoformat(job["StartTime"]) > drained]
    assert len(later) > 10
    assert first["NodeList"] not in {job["NodeList"] for job in later}
    assert {job["JobState"] for job in cluster.jobs() if job["JobId"] == first["JobId"]} == {"COMPLETED"}
    # The cancelled training was sent again.
    states = [job["JobState"] for job in of_rule(cluster, trained["Comment"])]
    assert states == ["CANCELLED", "COMPLETED"]
    # Both jobs with too little memory were killed, and came through with more.
    baselines = of_rule(cluster, "score_baseline")
    tight = [job for job in baselines if job["MinMemoryNode"] == "200M"]
    assert [job["JobState"] for job in baselines if job["MinMemoryNode"] == "1600M"] == ["COMPLETED"] * 2
    assert len(tight) == 2 and len(baselines) == 4
    for job in tight:
        (log,) = (folder / "results/logs/slurm").rglob(f"{job['JobId']}.log")
        assert "exceeded memory limit" in log.read_text()


def test_a_killed_run_is_cleared_away_and_resumed(cluster, local, tmp_path):
    folder = copy_of_project(tmp_path)
    run = start(cluster, folder, "--", "labels")
    during(run, lambda: len(running(cluster, "film")) > 1)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert said("squeue", "-h") != ""
    cleared = subprocess.run(["profiles/slurm/cancel.sh"], cwd=folder, capture_output=True, text=True, check=True)
    assert cleared.stdout.startswith("Ended: ")
    assert said("squeue", "-h") == ""
    assert start(cluster, folder, "--unlock").wait() == 0
    assert start(cluster, folder, "--", "labels").wait() == 0, (folder / "run.log").read_text()[-6000:]
    resumed, of_local = tables(folder), tables(local)
    assert len(resumed) > 20
    assert [name for name in resumed if resumed[name] != of_local[name]] == []
