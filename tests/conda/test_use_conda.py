"""Rules of the project in environments of their own, on packages that are installed here and without a network.

Snakemake runs in an environment that holds Snakemake alone: scripts can import what the Python of Snakemake can import,
so with all packages there nothing that an environment lacks would be missed.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from tests.conda.channel import SITE_PACKAGES, write_channel, write_wheels
from tests.contract.project import (
    ENVS,
    LIBRARY,
    ROOT,
    SCRIPTS,
    env_packages,
    imports,
    modules_behind,
    packages_behind,
    rules,
)
from tests.contract.test_rules import DISTRIBUTIONS
from tests.workflow.test_tiny_run import copy_of_project

pytest.importorskip("rattler")

pytestmark = pytest.mark.conda

BIN = Path(__file__).with_name("bin")
ENV_OF = {rule.name: rule.env for rule in rules()}
# Every Python of the channel writes down when it ends where it lives, what it ran, and the files that it imported.
PROBE = """
import atexit, json, os, sys
@atexit.register
def _write():
    files = [file for module in [*sys.modules.values()] if (file := getattr(module, "__file__", None))]
    with open(os.path.join(os.environ["PROBES"], f"{os.getpid()}.json"), "w") as probe:
        json.dump({"prefix": sys.prefix, "script": sys.argv[0], "files": files}, probe)
"""
PIN = "from livedead.commands.pins import main; sys.exit(main())"
IMPORT = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]"
# One film each for training, validation and test, of one time point.
SMALL = {"cohorts": {"cho": {"simulate": {"frames": 1}, "train": {"epochs": 1}}}}
RAW, PHASE = "results/simulate/cho/c0.raw.ome.tif", "results/phase/cho/c0.phase.ome.tif"
HEAVY = {"network", "exchange"}
ENV_NAMES = [
    pytest.param(path.stem, marks=[pytest.mark.large] if path.stem in HEAVY else [])
    for path in sorted(ENVS.glob("*.yaml"))
]


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """A machine with the stand-in for conda, a channel, and an environment that holds Snakemake alone."""
    folder = tmp_path_factory.mktemp("machine")
    write_channel(folder / "channel", {"probe.pth": "import _probe\n", "_probe.py": PROBE})
    asked = [env_packages(path) for path in ENVS.glob("*.yaml")]
    conda, pip = (set().union(*part) for part in zip(*asked, strict=True))
    write_wheels(folder / "wheels", pip, without=conda)
    (folder / "probes").mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_", "SNAKEMAKE"))}
    variables = kept | {
        "PATH": os.pathsep.join([str(folder / "host/bin"), str(BIN), kept["PATH"]]),
        "STAND_IN_PYTHON": sys.executable,
        "STAND_IN_CHANNEL": str(folder / "channel"),
        "STAND_IN_CACHE": str(folder / "cache"),
        "PROBES": str(folder / "probes"),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(folder / "wheels"),
        "XDG_CACHE_HOME": str(folder / "user"),
        "OMP_NUM_THREADS": "1",
    }
    found = SimpleNamespace(folder=folder, variables=variables, host=folder / "host")
    (folder / "host.yaml").write_text("channels: [conda-forge]\ndependencies: [snakemake]\n", encoding="utf-8")
    done = run(found, folder, "conda", "env", "create", "--file", folder / "host.yaml", "--prefix", found.host)
    assert done.returncode == 0, done.stdout
    return found


def run(machine, folder, *command):
    """Run a command on the machine; both streams are in `stdout`."""
    words = list(map(str, command))
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.run(words, cwd=folder, env=machine.variables, check=False, **both)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return small_project(tmp_path_factory.mktemp("project"))


def small_project(folder):
    copy_of_project(folder)
    shutil.copy(ROOT / "CITATION.cff", folder)
    (folder / "small.yaml").write_text(yaml.safe_dump(SMALL), encoding="utf-8")
    return folder


def run_rules(machine, project, *targets):
    """Run the small project with profiles/conda; what its scripts wrote down, by rule."""
    for probe in (machine.folder / "probes").iterdir():
        probe.unlink()
    small = ["--configfile", "tiny.yaml", "small.yaml"]
    with_conda = ["--workflow-profile", "profiles/conda", "--cores", "2"]
    done = run(machine, project, "snakemake", *with_conda, *small, "--", *targets)
    probes = [json.loads(probe.read_text()) for probe in (machine.folder / "probes").iterdir()]
    return done, [probe for probe in probes if "/.snakemake/scripts/" in probe["script"]]


def rule_of(probe):
    """Rule whose script was run: .snakemake/scripts/tmpx1y2z3.retrieve_phase.py."""
    return probe["script"].split(".")[-2]


def environment_of(project, prefix):
    """Name of the environment file that a prefix was built from; Snakemake keeps a copy beside it."""
    asked = Path(f"{prefix}.yaml").read_text(encoding="utf-8")
    assert Path(prefix).parent == project / ".snakemake/conda"
    return next(path.stem for path in (project / "envs").glob("*.yaml") if path.read_text(encoding="utf-8") == asked)


def assert_own_prefix(machine, project, probe):
    """A script ran in its rule's environment, and took from elsewhere only what belongs to Python or Snakemake."""
    rule, prefix = rule_of(probe), probe["prefix"]
    assert environment_of(project, prefix) == ENV_OF[rule]
    # The first that fits counts: the environments lie in the project.
    places = {
        Path(prefix, SITE_PACKAGES): "rule",
        machine.host / SITE_PACKAGES: "snakemake",
        project / "workflow/scripts": "project",
        project / ".snakemake/scripts": "project",
        Path(sysconfig.get_path("stdlib")): "python",
    }
    found = {place: set() for place in places.values()}
    for file in map(Path, map(os.path.normpath, probe["files"])):
        if file.name.startswith("__autograph_generated_file"):
            continue  # written by TensorFlow for itself
        folder = next((folder for folder in places if file.is_relative_to(folder)), None)
        assert folder, f"{rule} imported {file}"
        found[places[folder]].add(file.relative_to(folder).parts[0].removesuffix(".py"))
    needed = packages_behind(SCRIPTS / f"{rule}.py")
    assert found["rule"] & needed
    assert not (found["snakemake"] | found["python"]) & (needed | {"livedead", "site-packages"})
    # Snakemake hands its object over in a package of its own, which no environment lists.
    assert "snakemake" in found["snakemake"]
    assert "livedead" in found["project"]


