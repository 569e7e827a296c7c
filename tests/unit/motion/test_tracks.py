"""From nuclei to tracks: relative values, jumps, and counts that add up."""

import pytest
from livedead.cells.tables import NUCLEUS_COLUMNS
from livedead.desk.errors import DataError
from livedead.motion.lives import REASONS
from livedead.motion.tracks import COUNT_COLUMNS, TRACK_COLUMNS, track_film

from tests.unit.motion.films import MASS, TRACK, film, nucleus, standing


def tracked(rows, frames=6, **settings):
    times_h = [frame / 2 for frame in range(frames)]
    return track_film(rows, "s1", times_h, TRACK | settings, MASS)


def growing(x_um, areas, first=0, **more):
    return [nucleus(first + n, x_um, area_um2=area, **more) for n, area in enumerate(areas)]


def test_values_relative_to_the_start():
    found = tracked(film(*growing(0, [200.0, 220.0, 240.0, 260.0, 280.0, 300.0], dry_mass_pg=40.0)))
    assert [row["area_relative"] for row in found.tracks] == pytest.approx([1, 1.1, 1.2, 1.3, 1.4, 1.5])
    assert {row["dry_mass_relative"] for row in found.tracks} == {1}
    assert all(list(row) == TRACK_COLUMNS for row in found.tracks)
    assert found.tracks[0]["wavelength_nm"] == 550
    assert {row["note"] for row in found.tracks} == {None}


@pytest.mark.parametrize(
    ("masses", "note"),
    [((None, None), "dry mass unknown"), ((-2.0, 3.0), "dry mass not positive at the start")],
)
def test_a_missing_relative_mass_has_its_reason(masses, note):
    rows = film(*(nucleus(frame, 0, dry_mass_pg=mass) for frame, mass in enumerate(masses)))
    found = tracked(rows, frames=2).tracks
    assert [(row["dry_mass_relative"], row["note"], row["area_relative"]) for row in found] == [(None, note, 1)] * 2


def test_late_tracks_have_no_start_to_relate_to():
    found = tracked(film(*standing(0, range(2, 6))))
    assert {(row["area_relative"], row["note"]) for row in found.tracks} == {(None, "begins after the start")}
    assert found.lives[0]["reason"] == "late"


def test_frames_missed_before_a_detection():
    found = tracked(film(*standing(0, [0, 1, 4, 5])))
    assert [row["missed_frames"] for row in found.tracks] == [0, 0, 2, 0]


def test_a_lone_detection_is_dropped_but_not_one_of_the_first_frame():
    found = tracked(film(*standing(0, range(6)), nucleus(0, 100), nucleus(3, 200)))
    by_place = {(row["x_um"], row["frame"]): row for row in found.tracks}
    assert by_place[100, 0]["track"] == 2
    assert (by_place[200, 3]["track"], by_place[200, 3]["note"]) == (None, "too_few_detections")
    assert {life["reason"] for life in found.lives} == {"kept", "lost"}
    assert len(tracked(film(nucleus(3, 200)), min_detections=1).lives) == 1


def test_jumps_are_flagged_and_cut_only_where_asked():
    rows = film(*growing(0, [200.0, 210.0, 205.0, 100.0, 102.0, 101.0]))
    flagged = tracked(rows)
    assert [row["jump"] for row in flagged.tracks] == [False, False, False, True, False, False]
    assert (flagged.lives[0]["kept"], flagged.lives[0]["jumps"]) == (True, 1)
    cut = tracked(rows, truncate_at_jump=True)
    assert [row["track"] for row in cut.tracks] == [1, 1, 1, None, None, None]
    assert {row["note"] for row in cut.tracks[3:]} == {"after_jump"}
    assert (cut.lives[0]["reason"], cut.lives[0]["last_frame"]) == ("jump", 2)
    assert cut.counts[0]["dropped_after_jump"] == 3


def test_parents_are_tracks_of_the_table():
    mother = standing(50, range(4))
    daughters = [*standing(45, range(4, 8), area_um2=100.0), *standing(55, range(4, 8), area_um2=100.0)]
    found = tracked(film(*mother, *daughters), frames=8, tracker="laptrack", lap_splitting=True)
    assert {row["parents"] for row in found.tracks if row["frame"] == 4} == {"1"}
    assert [life["reason"] for life in found.lives] == ["branched", "late", "late"]
    # A mother of one detection is dropped, and with it the name of the parent.
    found = tracked(film(*standing(50, [3]), *daughters), frames=8, tracker="laptrack", lap_splitting=True)
    assert {row["parents"] for row in found.tracks} == {None}


@pytest.mark.parametrize("truncate", [True, False])
def test_counts_add_up(truncate):
    rows = film(
        *standing(0, range(6)),
        *standing(30, range(6), touches_border=True),
        *standing(60, range(6), state="dead"),
        *growing(90, [200.0, 100.0, 100.0, 100.0, 100.0, 100.0]),
        *standing(120, range(2)),
        *standing(150, [0, 2, 5]),
        *standing(180, range(3, 6)),
        nucleus(2, 210),
        nucleus(0, 240),
    )
    found = tracked(rows, truncate_at_jump=truncate)
    counts = found.counts[0]
    assert list(counts) == COUNT_COLUMNS
    assert counts["found"] == len(found.tracks) == len(rows)
    assert counts["found"] == counts["linked"] + counts["dropped_too_few_detections"] + counts["dropped_after_jump"]
    assert counts["linked"] == sum(life["detections"] for life in found.lives)
    assert counts["tracks"] == counts["late"] + counts["at_start"] == len(found.lives)
    assert counts["at_start"] == counts["kept"] + sum(counts[f"not_kept_{reason}"] for reason in REASONS) == 7
    assert (counts["late"], counts["dropped_too_few_detections"]) == (1, 1)
    assert counts["kept"] == 2 - truncate
    assert (counts["not_kept_jump"], counts["dropped_after_jump"]) == ((1, 5) if truncate else (0, 0))
    at_start = [row for row in found.tracks if row["frame"] == 0]
    assert {row["track"] for row in at_start} == {life["track"] for life in found.lives if life["begins_at_start"]}


def test_no_nuclei_give_empty_tables_and_counts_of_nothing():
    found = tracked([])
    assert (found.tracks, found.lives) == ([], [])
    assert {value for name, value in found.counts[0].items() if name != "sequence"} == {0}


def test_the_input_is_left_as_it_was():
    rows = film(*standing(0, range(3)))
    tracked(rows, frames=3)
    assert all(set(row) == set(NUCLEUS_COLUMNS) for row in rows)


def test_bad_tables_name_the_film():
    with pytest.raises(DataError, match="s1: nucleus 1 is of frame 7"):
        tracked([nucleus(7, 0)])
    with pytest.raises(DataError, match="s1: the table of nuclei holds s2"):
        tracked([nucleus(0, 0, sequence="s2")])
