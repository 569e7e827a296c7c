"""Rules: complete, named as their script, run in an environment that has what the script imports."""

import re

import pytest
import yaml
from packaging.requirements import Requirement

from tests.contract.project import (
    ENVS,
    ROOT,
    SCRIPTS,
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
# Where two packages of the lock are one on conda-forge.
LOCK_NAMES = {"tensorflow": "tensorflow-cpu"}


def env_packages(name):
    """Package -> version of an environment file, those from pip included."""
    *specs, last = yaml.safe_load((ENVS / name).read_text(encoding="utf-8"))["dependencies"]
    from_pip = last["pip"] if isinstance(last, dict) else []
    specs = [spec for spec in [*specs, *([] if from_pip else [last])] if spec != "pip"]
    # conda's `numpy =2.4` holds the minor version as pip's `efficientnet ~=1.1.1` does.
    found = dict(spec.split(" =") for spec in specs)
    return found | {name: version.rpartition(".")[0] for name, version in (s.split(" ~=") for s in from_pip)}


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
    return {r.name: str(r.specifier)[2:] for r in found if not r.marker or r.marker.evaluate(machine)}


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
    name = re.search(r"envs/(\w+\.yaml)", rule.directives["conda"])[1]
    needed = packages_behind(SCRIPTS / f"{rule.name}.py") - OTHER_BACKENDS
    if "net.engines" in modules_behind(imports(SCRIPTS / f"{rule.name}.py")[0]):
        needed -= OTHER_ENGINES
    assert {DISTRIBUTIONS.get(package, package) for package in needed} <= env_packages(name).keys()


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
    packages = env_packages(path.name)
    assert "snakemake" not in packages
    lock = locked(packages.pop("python"))
    for package, version in packages.items():
        assert f"{lock[LOCK_NAMES.get(package, package)]}.".startswith(f"{version}."), package


def test_a_file_holds_rules_or_what_rules_share_never_both():
    shared = {"common.smk", "shown.smk", "variants.smk", "published.smk", "counted.smk", "report.smk"}
    for file in sorted((ROOT / "workflow/rules").glob("*.smk")):
        text = file.read_text(encoding="utf-8")
        found = r"^\s*(def|import|from) " if file.name not in shared else r"^(use )?rule "
        assert not re.search(found, text, flags=re.M), file.name