def test_rules_run_in_their_environments(machine, project):
    targets = ["results/evaluate/cho/baseline.tsv", "results/figures/cho/figure1.png"]
    done, probes = run_rules(machine, project, *targets)
    assert done.returncode == 0, done.stdout
    for probe in probes:
        assert_own_prefix(machine, project, probe)
    wanted = {"simulate_sequence", "retrieve_phase", "label_nuclei", "score_baseline", "figure1"}
    assert {rule_of(probe) for probe in probes} == wanted
    assert {ENV_OF[rule_of(probe)] for probe in probes} == {"imaging", "statistics", "drawing"}
    assert len({probe["prefix"] for probe in probes}) == 3
    assert all((project / target).stat().st_size for target in targets)


@pytest.mark.large
def test_a_package_that_an_environment_lacks_stops_the_run(machine, tmp_path):
    project = small_project(tmp_path)
    file = project / "envs/imaging.yaml"
    lines = file.read_text(encoding="utf-8").splitlines(True)
    file.write_text("".join(line for line in lines if "numba" not in line), encoding="utf-8")
    done, _ = run_rules(machine, project, PHASE)
    assert done.returncode != 0
    assert "No module named 'numba'" in done.stdout
    assert not (project / PHASE).exists()
    # What does not need it ran.
    assert (project / RAW).exists()


