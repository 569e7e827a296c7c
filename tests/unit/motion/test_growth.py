import numpy as np
import pytest
from livedead.desk.errors import DataError
from livedead.motion.growth import collect_growth, filmed_wells, frame_times, on_scale, well_names

from tests.unit.motion.cohorts import films, small, tables


def test_kept_tracks_become_rows_and_gaps_stay_absent():
    found = films(1, 1)
    tracks, lives = tables(found, cells=3)
    tracks = [row for row in tracks if (row["sequence"], row["track"], row["frame"]) != ("s2", 1, 2)]
    growth = collect_growth(found, tracks, lives)
    assert growth.keys() == {"area", "dry_mass"}
    area, mass = growth["area"], growth["dry_mass"]
    assert area.times_h.tolist() == [0, 0.5, 1, 1.5]
    assert area.condition.tolist() == ["stained", "stained", "unstained", "unstained"]
    assert area.well.tolist() == ["w1", "w1", "w2", "w2"]
    assert np.argwhere(np.isnan(area.values)).tolist() == [[3, 2]]
    np.testing.assert_allclose(mass.values, area.values**2)
    assert [len(part) for part in area.seen(2)] == [2, 1]


def test_films_of_other_conditions_are_left_out():
    found = films(1, 1) + [{"sequence": "s3", "condition": "stained_after", "replicate": "r1", "well": "w3"}]
    assert set(collect_growth(found, *tables(found))["area"].condition) == {"stained", "unstained"}
    assert filmed_wells(found) == {"stained": ["w1"], "unstained": ["w2"]}


def test_wells_of_several_replicates_differ():
    found = [
        {"sequence": "a", "replicate": "r1", "well": "w1"},
        {"sequence": "b", "replicate": "r2", "well": "w1"},
        {"sequence": "c", "replicate": "r2", "well": None},
    ]
    assert well_names(found) == {"a": "r1-w1", "b": "r2-w1", "c": None}
    assert well_names(found[:1]) == {"a": "w1"}


def test_films_of_other_times_are_refused():
    found = films(1, 1)
    tracks, lives = tables(found)
    for row in tracks:
        row["time_h"] *= 2 if row["sequence"] == "s2" else 1
    with pytest.raises(DataError, match=r"frame 1 is at 0.5 h in s1 and at 1 h in s2.*frame_interval_min"):
        collect_growth(found, tracks, lives)


def test_rounding_of_the_tables_is_no_other_time():
    rows = [{"sequence": s, "frame": f, "time_h": t} for s, f, t in [("a", 0, 0), ("a", 1, 1 / 3), ("b", 1, 0.333333)]]
    assert list(frame_times(rows)) == [0, 1]


@pytest.mark.parametrize(("frame", "message"), [(0.5, "frame = 0.5"), (1, "first frame of any film")])
def test_unusable_frames_are_refused(frame, message):
    with pytest.raises(DataError, match=message):
        frame_times([{"sequence": "a", "frame": frame, "time_h": 0.5}])


def test_a_track_twice_in_a_frame_is_refused():
    found = films(1, 1)
    tracks, lives = tables(found)
    with pytest.raises(DataError, match="s1: track 0 has two nuclei in frame 0"):
        collect_growth(found, [*tracks, tracks[0]], lives)


def test_no_kept_track_is_an_empty_result():
    found = films(1, 1)
    tracks, lives = tables(found)
    growth = collect_growth(found, tracks, [row | {"kept": False} for row in lives])
    assert growth["area"].values.shape == (0, 4)


def test_logarithm_of_what_is_not_positive_is_absent():
    scaled = on_scale(small([[2, 0], [-1, np.e]], []), "log_ratio").values
    np.testing.assert_allclose(scaled, [[0, np.log(2), np.nan], [0, np.nan, 1]])
    ratios = small([[2, 0]], [])
    assert on_scale(ratios, "ratio") is ratios


def test_noise_at_the_start_biases_ratios_and_not_their_logarithms():
    rng = np.random.default_rng(0)
    seen = np.exp(rng.normal(0, 0.25, (4000, 2)))  # cells that keep their size, seen twice
    cells = small((seen[:, 1:] / seen[:, :1]).tolist(), [], (0, 1))
    assert on_scale(cells, "ratio").values[:, 1].mean() == pytest.approx(np.exp(0.25**2), abs=0.02)
    assert np.exp(on_scale(cells, "log_ratio").values[:, 1].mean()) == pytest.approx(1, abs=0.02)
