"""The workflow through profiles/generic, whose scripts need no scheduler as they stand."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from tests.workflow.test_reruns import PHASE, SMALL
from tests.workflow.test_tiny_run import copy_of_project

QUALITY = Path("results/phase/bodies/bodies-no-halo.quality.tsv")

pytestmark = [
    pytest.mark.slurm,
    pytest.mark.skipif(
        not importlib.util.find_spec("snakemake_executor_plugin_cluster_generic"),
        reason="snakemake-executor-plugin-cluster-generic is not installed: `make test-slurm` has it",
    ),
]


@pytest.fixture
def project(tmp_path):
    copy_of_project(tmp_path)
    (tmp_path / "small.yaml").write_text(yaml.safe_dump(SMALL), encoding="utf-8")
    return tmp_path


def start(folder, *options):
    """Start a run through the profile that makes one film: one job of two steps."""
    command = [sys.executable, "-m", "snakemake", "--workflow-profile", "profiles/generic", "--cores", "2"]
    command += ["--latency-wait", "5", "--seconds-between-status-checks", "1", "--configfile", "small.yaml", *options]
    with (folder / "run.log").open("ab") as log:
        return subprocess.Popen([*command, "--", PHASE], cwd=folder, stdout=log, stderr=log)


def finish(run, folder):
    assert run.wait() == 0, (folder / "run.log").read_text()[-6000:]


def jobs(folder):
    """Folders of the jobs that have started, the oldest first."""
    found = [path.parent for path in (folder / ".snakemake/jobs").glob("*/session") if path.read_text().strip()]
    return sorted(found, key=lambda job: (job / "session").stat().st_mtime)


def first_job(run, folder):
    while not jobs(folder):
        assert run.poll() is None, (folder / "run.log").read_text()[-3000:]
        time.sleep(0.1)
    return jobs(folder)[0]


def alive(job):
    try:
        os.kill(int((job / "session").read_text()), 0)
    except ProcessLookupError:
        return False
    return True


def test_a_cancelled_job_is_sent_again_with_more_and_the_result_is_the_local_one(project, tmp_path_factory):
    run = start(project)
    job = first_job(run, project)
    subprocess.run(["profiles/generic/cancel.sh", job.name], cwd=project, check=True)
    finish(run, project)
    first, second = ((folder / "asked").read_text().split(":")[0] for folder in jobs(project))
    assert first == "1 threads, 2000 MB, 60 minutes"
    assert second == "1 threads, 4000 MB, 120 minutes"
    local = copy_of_project(tmp_path_factory.mktemp("local"))
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--configfile", project / "small.yaml", "--", PHASE]
    subprocess.run(command, cwd=local, check=True, capture_output=True)
    assert (project / QUALITY).read_bytes() == (local / QUALITY).read_bytes()


def test_what_a_killed_run_left_is_ended_and_made_anew(project):
    run = start(project)
    job = first_job(run, project)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert alive(job)
    subprocess.run(["profiles/generic/cancel.sh", *os.listdir(project / ".snakemake/jobs")], cwd=project, check=True)
    while alive(job):
        time.sleep(0.1)
    finish(start(project, "--unlock"), project)
    finish(start(project), project)
    assert len(jobs(project)) == 2
    assert (project / PHASE).stat().st_size > 0
