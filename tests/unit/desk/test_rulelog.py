"""The log of a rule holds everything; the screen one sentence."""

import logging
import warnings
from types import SimpleNamespace

import pytest
from livedead.desk.errors import DataError
from livedead.desk.rulelog import rule_log


@pytest.fixture
def job(tmp_path):
    return SimpleNamespace(log=[str(tmp_path / "logs" / "job.log")], rule="label_nuclei")


def text(job):
    with open(job.log[0], encoding="utf-8") as file:
        return file.read()


def test_messages_and_warnings_reach_the_file(job):
    with rule_log(job) as log, warnings.catch_warnings():
        warnings.simplefilter("always")
        log.info("found %d nuclei", 12)
        warnings.warn("low contrast", stacklevel=1)
    assert "INFO found 12 nuclei" in text(job)
    assert "low contrast" in text(job)


def test_user_error_is_one_sentence_and_status_1(job, capsys):
    with pytest.raises(SystemExit) as stop, rule_log(job):
        raise DataError("a.tif: no nuclei (wanted at least one)")
    assert stop.value.code == 1
    assert capsys.readouterr().err == "label_nuclei: a.tif: no nuclei (wanted at least one)\n"
    assert "ERROR stopped: a.tif: no nuclei (wanted at least one)" in text(job)
    # Snakemake shows this file.
    assert "Traceback" not in text(job)


def test_files_are_named_where_the_message_does_not(job, capsys):
    job.input = ["a.tif", "b.tif"]
    with pytest.raises(SystemExit), rule_log(job):
        raise DataError("frame 3: no light")
    assert capsys.readouterr().err == "label_nuclei: frame 3: no light [read from a.tif, b.tif]\n"
    with pytest.raises(SystemExit), rule_log(job):
        raise DataError("b.tif: cut off")
    assert capsys.readouterr().err == "label_nuclei: b.tif: cut off\n"
    job.input = [f"{n}.tif" for n in range(40)]
    with pytest.raises(SystemExit), rule_log(job):
        raise DataError("nothing to learn from")
    assert capsys.readouterr().err == "label_nuclei: nothing to learn from\n"


def test_unforeseen_error_points_to_the_log(job, capsys):
    with pytest.raises(SystemExit) as stop, rule_log(job):
        raise ValueError("bad shape")
    assert stop.value.code == 1
    screen = capsys.readouterr().err
    assert screen.count("\n") == 1
    assert "ValueError: bad shape" in screen
    assert job.log[0] in screen
    assert "Traceback" in text(job)


def test_logging_is_as_before_afterwards(job):
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    with rule_log(job):
        assert root.level == logging.INFO
    assert (root.level, list(root.handlers)) == before
    with rule_log(job):
        pass
    assert text(job) == ""


def test_a_log_that_cannot_be_written_is_one_sentence(job, tmp_path, capsys):
    (tmp_path / "logs").write_text("a file where the folder should be")
    with pytest.raises(SystemExit) as stop, rule_log(job):
        raise AssertionError("the job must not start")
    assert stop.value.code == 1
    screen = capsys.readouterr().err
    assert screen.startswith(f"label_nuclei: the log {job.log[0]} cannot be written: ") and screen.count("\n") == 1


def test_a_full_disk_under_the_log_does_not_hide_the_sentence(job, capsys):
    # Every write into this device fails as on a full disk.
    with open("/dev/full", "w") as full, pytest.raises(SystemExit), rule_log(job):
        logging.getLogger().handlers[-1].setStream(full)
        raise DataError("a.tif: not written, the disk is full")
    assert capsys.readouterr().err == "label_nuclei: a.tif: not written, the disk is full\n"
