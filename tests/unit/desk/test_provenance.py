"""Versions of what a result was made with."""

import platform

import numpy
from livedead.desk.provenance import versions


def test_versions_of_python_and_packages():
    assert versions(["numpy", "no-such-package"]) == {
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "no-such-package": "not installed",
    }
