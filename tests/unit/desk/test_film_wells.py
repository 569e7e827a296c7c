"""Wells and replicates: taken where the names of all films agree on one, left open and told where they do not."""

import pytest
from livedead.desk.film_wells import choose_replicates, choose_wells
from livedead.desk.image_names import read_name


def named(*paths):
    return [read_name(path if path.endswith(".tif") else f"{path}_phase.tif", "", {}) for path in paths]


def wells(*paths):
    return choose_wells(named(*paths))[0]


def replicates(*paths):
    names = named(*paths)
    return choose_replicates(names, choose_wells(names)[0])


@pytest.mark.parametrize(
    ("paths", "chosen"),
    [
        (["HeLa_P12_B02", "HeLa_P12_B03"], ["B02", "B03"]),
        (["B02_D3", "B03_D3"], ["B02", "B03"]),
        (["M1/B02", "M1/B03"], ["B02", "B03"]),
        (["B02/HeLa_P12", "B03/HeLa_P12"], ["B02", "B03"]),
        (["B2/x_P12_1", "B3/x_P12_1"], ["B2", "B3"]),
        (["C1-B04", "C2-B04", "C1-B05"], ["B04", "B04", "B05"]),
        # Both differ: the file comes before the folder.
        (["P5/B04", "P6/B05"], ["B04", "B05"]),
        (["P5/B04"], ["B04"]),
        (["HeLa_P12_B02", "HeLa_P12_B03", "HeLa_B05"], ["B02", "B03", "B05"]),
        (["B2/B02", "B3/B03"], ["B02", "B03"]),
        (["B02_f1", "B02_f2", "B03_f1"], ["B02", "B02", "B03"]),
        (["P12_well3", "P12_well4"], ["well3", "well4"]),
        (["f1_a", "f2_a"], ["f1", "f2"]),
        (["B02/f0_t0_m0.tif", "B02/f1_t0_m0.tif"], ["f0", "f1"]),
        (["B02", "plain"], ["B02", None]),
    ],
)
def test_words_that_differ_between_films_are_the_wells(paths, chosen):
    assert wells(*paths) == chosen


@pytest.mark.parametrize(
    "paths",
    [
        ["HeLa_P12_B02"],
        ["P12_B02", "P13_B03"],
        ["P12_B02", "x_P12_B02"],
        ["P1/B02/x", "P2/B03/x"],
        # Fields of a well, or wells of passage 12.
        ["P12_f3", "P12_f4"],
    ],
)
def test_nothing_is_guessed(paths):
    assert wells(*paths) == [None] * len(paths)


def test_what_was_chosen_and_what_was_not_is_told():
    assert choose_wells(named("P12_B02", "P12_B03"))[1] == [
        "Please check the wells: B02 was taken, not P12, in P12_B02_phase.tif, and so on in 1 more rows."
    ]
    assert choose_wells(named("P12_B02"))[1] == ["B02 or P12 may be the well in P12_B02_phase.tif: none was taken."]
    assert choose_wells(named("B02/B2", "B03", "plain"))[1] == []


def test_wells_of_one_name_in_two_folders_are_replicates():
    found, lines = replicates("day 1/f1_t0_m0.tif", "day 1/f2_t0_m0.tif", "day 2/f1_t0_m0.tif", "day 2/plain")
    assert found == ["day-1", "day-1", "day-2", None]
    assert lines == [
        "Wells of one name lie in several folders, so replicate is the folder (day-1, day-2). Correct it where these "
        "are times or fields of one well."
    ]
    assert replicates("HeLa/day1/B02/x", "HeLa/day2/B02/x")[0] == ["day1", "day2"]
    assert replicates("day1_B02/x", "day2_B02/x")[0] == ["day1", "day2"]


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        (["day1/B02", "B02"], "B02 lies in several folders (the folder itself, day1)"),
        (["day1/a/B02", "day2/b/B02"], "B02 lies in several folders (day1/a, day2/b)"),
        (["pos1/B02", "pos2/B02", "pos1/B03", "pos2/B03"], "B02 lies in several folders (pos1, pos2), and so do 1"),
    ],
)
def test_folders_that_may_be_anything_are_told(paths, words):
    found, (line,) = replicates(*paths)
    assert found == [None] * len(paths)
    assert words in line


@pytest.mark.parametrize(
    "paths", [["day1/B02", "day2/B03"], ["B02/one/x", "B02/two/x"], ["day1/x", "day2/x"], ["phase/B02", "B02"]]
)
def test_no_replicate_without_two_wells_of_one_name(paths):
    assert replicates(*paths) == ([None] * len(paths), [])
