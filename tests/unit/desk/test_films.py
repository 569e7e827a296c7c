from dataclasses import replace

import pytest
from livedead.desk.errors import SettingsError
from livedead.desk.films import film_frames


def config(**frames_of):
    usual = {"frames": 10, "frames_of": {}, "conditions": {"unstained": {"frames": 5}}}
    return {"simulate": usual, "cohorts": {"hela": {"simulate": {"frames": 21, "frames_of": frames_of}}}}


def test_single_films_have_lengths_of_their_own(make_sequence):
    rows = [make_sequence("a"), make_sequence("b"), make_sequence("c", cohort="cho")]
    rows += [replace(make_sequence("d", cohort="cho"), condition="unstained"), replace(make_sequence("e"), raw="e.tif")]
    assert film_frames(config(b=17), rows) == {"a": 21, "b": 17, "c": 10, "d": 5}


def test_every_name_that_is_no_film_of_the_cohort_is_named(make_sequence):
    rows = [make_sequence("a"), make_sequence("c", cohort="cho")]
    with pytest.raises(SettingsError) as caught:
        film_frames(config(b=1, c=2, a=3), rows)
    assert str(caught.value).splitlines() == [
        "config: cohorts.hela.simulate.frames_of.b (no simulated film of hela; wanted one of a)",
        "config: cohorts.hela.simulate.frames_of.c (no simulated film of hela; wanted one of a)",
    ]