@pytest.mark.parametrize("env", ENV_NAMES)
def test_every_module_of_its_rules_can_be_imported(machine, tmp_path, env):
    done = run(
        machine, tmp_path, "conda", "env", "create", "--file", ENVS / f"{env}.yaml", "--prefix", tmp_path / "env"
    )
    assert done.returncode == 0, done.stdout
    scripts = [SCRIPTS / f"{rule.name}.py" for rule in rules() if rule.env == env]
    modules = set().union(*(modules_behind(imports(script)[0]) for script in scripts))
    listed = set().union(*env_packages(ENVS / f"{env}.yaml"))
    packages = {name for name in set().union(*map(packages_behind, scripts)) if DISTRIBUTIONS.get(name, name) in listed}
    # Engines and backends that a setting chooses are in no environment, nor what is imported with them.
    files = {f"livedead.{name}": LIBRARY.joinpath(*name.split(".")).with_suffix(".py") for name in modules}
    names = {name for name, file in files.items() if imports(file)[1] <= packages}
    assert len(names) > 10
    # -P: the folder of the test is no place to import from.
    there = f"import sys; sys.path.append({str(SCRIPTS)!r}); {IMPORT}"
    done = run(machine, tmp_path, tmp_path / "env/bin/python", "-P", "-c", there, *sorted(names | packages))
    assert done.returncode == 0, done.stdout


@pytest.mark.large
def test_all_environments_can_be_built_in_advance(machine, project):
    """What a user without a network on the cluster's nodes does first."""
    done = run(
        machine, project, "snakemake", "--cores", "8", "--use-conda", "--conda-create-envs-only", "all", "export"
    )
    assert done.returncode == 0, done.stdout
    prefixes = [path for path in (project / ".snakemake/conda").glob("*_") if (path / "bin/python").exists()]
    assert {environment_of(project, prefix) for prefix in prefixes} == {path.stem for path in ENVS.glob("*.yaml")}


@pytest.mark.large
def test_the_network_is_trained_used_and_exported_in_its_environments(machine, project):
    targets = ["results/predict/cho/c2.nuclei.tsv", "results/export/cho/model.bioimageio.zip"]
    done, probes = run_rules(machine, project, *targets)
    assert done.returncode == 0, done.stdout
    ran = {rule_of(probe) for probe in probes}
    assert {"train_network", "predict_sequence", "export_onnx", "package_network"} <= ran
    for probe in probes:
        assert_own_prefix(machine, project, probe)


@pytest.mark.large
def test_pinned_environments_are_built_from_their_pins(machine, tmp_path):
    project = small_project(tmp_path)
    done = run(machine, project, sys.executable, "-c", f"import sys; sys.path.append({str(SCRIPTS)!r}); {PIN}")
    assert done.returncode == 0, done.stdout
    (pins,) = project.glob("envs/imaging.*.pin.txt")
    assert "/numba-" in pins.read_text(encoding="utf-8")
    assert not list(project.glob("envs/network.*.pin.txt"))
    done, (probe,) = run_rules(machine, project, RAW)
    assert done.returncode == 0, done.stdout
    # Beside the environment lies what it was built from: with the other file Snakemake helps itself if the pins fail.
    assert Path(f"{probe['prefix']}.pin.txt").read_bytes() == pins.read_bytes()
    assert not Path(f"{probe['prefix']}.yaml").exists()
    assert (Path(probe["prefix"]) / SITE_PACKAGES / "numba").exists()


@pytest.mark.large
def test_a_container_has_every_environment(machine, tmp_path):
    project = small_project(tmp_path)
    shutil.copy(ROOT / "Makefile", project)
    done = run(machine, project, "make", "--old-file", ".venv/installed", f"BIN={machine.host}/bin", "container")
    assert done.returncode == 0, done.stdout
    lines = (project / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("FROM ")
    copied = {line.split()[1] for line in lines if line.startswith("COPY ")}
    assert copied == {f"envs/{path.name}" for path in ENVS.glob("*.yaml")}
    assert sum("conda env create --prefix" in line for line in lines) == len(copied)
    assert [path.name for path in project.glob("Dockerfile*")] == ["Dockerfile"]


def test_without_conda_no_container_and_no_half_of_one(machine, tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    words = ["make", "--old-file", ".venv/installed", "PATH=/nowhere", "container"]
    done = run(machine, tmp_path, *words)
    assert done.returncode != 0
    assert "wanted conda 24.7.1 or newer on the PATH" in done.stdout
    assert not list(tmp_path.glob("Dockerfile*"))
