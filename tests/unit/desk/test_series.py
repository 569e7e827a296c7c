"""File-name patterns: every order of names gives the order of time, every hole is named."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livedead.desk.errors import SheetError
from livedead.desk.series import files_per_time, find_series, numbers_text, series_files


@pytest.fixture
def touch(tmp_path):
    """Make empty files of these names; the folder."""

    def make(*names):
        for name in names:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("")
        return tmp_path

    return make


@settings(max_examples=40, deadline=None)
@given(
    first=st.integers(0, 120),
    times=st.integers(1, 25),
    frames=st.integers(1, 6),
    width=st.sampled_from([0, 2, 4]),
    seed=st.randoms(use_true_random=False),
)
def test_any_whole_series_is_found_in_order(tmp_path_factory, first, times, frames, width, seed):
    folder = tmp_path_factory.mktemp("series")
    wanted = [f"f1_t{t:0{width}d}_i0_ch0_c0_r0_z0_m{m}.tif" for t in range(first, first + times) for m in range(frames)]
    others = ["f1_t0_i0_ch1_c0_r0_z0_m0.tif", "f11_t0_i0_ch0_c0_r0_z0_m0.tif", "f1_t0_i0_ch0_c0_r0_z0_m0.tif.txt"]
    names = wanted + others
    seed.shuffle(names)
    for name in names:
        (folder / name).touch()
    pattern = str(folder / "f1_t{t}_i0_ch0_c0_r0_z0_m{m}.tif")
    assert series_files(pattern) == [str(folder / name) for name in wanted]
    assert files_per_time(pattern) == frames


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_file_taken_away_is_missed(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("series")
    keys = [(t, m) for t in range(4) for m in range(4)]
    # The first and the last numbers are what the series is known by.
    gone = data.draw(
        st.sets(st.sampled_from([k for k in keys if k not in ((0, 0), (0, 3), (3, 0), (3, 3))]), min_size=1)
    )
    for t, m in keys:
        if (t, m) not in gone:
            (folder / f"t{t}_m{m}.tif").touch()
    _, problems = find_series(folder / "t{t}_m{m}.tif")
    assert problems
    with pytest.raises(SheetError, match="missing"):
        series_files(folder / "t{t}_m{m}.tif")


def test_folders_may_carry_the_numbers(touch):
    folder = touch("t9/m0.tif", "t10/m0.tif", "t9/m1.tif", "t10/m1.tif", "notes/m0.tif")
    assert series_files(folder / "t{t}/m{m}.tif") == [
        str(folder / name) for name in ("t9/m0.tif", "t9/m1.tif", "t10/m0.tif", "t10/m1.tif")
    ]


def test_a_number_that_stands_twice_is_one_number(touch):
    folder = touch("t1/f_t1.tif", "t1/f_t2.tif", "t2/f_t2.tif")
    assert series_files(folder / "t{t}/f_t{t}.tif") == [str(folder / n) for n in ("t1/f_t1.tif", "t2/f_t2.tif")]


def test_a_range_takes_part_of_the_times(touch):
    folder = touch(*(f"a_t{t}.tif" for t in (0, 1, 2, 5, 6, 10)))
    assert series_files(folder / "a_t{t:1-2}.tif") == [str(folder / "a_t1.tif"), str(folder / "a_t2.tif")]
    assert find_series(folder / "a_t{t:5-10}.tif")[1] == ["t 7 to 9 missing (wanted every t from 5 to 10)"]
    assert find_series(folder / "a_t{t:6-7}.tif")[1] == ["t 7 missing (wanted every t from 6 to 7)"]


def test_all_that_is_wrong_is_said_at_once(touch):
    folder = touch(
        "t0_m0.tif", "t0_m1.tif", "t0_m2.tif", "t2_m0.tif", "t2_m2.tif", "t3_m0.tif", "t03_m0.tif", "t3_m1.tif"
    )
    _, problems = find_series(folder / "t{t}_m{m}.tif")
    assert problems == [
        "t03_m0.tif and t3_m0.tif have the same numbers (wanted one file for t 3, m 0)",
        "t 1 missing (wanted every t from 0 to 3)",
        "m 1 missing at t 2 (wanted m 0 to 2 at every t)",
        "m 2 missing at t 3 (wanted m 0 to 2 at every t)",
    ]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("a_t{t}.tif", "no file fits"),
        ("a_{x}.tif", r"\{x\} has no meaning \(wanted \{t\}"),
        ("a_{t.tif", r"\{ has no meaning"),
        ("a_{t:9-2}.tif", "the lower number first"),
        ("{t:1-2}/a_{t}.tif", "differ"),
        ("nowhere/{t}/a.tif", "no file fits"),
    ],
)
def test_patterns_that_mean_nothing(tmp_path, pattern, words):
    with pytest.raises(SheetError, match=words):
        series_files(tmp_path / pattern)


def test_a_file_added_is_seen(touch):
    folder = touch("t0.tif")
    assert len(series_files(folder / "t{t}.tif")) == 1
    touch("t1.tif")
    assert len(series_files(folder / "t{t}.tif")) == 2


def test_files_per_time_of_other_cells(touch):
    folder = touch("t0.tif", "t1.tif")
    assert files_per_time(None) is None
    assert files_per_time("a.tif") is None
    assert files_per_time(str(folder / "t{t}.tif")) == 1


def test_many_numbers_are_cut_short():
    assert numbers_text(list(range(0, 40, 2))) == "0, 2, 4, 6, 8, 10, 12, 14, ..."
    assert numbers_text(random.sample(range(30), 30)) == "0 to 29"
