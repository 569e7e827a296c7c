import time
from types import SimpleNamespace

import pytest

from .runs import Run, project


@pytest.fixture(scope="session")
def unbroken(tmp_path_factory):
    """The folder of an undisturbed run on two cores, and how many steps were left when: (s, steps)."""
    folder = project(tmp_path_factory.mktemp("unbroken"))
    run, course = Run(folder), []
    while run.process.poll() is None:
        left = run.left()
        if left is not None and (not course or course[-1][1] != left):
            course.append((run.seconds, left))
        time.sleep(0.05)
    assert run.wait() == 0, run.text()[-4000:]
    return SimpleNamespace(folder=folder, seconds=run.seconds, course=course)
