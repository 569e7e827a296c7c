"""Files of a folder become films without gaps; every file is in one or has a reason."""

import random

import pytest
from livedead.desk.folder_films import place_files
from livedead.desk.image_names import read_name


def placed(*paths, z=None, channels=None):
    names = [read_name(path, "", channels or {}, None) for path in paths]
    random.Random(len(paths)).shuffle(names)
    found = place_files(names, z)
    assert set(found.reasons) <= set(paths)
    return found


def plate(times, wells=(0,), tiles=((0, 0),), frames=range(4), z=0):
    return [f"f{f}_t{t}_i0_ch0_c{c}_r{r}_z{z}_m{m}.tif" for f in wells for c, r in tiles for t in times for m in frames]


def rows(found):
    return {film.name: film.cells for film in found.films}


def test_one_row_per_field_and_tiles_of_a_mosaic():
    found = placed(*plate(range(3), (0, 1, 10), [(c, r) for c in range(3) for r in range(3)]))
    assert not found.reasons
    assert len(found.films) == 27
    assert [film.name for film in found.films][:2] + [found.films[-1].name] == ["f0-c0-r0", "f0-c0-r1", "f10-c2-r2"]
    film = found.films[-1]
    assert film.cells == {"raw": "f10_t{t}_i0_ch0_c2_r2_z0_m{m}.tif"}
    assert (film.well, film.tile, film.start, film.times) == ("f10", "c2r2", 0, 3)


def test_one_field_per_well_has_no_tile():
    found = placed(*plate(range(2), (0, 1)))
    assert [(film.name, film.tile) for film in found.films] == [("f0", None), ("f1", None)]


def test_a_gap_ends_a_film():
    found = placed(*plate([0, 1, 2, 5, 6, 9]))
    assert rows(found) == {
        "f0-t0": {"raw": "f0_t{t:0-2}_i0_ch0_c0_r0_z0_m{m}.tif"},
        "f0-t5": {"raw": "f0_t{t:5-6}_i0_ch0_c0_r0_z0_m{m}.tif"},
        "f0-t9": {"raw": "f0_t9_i0_ch0_c0_r0_z0_m{m}.tif"},
    }
    assert [(film.start, film.times) for film in found.films] == [(0, 3), (5, 2), (9, 1)]
    assert found.notes == ["f0: gaps in t, so 3 rows with a start_h each (t 0 to 2, 5, 6, 9)"]


def test_times_in_folders_are_one_film():
    found = placed(*(f"day1/t{t:02}/phase.tif" for t in (0, 1, 9, 10)), *(f"day2/t{t}/phase.tif" for t in range(2)))
    assert rows(found) == {
        "day1-t0": {"phase": "day1/t{t:0-1}/phase.tif"},
        "day1-t9": {"phase": "day1/t{t:9-10}/phase.tif"},
        "day2": {"phase": "day2/t{t}/phase.tif"},
    }
    assert [(film.start, film.times) for film in found.films] == [(0, 2), (9, 2), (0, 2)]


def test_capital_and_small_t_of_one_film_are_told():
    found = placed("B04_T0_phase.tif", "B04_t1_phase.tif")
    assert set(found.reasons.values()) == {"names of one film that differ in more than t and m"}


def test_wells_and_replicates_of_films():
    found = placed(*(f"day{day}/HeLa_P12_B0{well}_t0_phase.tif" for day in (1, 2) for well in (2, 3)))
    assert [(film.well, film.replicate) for film in found.films] == [
        ("B02", "day1"),
        ("B03", "day1"),
        ("B02", "day2"),
        ("B03", "day2"),
    ]
    assert len(found.checks) == 2


def test_a_time_without_all_frames_is_a_gap_and_is_told():
    paths = [path for path in plate(range(4)) if path != "f0_t1_i0_ch0_c0_r0_z0_m2.tif"]
    found = placed(*paths)
    assert list(rows(found)) == ["f0-t0", "f0-t2"]
    assert set(found.reasons) == {p for p in paths if "_t1_" in p}
    assert set(found.reasons.values()) == {"m 2 missing at this time (wanted m 0 to 3)"}


@pytest.mark.parametrize(
    ("frames", "reason"),
    [
        ([0, 1, 3], "m 2 missing at every time (wanted three or more frames, numbered without a gap)"),
        ([0, 1], "only m 0, 1 at every time (wanted three or more frames, numbered without a gap)"),
    ],
)
def test_frames_missing_everywhere(frames, reason):
    found = placed(*plate(range(2), frames=frames))
    assert not found.films
    assert set(found.reasons.values()) == {reason}
    assert len(found.reasons) == 2 * len(frames)


