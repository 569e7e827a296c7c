"""Code fingerprints: edits that matter change them, edits that do not leave them."""

import importlib.util
import sys

import pytest
from livedead.desk import codehash

FILES = {
    "desk/__init__.py": "",
    "desk/errors.py": '"""Errors."""\n\n\nclass Wrong(Exception):\n    """Wrong."""\n',
    "optics/__init__.py": "",
    "optics/phase.py": "from ..desk.errors import Wrong\n\n\ndef phase(x):\n    return x + 1\n",
    "cells/__init__.py": "",
    "cells/maps.py": (
        '"""Maps."""\n\nimport numpy as np\n\nfrom ..optics import phase\nfrom . import sizes\n\n\n'
        'def label(x):\n    """Label."""\n    # why\n    return np.abs(x)\n'
    ),
    "cells/sizes.py": "LEAST = 3\n",
    "cells/other.py": "X = 1\n",
}


@pytest.fixture
def library(tmp_path, monkeypatch):
    root = tmp_path / "livedead"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    monkeypatch.setattr(codehash, "_LIBRARY", root)
    codehash._code.cache_clear()
    yield root
    codehash._code.cache_clear()


def fingerprint(*modules):
    codehash._code.cache_clear()
    return codehash.code_hash(*modules)


def edit(path, old, new):
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_imports_are_followed(library):
    assert codehash.modules_below("cells.maps") == {
        "cells.maps",
        "cells.sizes",
        "optics.phase",
        "desk.errors",
    }


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("cells/maps.py", "np.abs(x)", "np.abs(x) + 1"),
        ("cells/sizes.py", "3", "4"),
        ("optics/phase.py", "+ 1", "- 1"),
        ("desk/errors.py", "Exception", "ValueError"),
    ],
)
def test_edits_anywhere_below_count(library, file, old, new):
    before = fingerprint("cells.maps")
    edit(library / file, old, new)
    assert fingerprint("cells.maps") != before


def test_comments_docstrings_layout_and_strangers_do_not_count(library):
    before = fingerprint("cells.maps")
    edit(library / "cells/maps.py", "# why", "# because of something else")
    edit(library / "cells/maps.py", '"""Label."""', '"""Label nuclei.\n\n    At length.\n    """')
    edit(library / "cells/maps.py", '"""Maps."""', '"""Other."""')
    edit(library / "cells/maps.py", "np.abs(x)", "np.abs(\n        x\n    )")
    edit(library / "cells/other.py", "1", "2")
    edit(library / "desk/errors.py", '    """Wrong."""\n', "    pass\n")
    edit(library / "desk/errors.py", "    pass\n", '    """Again."""\n')
    assert fingerprint("cells.maps") == before


def test_absolute_spellings_are_followed_too(library):
    (library / "cells/a.py").write_text("import livedead.cells.sizes\n")
    (library / "cells/b.py").write_text("from workflow.scripts.livedead.cells.sizes import LEAST\n")
    (library / "cells/c.py").write_text("def f():\n    from livedead.cells import sizes\n")
    for name in ("cells.a", "cells.b", "cells.c"):
        assert codehash.modules_below(name) == {name, "cells.sizes"}


def test_order_of_names_does_not_count(library):
    assert fingerprint("cells.maps", "cells.other") == fingerprint("cells.other", "cells.maps")
    assert fingerprint("cells.maps") != fingerprint("cells.maps", "cells.other")


def test_unknown_module_is_an_error(library):
    with pytest.raises(ModuleNotFoundError, match=r"livedead\.cells\.none"):
        codehash.code_hash("cells.none")


def test_same_under_both_names_of_the_package(monkeypatch):
    spec = importlib.util.spec_from_file_location("workflow.scripts.livedead.desk.codehash", codehash.__file__)
    twin = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, twin)
    spec.loader.exec_module(twin)
    assert twin.code_hash("desk.sheet") == codehash.code_hash("desk.sheet")
