import pytest
from livedead.desk.claims import COLUMNS, VERDICTS, agrees, count_verdicts, judge_claims, written
from livedead.desk.errors import DataError
from livedead.desk.evidence import Measured, NotMeasured
from livedead.desk.paper_numbers import PaperNumber

from .evidence import evidence, film

BASE = {
    "claim": "a", "place": "Abstract", "kind": "result", "statement": "what", "value": 0.967, "unit": "1",
    "tolerance": 0.03, "relative": False, "direction": "at least", "measurement": "f1", "cohort": "hela",
    "untestable_reason": None, "if_not": None,
}  # fmt: skip


def number(**changes):
    return PaperNumber(**BASE | changes)


def judge(measured, **changes):
    def measure(_, cohort):
        assert cohort == "hela"
        if isinstance(measured, Exception):
            raise measured
        return measured

    [row] = judge_claims([number(**changes)], evidence(), {"f1": measure})
    assert set(row) == set(COLUMNS)
    return row


@pytest.mark.parametrize(
    "changes, ours, wanted",
    [
        # 0.967 - 0.03 is 0.937 only up to its last binary digit.
        ({}, 0.937, True),
        ({}, 0.9369, False),
        ({}, 1.0, True),
        ({"direction": "at most"}, 0.997, True),
        ({"direction": "at most"}, 0.9971, False),
        ({"direction": "at most"}, -5, True),
        ({"direction": "above", "value": 1, "tolerance": 0}, 1, False),
        ({"direction": "above", "value": 1, "tolerance": 0}, 1.01, True),
        ({"direction": "below", "value": 0, "tolerance": 0}, 0.0, False),
        ({"direction": "below", "value": 0, "tolerance": 0}, -0.5, True),
        ({"direction": "equal", "value": 2, "tolerance": 0.5}, 2.5, True),
        ({"direction": "equal", "value": 2, "tolerance": 0.5}, 1.49, False),
        ({"direction": "equal", "value": 0, "tolerance": 0}, 0, True),
        ({"direction": "equal", "value": 0, "tolerance": 0}, 1e-12, False),
        ({"direction": "equal", "value": 1e-7, "tolerance": 0}, 1.001e-7, False),
        ({"direction": "equal", "value": 800, "tolerance": 0.05, "relative": True}, 760, True),
        ({"direction": "equal", "value": 800, "tolerance": 0.05, "relative": True}, 759, False),
        ({"direction": "equal", "value": -10, "tolerance": 0.1, "relative": True}, -11, True),
        ({"direction": "range", "value": (4.0, 6.0), "tolerance": 0.5}, 6.5, True),
        ({"direction": "range", "value": (4.0, 6.0), "tolerance": 0.5}, 3.4, False),
        ({"direction": "equal", "value": "imagenet", "tolerance": 0}, "ImageNet", True),
        ({"direction": "equal", "value": "B3", "tolerance": 0}, "B0", False),
    ],
)
def test_agreement(changes, ours, wanted):
    assert agrees(number(**changes), ours) is wanted


@pytest.mark.parametrize("value, ours", [("B3", 3), (3, "B3")])
def test_a_word_is_no_number(value, ours):
    with pytest.raises(DataError, match="a: the paper's value is .* wanted two numbers or two words"):
        agrees(number(value=value, direction="equal", tolerance=0), ours)


def test_a_result_says_where_the_cells_come_from():
    row = judge(Measured(0.95318, "4 films"))
    assert (row["verdict"], row["paper"], row["ours"]) == ("reproduced", 0.967, 0.95318)
    assert row["reason"] == "simulated cells: 0.9532, wanted at least 0.937; 4 films"
    assert (row["data"], row["tolerance"]) == ("simulated", "0.03 absolute")
    assert judge(Measured(0.9), if_not="few films")["reason"].endswith("at least 0.937; few films")
    assert judge(Measured(0.9))["verdict"] == "not reproduced"
    assert judge(Measured(0.9), direction="above")["reason"] == "simulated cells: 0.9, wanted above 0.937"
    # What explains simulated cells alone is said of them alone.
    assert judge(Measured(0.9), if_not="simulated: slow films")["reason"].endswith("0.937; slow films")
    real = evidence([film(data="real")])
    for excuse, end in (("simulated: slow films", "0.937"), ("few films", "0.937; few films")):
        [row] = judge_claims([number(if_not=excuse)], real, {"f1": lambda *_: Measured(0.9)})
        assert row["data"] == "real" and row["reason"].endswith(end)


def test_a_setting_that_the_preset_holds():
    change = {"kind": "setting", "direction": "equal", "value": 512, "tolerance": 0, "if_not": "preset train.crop_px"}
    row = judge(Measured(128), **change)
    assert (row["verdict"], row["tolerance"]) == ("not reproduced", "exact")
    assert row["reason"] == (
        "128, wanted 512; the default run is sized for two cores, resources/presets/paper.yaml sets train.crop_px"
    )
    assert judge(Measured(512), **change)["reason"] == "512, wanted 512"


def test_looked_for_and_not_found_is_not_reproduced():
    row = judge(Measured(None, "no significant time"), direction="equal", value=2, tolerance=0.5)
    assert (row["verdict"], row["ours"]) == ("not reproduced", None)
    assert row["reason"] == "simulated cells: nothing to hold against 1.5 to 2.5; no significant time"


def test_not_testable():
    row = judge(NotMeasured("the sheet has no cohort cho"))
    assert (row["verdict"], row["ours"], row["reason"]) == ("not testable here", None, "the sheet has no cohort cho")
    counted = judge(Measured(61, "of 80"), value=57, direction="equal", untestable_reason="cells of their plate")
    assert (counted["verdict"], counted["ours"]) == ("not testable here", 61)
    assert counted["reason"] == "cells of their plate; this run: 61; of 80"
    bench = judge(None, measurement=None, cohort=None, untestable_reason="a step at the bench")
    assert (bench["verdict"], bench["reason"], bench["data"]) == (
        *("not testable here", "a step at the bench", "simulated"),
    )


def test_every_number_gets_one_row_in_order():
    numbers = [number(claim=name) for name in "cab"]
    rows = judge_claims(numbers, evidence(), {"f1": lambda *_: Measured(1)})
    assert [row["claim"] for row in rows] == list("cab")
    with pytest.raises(DataError, match="1 numbers of the paper gave 1 claims, without verdict or reason: a"):
        judge_claims([number()], evidence(), {"f1": lambda *_: (_ for _ in ()).throw(NotMeasured(""))})


def test_counts():
    pairs = [("result", 0), ("count", 2), ("result", 0), ("result", 1)]
    rows = [{"kind": kind, "verdict": VERDICTS[verdict]} for kind, verdict in pairs]
    result, count = count_verdicts(rows)
    assert list(result.values()) == ["result", 2, 1, 0] and list(count.values()) == ["count", 0, 0, 1]
    assert list(result) == ["kind", *VERDICTS]


def test_values_for_a_reader():
    assert [written(value) for value in (0.123456, 17868123, (4.0, 6.5), "B3", 1e-7)] == [
        *("0.1235", "17868123", "4 to 6.5", "B3", "1e-07"),
    ]
