"""Words of a sheet stay words: in pages, captions and figures nothing of them is run, and no name leads elsewhere."""

import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser

import pytest
from docutils.core import publish_parts
from livedead.motion.arms import ARM_COLUMNS
from livedead.paper.files import save_drawing
from livedead.paper.growthtables import draw_arms
from livedead.paper.livepage import live_page
from livedead.paper.pages import escape_rst, save_page
from livedead.paper.platecurve import draw_plate

from tests.bad_inputs.catalogue import ROOT
from tests.contract.project import rules
from tests.unit.paper.test_livepage import STATE, row
from tests.unit.paper.test_platecurve import rows

pytestmark = pytest.mark.inputs

WELLS = [
    "<script>alert(1)</script>",
    '" onload="alert(1)',
    "|raw| .. raw:: html",
    "`x <javascript:alert(1)>`_",
    "$\\frac$",
    "A$1$ & 100 %",
]


class Harmless(HTMLParser):
    """Finds elements, attributes and addresses that a browser would run."""

    def handle_starttag(self, tag, attrs):
        assert tag != "script"
        for name, value in attrs:
            assert not name.startswith("on"), (tag, name, value)
            assert not re.match("(java|vb)script:", (value or "").strip(), re.IGNORECASE), (tag, name, value)


def assert_harmless(text):
    Harmless().feed(text)


@pytest.mark.parametrize("well", WELLS)
def test_pages_show_a_well_as_it_is_called(tmp_path, well):
    arms = [dict.fromkeys(ARM_COLUMNS, 1) | {"condition": arm, "well": well} for arm in ("stained", "unstained")]
    files = {kind: str(tmp_path / f"arms.{kind}") for kind in ("html", "tsv", "caption")}
    save_page(draw_arms(arms, cells="real"), files)
    page = (tmp_path / "arms.html").read_text(encoding="utf-8")
    assert_harmless(page)
    assert escape(well) in page


@pytest.mark.parametrize("well", WELLS)
@pytest.mark.parametrize("hours", [[0, 1], [24]], ids=["through time", "at one time"])
def test_figures_and_captions_show_a_well_as_it_is_called(tmp_path, well, hours):
    """A dollar begins a formula elsewhere; the caption goes through the translator of the report."""
    files = {kind: str(tmp_path / f"curve.{kind}") for kind in ("png", "svg", "tsv", "caption")}
    save_drawing(draw_plate(rows([well, "w2"], hours), plate="p", cells="real", confidence=0.95), files)
    drawn = (tmp_path / "curve.svg").read_text(encoding="utf-8")
    assert_harmless(drawn)
    assert escape(well, quote=False) in drawn
    caption = (tmp_path / "curve.caption").read_text(encoding="utf-8")
    assert_harmless(publish_parts(caption, writer="html")["body"])


def test_captions_of_a_report_are_words():
    for words in WELLS:
        body = publish_parts(f"Wells: {escape_rst(words)}.", writer="html")["body"]
        assert_harmless(body)
        assert "system-message" not in body
        assert escape(words, quote=False) in body.replace("&quot;", '"')


@pytest.mark.parametrize("words", WELLS)
def test_the_live_page_shows_names_of_files_as_they_are(words):
    state = replace(STATE, title=words, pictured=words, picture=f"{words}.png")
    page = live_page(state, [row(0), row(1)], [row(0), row(1, reason=words), row(2, warnings=words)])
    assert_harmless(page)
    assert f"<h1>{escape(words)}</h1>" in page


def test_every_wildcard_of_a_rule_fits_known_names_only():
    """Cohorts and sequences everywhere, the others in the rules that have them; else a target with dots would fit."""
    everywhere = {"cohort", "sequence"}
    common = (ROOT / "workflow/rules/common.smk").read_text(encoding="utf-8")
    assert all(re.search(rf"^    {name}=one_of\(", common, re.MULTILINE) for name in everywhere)
    for rule in rules():
        wildcards = set(re.findall(r"\{(\w+)\}", rule.directives.get("output", "")))
        stated = set(re.findall(r"(\w+)=(?:one_of|\")", rule.directives.get("wildcard_constraints", "")))
        assert wildcards <= everywhere | stated, f"{rule.name}: {wildcards - everywhere - stated}"
