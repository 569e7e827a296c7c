"""Profiles speak of rules that are there, and where two say the same they say it alike."""

import re

import pytest
import yaml

from tests.contract.project import ROOT, rules

PROFILES = {path.parent.name: yaml.safe_load(path.read_text()) for path in sorted(ROOT.glob("profiles/*/config.yaml"))}
CLUSTERS = ["generic", "slurm"]
SMK = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "workflow/rules").glob("*.smk"))}
BASED_ON = {new: old for text in SMK.values() for old, new in re.findall(r"^use rule (\w+) as (\w+) with:", text, re.M)}
RULES = {rule.name for rule in rules()} | BASED_ON.keys()
LOCAL = re.findall(r"^    (\w+),$", SMK["local.smk"], flags=re.M)


@pytest.mark.parametrize("name", PROFILES)
def test_what_holds_everywhere_stands_in_every_profile(name):
    assert PROFILES["default"].items() <= PROFILES[name].items()


@pytest.mark.parametrize("name", CLUSTERS)
def test_rules_of_a_cluster_profile_exist_and_are_not_local(name):
    profile = PROFILES[name]
    assert profile["groups"].keys() <= RULES - set(LOCAL)
    # Inside a job `workflow.cores` would be all cores of the node, whatever part of it the job was given.
    wide = {rule.name for rule in rules() if rule.directives.get("threads", "").strip() == "workflow.cores"}
    assert profile["set-threads"].keys() == wide, "name every rule with `threads: workflow.cores` under set-threads"
    assert set(profile["set-threads"].values()) == {profile["cores"]}


def test_cluster_profiles_differ_in_their_scheduler_only():
    slurm, generic = ({k: v for k, v in PROFILES[n].items() if not k.startswith(n)} for n in ("slurm", "generic"))
    own = {"executor", *(key for key in generic if key.startswith("cluster-generic"))}
    assert {k: v for k, v in slurm.items() if k not in own} == {k: v for k, v in generic.items() if k not in own}


def test_a_rule_based_on_another_asks_for_all_that_the_other_asks_for():
    """Resources of its own stand in place of all of the other's, not beside them."""
    blocks = {}
    for text in SMK.values():
        for name, block in re.findall(r"^(?:use )?rule (?:\w+ as )?(\w+)[^\n]*:\n(.*?)(?=^\S|\Z)", text, re.M | re.S):
            asked = re.search(r"^    resources:\n((?:        .*\n)+)", block, re.M)
            blocks[name] = set(re.findall(r"^        (\w+)=", asked[1], re.M)) if asked else set()
    asked = {new: (blocks[new], blocks[old]) for new, old in BASED_ON.items() if blocks[new]}
    assert {"train_variant", "train_fold"} <= asked.keys()
    assert [new for new, (own, other) in asked.items() if not other <= own] == []


def test_local_rules_exist_once():
    assert LOCAL and set(LOCAL) <= RULES
    assert len(LOCAL) == len(set(LOCAL))