def test_dyes_go_with_their_film():
    stain = [
        f"f0_t{t}_i0_ch{ch}_c0_r0_z0_m{name}.png" for t in range(2) for ch, name in ((1, "49 DAPI"), (2, "38 GFP"))
    ]
    found = placed(*plate(range(2)), *stain)
    assert not found.reasons
    assert rows(found)["f0"] == {
        "raw": "f0_t{t}_i0_ch0_c0_r0_z0_m{m}.tif",
        "live": "f0_t{t}_i0_ch1_c0_r0_z0_m49 DAPI.png",
        "dead": "f0_t{t}_i0_ch2_c0_r0_z0_m38 GFP.png",
    }


def test_dyes_at_some_times_only_are_not_placed():
    stain = [f"f0_t{t}_i0_ch{ch}_c0_r0_z0_m{name}.png" for t in (1, 7) for ch, name in ((1, "DAPI"), (2, "GFP"))]
    found = placed(*plate(range(2)), *stain)
    assert list(rows(found)["f0"]) == ["raw"]
    assert found.reasons[stain[0]] == "live and dead wanted at every time of the film (t 0, 1)"
    assert found.reasons[stain[2]] == "neither raw frames nor phase at this time"


def test_one_dye_alone_is_not_placed():
    found = placed("A1_raw.tif", "A1_live.tif")
    assert rows(found) == {"A1": {"raw": "A1_raw.tif"}}
    assert found.reasons == {"A1_live.tif": "live and dead wanted beside each other"}


def test_dyes_without_a_film_are_not_placed():
    found = placed("A1_live.tif", "A1_dead.tif")
    assert set(found.reasons.values()) == {"neither raw frames nor phase of the same film was placed"}


def test_raw_is_taken_where_phase_is_there_too():
    found = placed(
        "A1_raw.tif", "A1_phase.tif", "A1_live.tif", "A1_dead.tif", "A1_mask.tif", "B1_phase.tif", "B1_mask.tif"
    )
    assert rows(found) == {
        "A1": {"raw": "A1_raw.tif", "live": "A1_live.tif", "dead": "A1_dead.tif"},
        "B1": {"phase": "B1_phase.tif", "labels": "B1_mask.tif"},
    }
    assert found.reasons["A1_phase.tif"].startswith("phase beside raw frames")
    assert found.reasons["A1_mask.tif"].startswith("labels beside dyes")


def test_several_slices_need_a_choice():
    paths = plate(range(2)) + plate(range(2), z=1) + plate(range(2), wells=[1])
    found = placed(*paths)
    assert list(rows(found)) == ["f1"]
    assert set(found.reasons.values()) == {"several slices of one field and time (z 0, 1); take one with --z"}
    assert len(found.reasons) == 16
    found = placed(*paths, z=0)
    assert list(rows(found)) == ["f0", "f1"]
    assert set(found.reasons.values()) == {"another slice than --z 0"}


def test_another_slice_at_another_time_is_a_row_of_its_own():
    found = placed("f0_t0_c0_r0_z1.png", "f0_t1_c0_r0_z2.png")
    assert rows(found) == {"f0-z1": {"phase": "f0_t0_c0_r0_z1.png"}, "f0-z2": {"phase": "f0_t1_c0_r0_z2.png"}}


def test_two_files_for_one_image():
    found = placed("f0_t1_c0_r0.png", "f0_t01_c0_r0.png", "f1_t1_c0_r0.png", "f1_t1_c0_r0.tif")
    assert not found.films
    assert all(reason.startswith("several files for one image: f") for reason in found.reasons.values())
    assert len(found.reasons) == 4


def test_names_that_no_pattern_holds():
    found = placed("f0_t0_c0_r0_mSLIM.png", "f0_t1_c0_r0_m3 SLIM.png")
    assert set(found.reasons.values()) == {"names of one film that differ in more than t and m"}


def test_numbers_with_and_without_zeros_in_front():
    found = placed("f0_t09_c0_r0.png", "f0_t10_c0_r0.png", "f0_t011_c0_r0.png")
    assert rows(found) == {"f0": {"phase": "f0_t{t}_c0_r0.png"}}
