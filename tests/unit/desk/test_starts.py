from dataclasses import replace

import pytest
from livedead.desk.errors import SettingsError
from livedead.desk.starts import learned_cells, starts_of

from tests.unit.desk.test_networks import ROW

REAL = replace(ROW, sequence="r", cohort="real", raw=None, live=None, dead=None, phase="p.png", labels="l.png")
ROWS = [ROW, REAL]


def asking(downsample=2, **train):
    cohorts = {cohort: {"train": settings} for cohort, settings in train.items()}
    sections = {
        "phase": {"downsample": 2, "import_downsample": downsample},
        "train": {"start_from": "none", "encoder": "B0"},
    }
    return sections | {"cohorts": cohorts}


def test_a_training_may_start_from_that_of_another_cohort():
    config = asking(real={"start_from": "hela"})
    assert starts_of(config, ROWS, ["hela", "real"]) == {"real": "hela"}
    assert starts_of(asking(), ROWS, ["hela", "real"]) == {}


def test_a_network_knows_the_cells_of_those_it_started_from():
    own = replace(ROW, raw="simulated")
    later = replace(REAL, sequence="t", cohort="last")
    rows = {row.sequence: row for row in (own, REAL, later)}
    sides = {row.cohort: {row.sequence: "train"} for row in rows.values()}
    starts = {"real": own.cohort, "last": "real"}
    assert learned_cells(own.cohort, starts, sides, rows) == "simulated"
    assert learned_cells("last", {}, sides, rows) == "real"
    assert learned_cells("last", starts, sides, rows) == "mixed"
    # What it was only tested on, it has not learned.
    assert learned_cells("last", {}, {"last": {own.sequence: "test", "t": "validation"}}, rows) == "real"


@pytest.mark.parametrize("start", ["nowhere", "real"])
def test_what_nobody_trains_before_is_refused(start):
    with pytest.raises(SettingsError, match=rf"cohorts.real.train.start_from = {start} \(wanted none, or .*: hela\)"):
        starts_of(asking(real={"start_from": start}), ROWS, ["hela", "real"])


def test_two_that_wait_for_each_other_are_refused():
    config = asking(real={"start_from": "hela"}, hela={"start_from": "real"})
    with pytest.raises(SettingsError, match="each waits for the other") as caught:
        starts_of(config, ROWS, ["hela", "real"])
    assert len(str(caught.value).splitlines()) == 2


def test_another_encoder_does_not_fit():
    with pytest.raises(SettingsError, match="its encoder is B0, here it is B3"):
        starts_of(asking(real={"start_from": "hela", "encoder": "B3"}), ROWS, ["hela", "real"])


def test_pixels_are_those_of_the_phase_maps():
    config = asking(real={"start_from": "hela"}, downsample=1)
    with pytest.raises(SettingsError, match=r"pixels of 0\.65 um, that of real has 0\.325 um"):
        starts_of(config, ROWS, ["hela", "real"])
