"""Bad settings: text that is no YAML, and values that are none; given to what the Snakefile calls before any job."""

import subprocess
import sys

import pytest
import yaml
from livedead.desk.errors import LiveDeadError
from livedead.desk.inputs import read_inputs
from livedead.desk.settings import overridden
from livedead.desk.yaml_text import read_yaml, wrong_yaml

from tests.bad_inputs.catalogue import CONFIG, ROOT, SCHEMA, Bad, assert_one_error, cases, contents

pytestmark = pytest.mark.inputs

BOMB = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)
TEXTS = [
    Bad("tabs", "train:\n\tepochs: 3\n", ("mine.yaml:2: not readable as YAML", "spaces, not with tabs")),
    Bad("open bracket", "train: [\n", ("mine.yaml:2: not readable as YAML",)),
    Bad("open quote", "sheet: 'a.tsv\nseed: 1\n", ("mine.yaml:3: not readable as YAML",)),
    Bad("two documents", "seed: 1\n---\nseed: 2\n", ("mine.yaml:2: not readable as YAML",)),
    Bad("key twice", "seed: 1\ntrain: {epochs: 3, epochs: 4}\n", (r":2: train.epochs \(wanted once", "line 2")),
    Bad("section twice", "train: {epochs: 3}\nseed: 1\ntrain: {}\n", (r"mine.yaml:3: train \(wanted once; line 1",)),
    Bad(
        "a program",
        "seed: !!python/object/apply:os.system ['touch hacked']\n",
        ("mine.yaml:1: ", "python/object", "nothing in a file of settings is run"),
    ),
    Bad("an object", "seed: !!python/name:os.system\n", ("mine.yaml:1: ", "nothing in a file of settings is run")),
    Bad("a tag of its own", "seed: !Number 3\n", ("mine.yaml:1: ", "!Number")),
    Bad("an expression", "__use_yte__: true\nseed: ?1+1\n", ("mine.yaml:1: __use_yte__", "not evaluated")),
    Bad("names for names for names", BOMB, ("mine.yaml:1: names stand for over 100000 values",)),
    Bad("a list that holds itself", "seed: &a [*a]\n", ("mine.yaml:1: names stand for",)),
    Bad("name of nothing", "seed: *nothing\n", ("mine.yaml:1: not readable as YAML", "nothing")),
    Bad("a list", "- seed\n- 1\n", ("mine.yaml: no settings in it",)),
    Bad("a word", "seed\n", ("mine.yaml: no settings in it",)),
    Bad("empty", "", ("mine.yaml: no settings in it",)),
    Bad("latin 1", "sheet: \N{MICRO SIGN}.tsv\n".encode("latin-1"), ("mine.yaml: not a text file in UTF-8",)),
    Bad("an image", b"II*\0\x08\0\0\0\xff\xff", ("mine.yaml: not a text file in UTF-8",)),
    Bad("null byte", b"seed: \0\n", ("mine.yaml", "not readable as YAML")),
    Bad("nested without end", "a: " + "[" * 3000, ("mine.yaml: not readable as YAML",)),
]
VALUES = [
    Bad("unknown key", "train: {learningrate: 0.1}", ("train.learningrate = 0.1", "did you mean learning_rate")),
    Bad("unknown section", "colour: {}", ("mine.yaml: colour = a section", "unknown key")),
    Bad("key in another section", "labels: {epochs: 3}", ("mine.yaml: labels.epochs = 3", "did you mean train.epochs")),
    Bad("text for a number", "train: {epochs: many}", ("mine.yaml: train.epochs = many", "a whole number")),
    Bad("part of an epoch", "train: {epochs: 2.5}", ("mine.yaml: train.epochs = 2.5", "a whole number")),
    Bad("number in quotes", "seed: '1'", ("mine.yaml: seed = 1", "a whole number")),
    Bad("yes for a number", "seed: yes", ("mine.yaml: seed = True", "a whole number")),
    Bad("value for a section", "train: 3", ("mine.yaml: train = 3", "a section of keys")),
    Bad("list for a value", "seed: [1, 2]", (r"mine.yaml: seed = \[1, 2\]", "a whole number")),
    Bad("too small", "predict: {batch_size: 0}", ("mine.yaml: predict.batch_size = 0", "at least 1")),
    Bad("too large", "seed: 99999999999", ("mine.yaml: seed = 99999999999", "at most 2147483647")),
    Bad("not a number", "train: {learning_rate: .nan}", ("mine.yaml: train.learning_rate = nan", "a number")),
    Bad("without end", "train: {learning_rate: .inf}", ("mine.yaml: train.learning_rate = inf", "a number")),
    Bad("another word", "phase: {illumination: flatt}", ("mine.yaml: phase.illumination = flatt", "did you mean flat")),
    Bad("nothing", "train: {epochs: }", ("mine.yaml: train.epochs = nothing", "a whole number")),
    Bad("frames out of order", "phase: {frame_order: [0, 1, 2, 2]}", ("phase.frame_order", "from 0 to 3 once")),
    Bad("cohort of no sheet", "cohorts: {lung: {}}", ("mine.yaml: cohorts.lung", "no such cohort in the sheet")),
    Bad("cohort called by a number", "cohorts: {20240311: {}}", ("mine.yaml: cohorts.20240311 = ", "name in quotes")),
    Bad(
        "film called by a number",
        "cohorts: {hela: {simulate: {frames_of: {7: 3}}}}",
        ("mine.yaml: cohorts.hela.simulate.frames_of.7 = 3", "name in quotes"),
    ),
    Bad("model that is none", "model: models/none", ("model = models/none is not there", "model_card.json")),
    Bad("sheet elsewhere", "sheet: none.tsv", ("none.tsv: no such sheet",)),
    Bad("empty name of the sheet", "sheet: ''", ("mine.yaml: sheet = ", "text")),
]  # fmt: skip


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Where the paths of the settings start."""
    (tmp_path / "resources").symlink_to(ROOT / "resources")
    (tmp_path / "config.yaml").symlink_to(ROOT / "config.yaml")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@cases(TEXTS)
def test_a_file_that_is_no_settings(project, case):
    content = case.spoil if isinstance(case.spoil, bytes) else case.spoil.encode()
    (project / "mine.yaml").write_bytes(content)
    before = contents(project)
    assert_one_error(wrong_yaml("mine.yaml").splitlines(), case)
    assert contents(project) == before


@cases(VALUES)
def test_a_bad_value_gives_one_error(project, case):
    (project / "mine.yaml").write_text(case.spoil + "\n", encoding="utf-8")
    before = contents(project)
    config = overridden(CONFIG, yaml.safe_load(case.spoil))
    with pytest.raises(LiveDeadError) as error:
        read_inputs(config, SCHEMA, ["config.yaml", "mine.yaml"])
    assert_one_error(str(error.value).splitlines(), case)
    assert contents(project) == before


def test_good_yaml_is_read_as_it_is(project):
    text = "a: &one {b: 1}\nc: {<<: *one, d: [*one, 2.5, true, null]}\n"
    (project / "mine.yaml").write_text(text, encoding="utf-8-sig")
    assert read_yaml("mine.yaml") == yaml.safe_load(text)
    assert wrong_yaml("mine.yaml") is None
    assert wrong_yaml("none.yaml") is None
    assert read_yaml("config.yaml") == CONFIG


def test_yaml_is_loaded_safely_everywhere():
    """No other loader is named in the project's code: they run what a file says."""
    found = subprocess.run(
        ["grep", "-rnE", r"yaml\.(load|load_all|unsafe_load|full_load|Loader|FullLoader|UnsafeLoader)\b|CLoader"]
        + ["--include=*.py", "--include=*.smk", "--include=Snakefile", "workflow", "Snakefile"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1, found.stdout


@pytest.mark.parametrize("files", [("config.yaml",), ("config.yaml", "mine.yaml")], ids=["one", "two"])
def test_a_bad_file_of_settings_stops_the_live_view(project, files):
    """The programs that run without Snakemake read the same files in the same way."""
    (project / "mine.yaml").write_text("seed: !!python/name:os.system\n")
    command = f"from livedead.desk.settings_files import read_settings; read_settings({files!r}, 'schema.yaml')"
    (project / "schema.yaml").symlink_to(ROOT / "workflow/schemas/config.schema.yaml")
    done = subprocess.run(
        [sys.executable, "-c", command],
        env={"PYTHONPATH": str(ROOT / "workflow/scripts")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) == (len(files) == 1), done.stderr
    assert len(files) == 1 or "SettingsError: mine.yaml:1" in done.stderr
