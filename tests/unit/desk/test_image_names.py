"""What names of image files say, in the acquisition program's words and in a user's own."""

import pytest
from livedead.desk.image_names import read_name, role_in


def named(path, channels=None, unnamed=None):
    return read_name(f"data/{path}", "data", channels or {}, unnamed)


def test_a_whole_name_of_the_acquisition_program():
    name = named("f2_t013_i0_ch0_c1_r2_z4_m3.tif")
    assert (name.role, name.t, name.m, name.z, name.column, name.row) == ("raw", 13, 3, 4, 1, 2)
    assert name.wells == (("file", "f2"),)
    assert name.series == "data/f2_t{t}_i0_ch0_c1_r2_z4_m{m}.tif"
    assert name.frames == "data/f2_t013_i0_ch0_c1_r2_z4_m{m}.tif"
    assert name.film == (("f", "2"), ("i", "0"), ("c", "1"), ("r", "2"), ("z", "4"))
    assert name.place == (("f", "2"), ("i", "0"), ("c", "1"), ("r", "2"))


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("f0_t0_i0_ch0_c0_r1_z0_mSLIM.png", "phase"),
        ("f0_t0_i0_ch1_c0_r1_z0_m49 DAPI.png", "live"),
        ("f0_t0_i0_ch2_c0_r1_z0_m38 Green Fluorescent Prot.png", "dead"),
        ("f0_t0_i0_ch1_c0_r1_z0_mNucBlue.tif", "live"),
        ("f0_t0_i0_ch2_c0_r1_z0_m7 FITC.tif", "dead"),
        ("f0_t0_i0_ch0_c1_r1_z1.png", "phase"),
        ("f0_t0.tif", "phase"),
        ("f0_t0_m2.tif", "raw"),
        ("f0_t0_ch1_m0.tif", None),
        ("f0_t0_ch1.tif", None),
        ("f0_t0_ch0_mTRITC.tif", None),
        ("A1_raw.ome.tif", "raw"),
        ("A1-interferogram.tif", "raw"),
        ("A1_SLIM4.tif", "raw"),
        ("A1 phase.TIFF", "phase"),
        ("labels/A1.tif", "labels"),
        ("f3_GFP.tif", "dead"),
        ("A1.tif", None),
        ("live_dead/raw/A1.tif", "raw"),
        ("hoechst/A1_raw.tif", "raw"),
        ("alive.tif", None),
    ],
)
def test_what_an_image_is(path, role):
    assert named(path).role == role


def test_what_the_user_says_outweighs_the_name():
    assert named("f0_t0_ch1_m0.tif", channels={1: "live"}).role == "live"
    assert named("f0_t0_ch1_m0.tif", channels={1: "live"}).series == "data/f0_t{t}_ch1_m0.tif"
    assert named("f0_t0_ch0_mSLIM.tif", channels={0: "raw"}).role == "raw"
    assert named("0010.png", unnamed="phase").role == "phase"
    assert named("A1_live.tif", unnamed="phase").role == "live"


def test_files_of_one_film_share_it_whatever_they_show():
    films = {
        named(p).film for p in ("f0_t0_ch0_c1_r1_m0.tif", "f0_t9_ch1_c1_r1_m49 DAPI.png", "raw/f0_t0_c1_r1_m3.tif")
    }
    assert films == {(("f", "0"), ("c", "1"), ("r", "1"))}
    films = {named(p).film for p in ("day1/B02_raw.ome.tif", "day1/live/B02.tif", "day1/dead/B02_t07.tif")}
    assert films == {(("word", "day1"), ("word", "B02"))}


def test_own_names_with_numbers():
    name = named("phase/B02_t07_z1.tif")
    assert (name.t, name.z, name.series) == (7, 1, "data/phase/B02_t{t}_z1.tif")
    assert name.wells == (("file", "B02"),)
    name = named("B02/raw_t7_m1.tif")
    assert (name.t, name.m, name.series) == (7, 1, "data/B02/raw_t{t}_m{m}.tif")
    assert named("B02/live_t7_m1.tif").m is None


@pytest.mark.parametrize(
    ("path", "t", "film", "series", "frames"),
    [
        ("day1/t07/phase.tif", 7, ["day1"], "day1/t{t}/phase.tif", "day1/t07/phase.tif"),
        ("T3/B04_phase.tif", 3, ["B04"], "T{t}/B04_phase.tif", "T3/B04_phase.tif"),
        ("B04_T012_phase.tif", 12, ["B04"], "B04_T{t}_phase.tif", "B04_T012_phase.tif"),
        ("B04_T1_phase_t5.tif", 5, ["B04", "T1"], "B04_T1_phase_t{t}.tif", "B04_T1_phase_t5.tif"),
        ("t1/B04_t5_phase.tif", 5, ["t1", "B04"], "t1/B04_t{t}_phase.tif", "t1/B04_t5_phase.tif"),
        ("run t2/B04_raw_m1.tif", 2, ["run", "B04"], "run t{t}/B04_raw_m{m}.tif", "run t2/B04_raw_m{m}.tif"),
        ("t0/t1/phase.tif", None, ["t0", "t1"], "t0/t1/phase.tif", "t0/t1/phase.tif"),
        ("t4/f1_c0_m0.tif", 4, ["1", "0"], "t{t}/f1_c0_m{m}.tif", "t4/f1_c0_m{m}.tif"),
        ("f1_T4_c0_m0.tif", 4, ["1", "0"], "f1_T{t}_c0_m{m}.tif", "f1_T4_c0_m{m}.tif"),
    ],
)
def test_times_of_folders_and_with_a_capital_letter(path, t, film, series, frames):
    name = named(path)
    assert (name.t, [word for _, word in name.film]) == (t, film)
    assert (name.series, name.frames) == (f"data/{series}", f"data/{frames}")


def test_a_time_of_the_start_folder_is_none():
    name = read_name("t3/B04_phase.tif", "t3", {})
    assert (name.t, name.series) == (None, "t3/B04_phase.tif")


@pytest.mark.parametrize(
    ("path", "wells"),
    [
        ("HeLa_P12_B02_phase.tif", [("file", "P12"), ("file", "B02")]),
        ("P5/B04_phase.tif", [("file", "B04"), ("folder", "P5")]),
        ("C1-B04_phase.tif", [("file", "B04")]),
        ("C1-phase.tif", [("file", "C1")]),
        ("A0_P25_Q1_phase.tif", []),
        ("day1/well3_f2_phase.tif", [("file", "well3"), ("file", "f2")]),
        ("B02/f0_t0_m0.tif", [("file", "f0")]),
    ],
)
def test_words_that_may_be_the_well(path, wells):
    assert list(named(path).wells) == wells


def test_folders_without_images_and_times():
    assert named("day 1/phase_t3/B02/x.tif").folders == ("day-1", "B02")
    assert named("day1/f1_t0_m0.tif").folders == ("day1",)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("notes.txt", "no TIFF and no PNG"),
        ("._A1_phase.tif", "hidden file"),
        ("day1/.trash/A1_phase.tif", "hidden file"),
        ("f0_t{t}.tif", "braces"),
        ("A1_live_dead.tif", "says dead and live"),
    ],
)
def test_files_that_cannot_be_named(path, words):
    assert words in named(path)


def test_several_words():
    assert role_in(["38", "Green", "Fluorescent"]) == "dead"
    assert role_in(["Phase", "slim"]) == "phase"
    assert role_in(["live", "dead"]) is None
