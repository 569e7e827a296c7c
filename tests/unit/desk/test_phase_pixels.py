from dataclasses import replace

import pytest
from livedead.desk.phase_pixels import listed_pixels, phase_pixels_um, same_pixels

from tests.unit.desk.test_networks import ROW


def test_every_row_has_the_pixels_of_its_downsampling():
    ready = replace(ROW, raw=None, phase="p.tif", pixel_size_um=0.5)
    config = {"phase": {"downsample": 2, "import_downsample": 3}, "cohorts": {"cho": {"phase": {"downsample": 4}}}}
    rows = [ROW, ROW, ready, replace(ROW, cohort="cho")]
    assert phase_pixels_um(config, rows, "hela") == {0.65, 1.5}
    assert phase_pixels_um(config, rows, "cho") == {1.3}


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({1.0}, {1.0}, True),
        ({1.019}, {1.0}, True),
        ({1.021}, {1.0}, False),
        ({0.981}, {1.0}, True),
        ({0.979}, {1.0}, False),
        ({1.0, 1.015}, {1.0}, True),
        ({1.0, 1.015}, {0.99, 1.0}, False),
        ({1.0, 2.0}, {1.0}, False),
        ({1.0}, {1.0, 2.0}, False),
    ],
)
def test_pixels_are_the_same_to_two_per_cent(first, second, same):
    assert same_pixels(first, second) == same


def test_pixels_are_listed_by_size():
    assert listed_pixels({0.65, 0.3250000001}) == "0.325, 0.65"
