"""The rooms of the library and the arrows between them, read from the imports."""

import ast

import pytest

from tests.contract.project import LIBRARY, imports, library_files, module_name, script_files

# Room -> rooms it may import besides itself.
ARROWS = {
    "desk": set(),
    "optics": {"desk"},
    "cells": {"optics", "desk"},
    "net": {"optics", "desk"},
    "motion": {"cells", "optics", "desk"},
    "paper": {"motion", "cells", "optics", "desk"},
    "commands": {"paper", "motion", "cells", "net", "optics", "desk"},
}
NUMERICAL = {"numpy", "scipy", "skimage"}
PACKAGES = {
    "desk": set(),
    "optics": NUMERICAL | {"tifffile"},
    "cells": NUMERICAL | {"statsmodels"},
    "net": NUMERICAL | {"keras", "efficientnet"},
    "motion": {"numpy", "scipy", "pandas", "trackpy", "statsmodels"},
    "paper": NUMERICAL | {"matplotlib"},
}
# Modules that may import more than their room: the host's reader of YAML and schemas; the compiler of loops; the
# backends of Keras; the reader of weights; networks and films for other programs; the engines of the prediction; the
# optional tracker; the writer of movies; the processes of the machine, by a package that Snakemake brings.
MORE_PACKAGES = {
    "desk.settings": {"jsonschema"},
    "desk.yaml_text": {"yaml"},
    "optics.kernels": {"numba"},
    "optics.coarse_kernels": {"numba"},
    "net.determinism": {"tensorflow", "torch"},
    "net.quick_step": {"tensorflow"},
    "net.weight_files": {"h5py"},
    "net.onnx_export": {"onnx"},
    "net.graph_order": {"onnx"},
    "net.onnx_check": {"onnxruntime"},
    "net.openvino_graph": {"openvino"},
    "net.openvino_engine": {"openvino"},
    "net.quantization": {"openvino", "nncf"},
    "net.bioimageio_package": {"bioimageio", "onnx", "yaml"},
    "motion.lap": {"laptrack"},
    "paper.movie": {"av"},
    "paper.napari_layers": {"dask", "pandas"},
    "commands.napari": {"napari"},
    "commands.recover": {"psutil"},
    "commands.crate": {"rocrate"},
}
IMAGE_FILES = {f"optics.{name}" for name in ("stacks", "planes", "image_files", "image_source", "imagej", "ome")}
MAX_LINES = 300

FILES = [pytest.param(path, id=module_name(path)) for path in library_files()]


@pytest.mark.parametrize("path", FILES)
def test_arrows_point_one_way(path):
    room = module_name(path).partition(".")[0]
    if room != "__init__":
        wrong = {m for m in imports(path)[0] if m.partition(".")[0] not in ARROWS[room] | {room}}
        assert not wrong, f"{path.name} may import {sorted(ARROWS[room] | {room})}"


@pytest.mark.parametrize("path", FILES)
def test_packages_of_the_room(path):
    name = module_name(path)
    room = name.partition(".")[0]
    allowed = PACKAGES.get(room, set()) | MORE_PACKAGES.get(name, set())
    assert imports(path)[1] <= allowed
    if name not in IMAGE_FILES:
        assert not imports(path)[1] & {"tifffile", "imageio", "PIL"}, f"only {IMAGE_FILES} touch image files"


@pytest.mark.parametrize("path", FILES)
def test_library_is_relative_short_and_free_of_snakemake(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and not node.level:
            assert not node.module.startswith(("livedead", "workflow")), "relative imports inside the library"
        if isinstance(node, ast.Name | ast.arg) and module_name(path) != "desk.rulelog":
            assert getattr(node, "id", getattr(node, "arg", "")) != "snakemake"


def test_packages_import_nothing():
    # Fingerprints and environments follow modules, not packages.
    for path in library_files():
        if path.name == "__init__.py":
            assert imports(path) == (set(), set())
    assert not (LIBRARY.parent / "__init__.py").exists()
    assert not (LIBRARY.parents[1] / "__init__.py").exists()


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in script_files()])
def test_scripts_are_thin(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 25
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "the first line says what the script does"
    forbidden = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.If, ast.While, ast.Try)
    assert not [type(node).__name__ for node in ast.walk(tree) if isinstance(node, forbidden)]
    assert "sys.path" not in text
    assert "with rule_log(snakemake)" in text
