import pytest
from livedead.desk.evidence import Measured, NotMeasured
from livedead.desk.measured_images import MEASUREMENTS

from .evidence import evidence, film


def measure(name, *films, **tables):
    return MEASUREMENTS[name](evidence(films or (film(),), **tables), "hela")


def test_facts_that_all_films_share():
    assert measure("pixel_um", film(), film(sequence="b")) == Measured(0.65, "all 2 films")
    assert measure("shifts").value == "0, pi/2, pi, 3pi/2"
    value, detail = measure("frames", film(), film(frames=12), film(frames=9))
    assert value is None and detail == "differs between the films: 9, 10, 12"
    with pytest.raises(NotMeasured, match="1 of 2 films of hela do not tell camera_pixel_um"):
        measure("camera_pixel_um", film(), film(camera_pixel_um=None))


def test_counts_of_the_sheet():
    films = [
        film(replicate="r1", well="w1", condition="stained"),
        film(replicate="r2", well="w1", condition="stained"),
        film(replicate=None, well="w2", condition="unstained"),
        film(replicate="r2", well="w3", condition="unstained"),
    ]
    assert measure("replicates", *films) == Measured(2, "r1, r2")
    assert measure("wells", *films).value == 3
    assert (measure("stained_wells", *films).value, measure("unstained_wells", *films).value) == (1, 2)
    with pytest.raises(NotMeasured, match="tells no confluence of hela"):
        measure("confluences", film(confluence=None))
    with pytest.raises(NotMeasured, match="well of every film"):
        measure("stained_wells", film(well=None))


def test_downsampling_is_the_ratio_of_the_pixels_in_the_files():
    assert measure("downsampling").value == 2
    assert measure("downsampling", film(), film(pixel_um=1.3)).value is None
    with pytest.raises(NotMeasured, match="the film a does not tell"):
        measure("downsampling", film(camera_pixel_um=None))


def test_length_is_that_of_the_longest_film():
    films = [film(duration_h=length) for length in (4.5, 10.0, None)]
    assert measure("duration_h", *films) == Measured(10.0, "the longest of 3 films")
    with pytest.raises(NotMeasured, match="no film of hela tells the time"):
        measure("duration_h", films[2])


def test_images_of_the_split():
    rows = [
        {"sequence": name, "side": side, "frames": frames}
        for name, side, frames in [("a", "train", 10), ("b", "train", 8), ("c", "validation", 5), ("d", "test", 3)]
    ]
    assert measure("validation_images", splits=rows) == Measured(5, "1 films")
    assert measure("test_images", splits=rows).value == 3
    assert measure("training_share", splits=rows) == Measured(6, "18 : 3 images")
    assert measure("training_share", splits=rows[:3]) == Measured(None, "no test images")
    assert measure("shared_films", splits=rows).value == 0
    assert measure("shared_films", splits=[*rows, rows[0] | {"side": "test"}]).value == 1


def test_times_and_bar_of_figure_1():
    shown = [{"time_h": time, "scale_bar_um": 50} for time in (8, 1, 1, 6)]
    names = ("shown_first_h", "shown_second_h", "shown_third_h")
    assert [measure(name, shown=shown).value for name in names] == [1, 6, 8]
    assert measure("shown_third_h", shown=shown[:2]) == Measured(None, "Fig. 1 shows only 2 times")
    assert measure("scale_bar_um", shown=shown).value == 50
    assert measure("scale_bar_um", shown=[*shown, shown[0] | {"scale_bar_um": 20}]).value is None


def test_noise_is_the_median_of_the_frames():
    rows = [{"background_opd_noise_nm": value} for value in (0.4, 0.9, 0.5, None)]
    value, detail = measure("background_noise", quality=rows)
    assert value == 0.5 and detail == "median of 3 frames, worst 0.9"
    with pytest.raises(NotMeasured, match="no frame of hela has a background"):
        measure("background_noise", quality=rows[3:])
