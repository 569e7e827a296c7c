import json

import pytest
from livedead.desk.errors import DataError
from livedead.desk.evidence import KINDS, Evidence, NotMeasured, read_evidence
from livedead.desk.tables import write_table

from .evidence import evidence, film


def test_files_are_gathered_by_kind_and_folder(tmp_path):
    write_table(tmp_path / "images.tsv", [film(), film(sequence="b", cohort="cho", data="real")])
    for cohort in ("hela", "cho"):
        for name in ("one", "two"):
            write_table(tmp_path / cohort / f"{name}.quality.tsv", [{"frame": 0, "cohort": cohort, "film": name}])
        (tmp_path / cohort / "model_card.json").write_text(json.dumps({"encoder": cohort}))
    quality = [tmp_path / c / f"{n}.quality.tsv" for c in ("hela", "cho") for n in ("one", "two")]
    cards = [tmp_path / c / "model_card.json" for c in ("hela", "cho")]
    found = read_evidence(tmp_path / "images.tsv", {"quality": quality, "cards": cards, "scores": []})
    assert [row["film"] for row in found.table("quality", "cho")] == ["one", "two"]
    assert {row["cohort"] for row in found.table("quality", "cho")} == {"cho"}
    assert found.table("cards", "hela") == {"encoder": "hela"}
    with pytest.raises(NotMeasured, match="the cohort hela has no test films with known states"):
        found.table("scores", "hela")
    with pytest.raises(NotMeasured, match="the sheet has no cohort growth"):
        found.table("scores", "growth")


def test_unknown_kind_and_missing_file(tmp_path):
    write_table(tmp_path / "images.tsv", [film()])
    with pytest.raises(DataError, match="no kind of table is called maps"):
        read_evidence(tmp_path / "images.tsv", {"maps": []})
    with pytest.raises(DataError, match="no such table"):
        read_evidence(tmp_path / "images.tsv", {"scores": [tmp_path / "hela/scores.tsv"]})


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_is_missing(kind):
    with pytest.raises(NotMeasured, match=KINDS[kind].split(";")[0]):
        evidence().table(kind, "hela")


def test_origins():
    mixed = Evidence([film(), film(cohort="lab", data="real"), film(cohort="lab")], {})
    assert (mixed.origin("hela"), mixed.origin("lab"), mixed.origin("none")) == ("simulated", "mixed", None)
    assert mixed.origins() == "mixed" and evidence().origins() == "simulated"
