import logging

import numpy as np
import pytest
from livedead.cells.dyes import check_dyes
from livedead.desk.errors import DataError

from tests.unit.cells.scenes import SETTINGS as SCENE
from tests.unit.cells.scenes import Body, draw

SETTINGS = SCENE | {"max_green_only": 0.15, "max_saturated_fraction": 0.01}


def film(dead, count=16, frames=1):
    """A film (T, 1, Y, X) of NucBlue and of NucGreen; the first `dead` nuclei are dead."""
    bodies = [
        Body(18 + 34 * (i // 4), 18 + 34 * (i % 4), 8, 7, 0.3 * i, blue=260, green=290 if i < dead else 14)
        for i in range(count)
    ]
    drawn = [draw(bodies, seed=seed)[:2] for seed in range(frames)]
    return (np.stack([pair[which] for pair in drawn])[:, None] for which in (0, 1))


def check(blue, green, settings=SETTINGS):
    check_dyes(blue, green, 1, 0.65, settings, ("plate/a.tif", "plate/b.tif"))


@pytest.mark.parametrize("dead", [0, 1, 8, 15, 16])
def test_dyes_in_their_place_pass_whatever_is_dead(dead):
    check(*film(dead))


@pytest.mark.parametrize("dead", [0, 2, 8, 12])
def test_exchanged_dyes_are_refused_and_both_files_named(dead):
    blue, green = film(dead)
    with pytest.raises(DataError, match=r"plate/a.tif and plate/b.tif look exchanged: .* columns live and dead"):
        check(green, blue)
    check(green, blue, SETTINGS | {"max_green_only": 1})


def test_a_film_is_judged_as_a_whole():
    """Its first frame has no dead nucleus, its last no live one; exchanged, both hide it and the rest does not."""
    live, dead, mixed = (tuple(film(number)) for number in (0, 16, 6))
    blue, green = (np.concatenate([live[which], mixed[which], dead[which]]) for which in (0, 1))
    check(blue, green)
    with pytest.raises(DataError, match="look exchanged"):
        check(green, blue)


def test_empty_fields_are_no_exchange():
    blue, green = film(0, count=0)
    check(blue, green)
    check(green, blue)


def test_a_closed_shutter_is_named_with_its_frame():
    blue, green = film(4, frames=2)
    blue[1] = 100
    with pytest.raises(DataError, match=r"plate/a.tif: NucBlue of frame 1 is 100 in every pixel"):
        check(blue, green)


def test_saturated_dyes_are_said_in_the_log(caplog):
    caplog.set_level(logging.WARNING)
    blue, green = film(4)
    check(blue, green)
    assert not caplog.messages
    check(np.minimum(blue, 350), green)
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith("plate/a.tif: NucBlue of frame 0: ")
