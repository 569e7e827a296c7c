"""Rows of a sheet for the tests of the desk."""

import pytest
from livedead.desk.sheet import COLUMNS, Sequence

ROW = {
    "sequence": "f1",
    "cohort": "hela",
    "cell_line": "HeLa",
    "replicate": "r1",
    "well": "1",
    "condition": "stained",
    "confluence": "low",
    "raw": "simulated",
    "live": "simulated",
    "dead": "simulated",
    "phase": "NA",
    "labels": "NA",
    "pixel_size_um": "0.325",
    "wavelength_nm": "550",
    "frame_interval_min": "60",
    "start_h": "0",
    "split": "NA",
}


@pytest.fixture
def write_sheet(tmp_path):
    """Write rows that differ from `ROW` in a few cells; the sheet's path."""

    def write(*changes, columns=COLUMNS):
        lines = ["# a comment", "\t".join(columns)]
        lines += ["\t".join((ROW | change).get(column, "") for column in columns) for change in changes]
        path = tmp_path / "sheet.tsv"
        path.write_text("\n".join(lines) + "\n")
        return path

    return write


@pytest.fixture
def make_sequence():
    """Make a row of the sheet in memory."""

    def make(name, replicate="r1", split=None, truth=True, cohort="hela", raw="simulated"):
        dye = "simulated" if truth else None
        return Sequence(
            sequence=name,
            cohort=cohort,
            cell_line="HeLa",
            replicate=replicate,
            well=None,
            condition="stained",
            confluence=None,
            raw=raw,
            live=dye,
            dead=dye,
            phase=None,
            labels=None,
            pixel_size_um=0.325,
            wavelength_nm=550.0,
            frame_interval_min=60.0,
            start_h=0.0,
            split=split,
        )

    return make
