import numpy as np
import pytest
from livedead.paper.early_deaths import COLUMNS, choose_examples, draw_early_deaths

LOOK = {"pixel_size_um": 0.5, "early_death_h": 3.0, "examples": 6, "cells": "simulated"}


def candidate(number=0, **changes):
    row = {
        "sequence": "toy",
        "frame": 0,
        "time_h": 1.0,
        "label": number + 1,
        "track": number + 1,
        "x_um": 15.0 + 30 * (number % 4),
        "y_um": 20.0 + 40 * (number // 4),
        "touches_border": False,
        "p_dead": 0.9 - 0.01 * number,
        "stain_dead_h": 2.5,
        "lead_h": 1.5,
        "confirmed": True,
        "outcome": "confirmed",
        "stain_dead_frame": 1,
        "stain_dead_x_um": 15.0 + 30 * (number % 4),
        "stain_dead_y_um": 20.0 + 40 * (number // 4),
    }
    return row | changes


COUNTS = [
    {"sequence": "toy", "network_call": call, "nuclei": 8, "confirmed": 2, "not_confirmed": 3, "lost": 1}
    for call in ("dead", "live")
]


@pytest.fixture
def stacks(field):
    films = {name: {"toy": []} for name in ("phase", "predicted", "live", "dead")}
    for frame in (0, 1):
        phase, labels, _ = field(dead=4, frame=frame)
        fine = np.kron(labels, np.ones((2, 2)))
        images = (phase, labels, (fine > 0) * 800.0, (fine == 2) * 500.0 * frame)
        for films_of_kind, image in zip(films.values(), images, strict=True):
            films_of_kind["toy"].append(image[np.newaxis])
    return films


def pictures(drawing):
    return [axes for axes in drawing.figure.axes if axes.images]


def test_examples_are_confirmed_interior_and_each_nucleus_once():
    found = [
        candidate(0, p_dead=0.7),
        candidate(0, p_dead=0.8, frame=1),
        candidate(1, confirmed=False),
        candidate(2, touches_border=True),
        candidate(3, p_dead=0.95),
        candidate(4, sequence="other", track=1, p_dead=0.6),
    ]
    chosen = choose_examples(found, 6)
    assert [(row["sequence"], row["track"], row["p_dead"]) for row in chosen] == [
        ("toy", 4, 0.95),
        ("toy", 1, 0.8),
        ("other", 1, 0.6),
    ]
    assert choose_examples(found, 1) == chosen[:1]


def test_six_pictures_per_example_centred_on_the_nucleus(stacks):
    drawing = draw_early_deaths([candidate(5)], COUNTS, stacks, **LOOK)
    shown = pictures(drawing)
    assert len(shown) == 6 and [tuple(row) for row in drawing.rows] == [COLUMNS]
    assert drawing.rows[0]["shown_um"] == 45
    assert {axes.get_xlim() for axes in shown} == {(0, 45)}
    [ring] = shown[0].patches
    assert ring.center == (22.5, 22.5)
    middle = tuple(size // 2 for size in shown[1].images[0].get_array().shape[:2])
    assert shown[1].images[0].get_array().shape[:2] == (180, 180), "dyes at their own sampling"
    assert shown[1].images[0].get_array()[middle][2] > 0.5, "the nucleus is stained"
    assert shown[0].get_ylabel() == "toy\n1 h → 2.5 h"


def test_at_the_border_the_picture_moves_and_the_ring_stays_on_the_nucleus(stacks):
    drawing = draw_early_deaths([candidate(0)], COUNTS, stacks, **LOOK)
    [ring] = pictures(drawing)[0].patches
    assert ring.center == (15, 20)


def test_without_dyes_the_stain_is_left_out(stacks):
    kept = {name: stacks[name] for name in ("phase", "predicted")} | {"live": {}, "dead": {}}
    drawing = draw_early_deaths([candidate(5)], COUNTS, kept, **LOOK)
    assert len(pictures(drawing)) == 4


@pytest.mark.parametrize("number", range(1, 9))
def test_any_number_of_examples_fits_the_page(stacks, number):
    found = [candidate(n) for n in range(number)]
    drawing = draw_early_deaths(found, COUNTS, stacks, **LOOK)
    assert len(drawing.rows) == min(number, 6)
    assert drawing.caption.endswith("1 example is shown." if number == 1 else f"{min(number, 6)} examples are shown.")


def test_the_caption_counts_every_candidate(stacks):
    found = [candidate(0), candidate(1, confirmed=False, outcome="not_confirmed")]
    found += [candidate(n, confirmed=False, outcome="film_ended") for n in (2, 3)]
    caption = draw_early_deaths(found, COUNTS, stacks, **LOOK).caption
    assert caption.startswith("Simulated cells: 4 times a nucleus was live by its stain and surely dead by its phase.")
    assert "followed within 3 h in 1, stayed live in 1; in 2 the film ended and in 0 the nucleus was lost" in caption
    assert "Of 5 times one was live by both and could be followed for 3 h, 2 (40%) turned; 3 more could not" in caption


def test_none_found_is_said(stacks):
    drawing = draw_early_deaths([], COUNTS, stacks, **LOOK)
    assert drawing.rows == [] and drawing.columns == COLUMNS
    assert "none found" in drawing.figure.texts[0].get_text()
    assert drawing.caption.endswith("None found that could be shown.")
