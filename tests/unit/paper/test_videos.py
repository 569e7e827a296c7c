import numpy as np
import pytest
from livedead.paper.style import BOTH_STAINS_COLOURS, DEAD_COLOUR, LIVE_COLOUR
from livedead.paper.videos import COLUMNS, Movie, describe_rates, measured_rate
from matplotlib.colors import to_rgb

RATE = {"height_px": 240, "width_px": 240, "frames": 5, "network": "eunet_b0", "device": "cpu:0", "threads": 2}
RATES = [
    RATE | {"step": step, "ms_per_frame": ms, "frames_per_second": 1000 / ms}
    for step, ms in (("retrieval", 30.0), ("network", 50.0), ("both", 80.0))
]


@pytest.fixture
def film(field):
    stacks, nuclei = {name: [] for name in ("phase", "labels", "live", "dead")}, []
    for frame, dead in enumerate((1, 5, 12)):
        phase, labels, table = field(dead=dead, frame=frame)
        fine = np.kron(labels, np.ones((2, 2)))
        for name, image in zip(stacks, (phase, labels, (fine > 0) * 800.0, (fine == 2) * 500.0), strict=True):
            stacks[name].append(image[np.newaxis])
        nuclei += table
    return stacks, nuclei


def make(film, panel_px=240, dyes=True, **changes):
    stacks, nuclei = film
    kept = {name: stack for name, stack in stacks.items() if dyes or name in ("phase", "labels")}
    look = {"sequence": "toy", "times_h": [0.0, 1.5, 3.0], "pixel_size_um": 0.5, "panel_px": panel_px}
    return Movie(kept, nuclei, **look, cells="simulated", **changes)


def near(pixel, colour, tolerance=40):
    return np.abs(pixel.astype(int) - 255 * np.array(to_rgb(colour))).max() < tolerance


def test_three_panels_stand_side_by_side(film):
    # One pixel of the phase is one of the movie, so places are known: a dead nucleus at (40, 30), a live at (40, 90).
    first = next(iter(make(film)))
    assert first.dtype == np.uint8 and first.shape == (240 + 64, 3 * 245 + 5, 3)
    top, lefts = 38, (5, 250, 495)
    dead, live = ([first[top + 40, left + x] for left in lefts] for x in (30, 90))
    assert len(set(dead[0])) == 1, "phase is grey"
    assert near(dead[1], DEAD_COLOUR, 80) and near(live[1], LIVE_COLOUR, 80)
    assert near(live[2], BOTH_STAINS_COLOURS["live"])
    both = np.clip(np.add(*map(to_rgb, BOTH_STAINS_COLOURS.values())), 0, 1)
    assert near(dead[2], both)


def test_frames_differ_and_sizes_are_even(film):
    frames = list(make(film, panel_px=251))
    assert len(frames) == len(make(film)) == 3
    assert {frame.shape for frame in frames} == {frames[0].shape}
    assert frames[0].shape[0] % 2 == frames[0].shape[1] % 2 == 0
    assert (frames[0] != frames[1]).any() and (frames[1] != frames[2]).any()


def test_without_dyes_two_panels(film):
    assert next(iter(make(film, dyes=False))).shape[1] in (2 * 245 + 4, 2 * 245 + 6)
    assert "without any stain" in make(film, dyes=False).caption
    assert "phase, prediction and stain" in make(film).caption


def test_source_data_caption_and_poster(film):
    movie = make(film)
    assert [tuple(row) for row in movie.rows] == [COLUMNS] * 3
    assert [(row["time_h"], row["live_nuclei"], row["dead_nuclei"]) for row in movie.rows] == [
        (0.0, 11, 1),
        (1.5, 7, 5),
        (3.0, 0, 12),
    ]
    assert movie.poster_frame == 1
    assert movie.caption == (
        "Film toy (simulated cells): phase, prediction and stain; 3 frames from 0 h to 3 h, dead nuclei 1 of 12 at the "
        "start and 12 of 12 at the end."
    )


def test_the_measured_rate_is_on_the_frames_and_in_the_caption(film):
    slow, fast = make(film, dyes=False), make(film, dyes=False, rates=RATES)
    assert (next(iter(slow))[:30] != next(iter(fast))[:30]).any()
    assert "30 ms for the phase, unwrapping included, and 50 ms for the network per frame of 240 x 240" in fast.caption
    assert "together 12.5 frames per second (median of 5 frames, eunet_b0 on cpu:0, 2 threads)" in fast.caption
    assert measured_rate([]) == describe_rates([]) == ""


def test_a_film_is_read_frame_by_frame(film):
    stacks, nuclei = film
    asked = []

    class Reader(list):
        def __getitem__(self, frame):
            asked.append(frame)
            return super().__getitem__(frame)

    movie = make(({name: Reader(stack) for name, stack in stacks.items()}, nuclei), dyes=False)
    asked.clear()
    frames = iter(movie)
    next(frames)
    assert set(asked) == {0}
    next(frames)
    assert set(asked) == {0, 1}
