"""One seed, one result: on any number of cores and in any order of jobs."""

import subprocess
import time

import pytest

from tests.workflow.test_tiny_run import tables

from .runs import Run, make, project

pytestmark = pytest.mark.faults


def unequal_tables(unbroken, folder):
    expected, found = tables(unbroken.folder), tables(folder)
    assert len(expected) > 150 and found.keys() == expected.keys()
    return [name for name in expected if found[name] != expected[name]]


def test_eight_cores_and_another_order_of_jobs(unbroken, tmp_path):
    run = Run(project(tmp_path / "eight"), cores=8, options="--scheduler greedy")
    assert run.wait() == 0, run.text()[-4000:]
    assert unequal_tables(unbroken, tmp_path / "eight") == []


def test_one_core_and_a_second_make_that_is_refused(unbroken, tmp_path):
    folder = project(tmp_path / "one")
    run = Run(folder, cores=1)
    while run.left() is None or not list((folder / ".snakemake/locks").glob("*.lock")):
        assert run.process.poll() is None, run.text()[-4000:]
        time.sleep(0.05)
    second = subprocess.run(make(folder, cores=1), capture_output=True, text=True, check=False)
    assert second.returncode != 0
    assert "recover: another run goes on in this folder (process " in second.stderr
    assert "steps" not in second.stdout
    assert run.wait() == 0, run.text()[-4000:]
    assert unequal_tables(unbroken, folder) == []
