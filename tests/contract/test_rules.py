"""Rules: complete, named as their script, run in an environment that has what the script imports."""

import re

import pytest
import yaml
from packaging.requirements import Requirement

from tests.contract.project import (
    CONDA_NAMES,
    ENVS,
    ROOT,
    SCRIPTS,
    env_packages,
    imports,
    modules_behind,
    packages_behind,
    rules,
    script_files,
)

DISTRIBUTIONS = {"skimage": "scikit-image", "yaml": "pyyaml", "bioimageio": "bioimageio-spec"}
# Keras runs on one backend, that of the environment, and predicts itself unless predict.engine says otherwise.
OTHER_BACKENDS = {"torch"}
OTHER_ENGINES = {"openvino", "nncf", "onnx", "onnxruntime"}
RULES = [pytest.param(rule, id=rule.name) for rule in rules()]
ENV_FILES = [pytest.param(path, id=path.stem) for path in sorted(ENVS.glob("*.yaml"))]


def locked(python):
    """Package -> version of the lock for a version of Python on Linux."""
    machine = {
        "python_full_version": f"{python}.9",
        "python_version": python,
        "platform_machine": "x86_64",
        "sys_platform": "linux",
    }
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if line and not line.startswith(("#", " "))]
    found = [r for r in found if not r.marker or r.marker.evaluate(machine)]
    return {CONDA_NAMES.get(r.name, r.name): str(r.specifier)[2:] for r in found}


def test_every_script_has_a_rule():
    assert sorted(path.stem for path in script_files()) == sorted(rule.name for rule in rules())


@pytest.mark.parametrize("rule", RULES)
def test_rule_is_complete(rule):
    wanted = {"output", "log", "benchmark", "conda", "params", "message", "script"}
    assert wanted <= rule.directives.keys()
    assert rule.directives["script"].strip() == f'"../scripts/{rule.name}.py"'
    assert f"results/logs/{rule.name}" in rule.directives["log"]
    assert f"results/benchmarks/{rule.name}" in rule.directives["benchmark"]
    for directive in ("input", "output"):
        lines = rule.directives.get(directive, "").strip().splitlines()
        assert all(re.match(r"\s*(\w+=|[\])}]|#|\")", line) or line.startswith("  " * 6) for line in lines)


@pytest.mark.parametrize("rule", RULES)
def test_environment_has_every_import(rule):
    conda, pip = env_packages(ENVS / f"{rule.env}.yaml")
    needed = packages_behind(SCRIPTS / f"{rule.name}.py") - OTHER_BACKENDS
    if "net.engines" in modules_behind(imports(SCRIPTS / f"{rule.name}.py")[0]):
        needed -= OTHER_ENGINES
    assert {DISTRIBUTIONS.get(package, package) for package in needed} <= conda.keys() | pip.keys()


@pytest.mark.parametrize("rule", RULES)
def test_fingerprint_covers_the_code(rule):
    names = re.search(r"code_hash\(([^)]*)\)", rule.directives["params"])
    hashed = modules_behind(set(re.findall(r'"([\w.]+)"', names[1])))
    needed = modules_behind(imports(SCRIPTS / f"{rule.name}.py")[0])
    # The desk carries results but does not change them.
    assert {m for m in needed - hashed if not m.startswith("desk.")} == set()


@pytest.mark.parametrize("path", ENV_FILES)
def test_environment_file(path):
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert content.keys() == {"channels", "dependencies"}
    assert content["channels"] == ["conda-forge"]
    for spec in content["dependencies"]:
        if isinstance(spec, dict):
            assert spec.keys() == {"pip"}
            assert all(re.fullmatch(r"[a-z0-9-]+ ~=\d+\.\d+\.\d+", line) for line in spec["pip"])
        else:
            assert spec == "pip" or re.fullmatch(r"[a-z0-9-]+ =\d+\.\d+", spec)
    conda, pip = env_packages(path)
    assert "snakemake" not in conda | pip
    lock = locked(conda.pop("python"))
    for package, version in (conda | pip).items():
        assert f"{lock[package]}.".startswith(f"{version}."), package


@pytest.mark.parametrize("path", ENV_FILES)
def test_conda_reads_the_file_as_it_is_meant(path):
    rattler = pytest.importorskip("rattler")
    for spec in yaml.safe_load(path.read_text(encoding="utf-8"))["dependencies"]:
        if isinstance(spec, str) and spec != "pip":
            name, version = spec.split(" =")
            read = rattler.MatchSpec(spec, strict=True)
            assert (read.name.normalized, str(read.version)) == (name, f"{version}.*")


def test_a_file_holds_rules_or_what_rules_share_never_both():
    shared = {"common.smk", "shown.smk", "variants.smk", "published.smk", "counted.smk", "report.smk"}
    for file in sorted((ROOT / "workflow/rules").glob("*.smk")):
        text = file.read_text(encoding="utf-8")
        found = r"^\s*(def|import|from) " if file.name not in shared else r"^(use )?rule "
        assert not re.search(found, text, flags=re.M), file.name
