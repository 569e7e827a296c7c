"""Live fraction of a well: closed forms, sums that close, and what has no fraction says why."""

import numpy as np
import pytest
from livedead.cells.tables import NUCLEUS_COLUMNS
from livedead.cells.viability import (
    COUNTED_COLUMNS,
    FLAGGED,
    NO_MASS,
    SHARED,
    VIABILITY_COLUMNS,
    count_nuclei,
    fields_interval,
    sure_state,
    viability_table,
    wilson_interval,
)
from livedead.desk.errors import DataError
from statsmodels.stats.proportion import proportion_confint

SETTINGS = {"uncertain_below": 0.7, "tile_overlap": 0.0, "exclude_flagged": False}


def field(sequence, well="w1", tile=None, replicate="r1", condition="unstained"):
    return {"sequence": sequence, "replicate": replicate, "well": well, "condition": condition, "tile": tile}


def image(sequence, frame=0, flagged=False, unit="rad"):
    size = {"height_um": 200.0, "width_um": 200.0}
    return {"sequence": sequence, "frame": frame, "time_h": 0.5 * frame, "flagged": flagged, "phase_unit": unit} | size


def nucleus(sequence, state="live", share=0.95, frame=0, x_um=100.0, y_um=100.0, border=False):
    other = "dead" if state == "live" else "live"
    values = (sequence, frame, 0.5 * frame, 1, x_um, y_um, 150.0, 30.0, 0.0, 0.0, state, border)
    return dict(zip(NUCLEUS_COLUMNS, values, strict=True)) | {
        f"p_{state}": 0.8 * share,
        f"p_{other}": 0.8 * (1 - share),
    }


def table(nuclei, fields, frames, **settings):
    counted = count_nuclei(nuclei, fields, frames, **SETTINGS | settings)
    assert all(list(row) for row in counted) and all(set(row) == set(COUNTED_COLUMNS) for row in counted)
    return counted, viability_table(counted, fields, frames, 0.95)


@pytest.mark.parametrize(
    ("state", "p_live", "p_dead", "wanted"),
    [
        ("live", 0.7, 0.3, "live"),
        ("live", 0.35, 0.15, "live"),
        ("dead", 0.31, 0.69, "uncertain"),
        ("dead", 0.6, 0.4, "uncertain"),
        ("live", 0.0, 0.0, "uncertain"),
    ],
)
def test_a_state_needs_its_share_of_both_probabilities(state, p_live, p_dead, wanted):
    assert sure_state({"state": state, "p_live": p_live, "p_dead": p_dead}, 0.7) == wanted


@pytest.mark.parametrize(("live", "total"), [(0, 12), (7, 12), (12, 12), (480, 500)])
def test_wilson_interval_is_that_of_statsmodels_and_of_the_closed_form(live, total):
    low, high = wilson_interval(live, total, 0.95)
    assert (low, high) == pytest.approx(proportion_confint(live, total, 0.05, "wilson"))
    z, p = 1.959963985, live / total
    centre, half = p + z**2 / (2 * total), z * np.sqrt(p * (1 - p) / total + z**2 / (4 * total**2))
    scale = 1 + z**2 / total
    assert (low, high) == pytest.approx(((centre - half) / scale, (centre + half) / scale), abs=1e-9)
    assert wilson_interval(0, 0, 0.95) == (None, None)


def test_fields_of_equal_size_give_student_s_interval_of_their_fractions():
    fractions = np.array([0.4, 0.5, 0.6, 0.7])
    low, high, effect = fields_interval([(int(10 * f), 10) for f in fractions], 0.95)
    half = 3.182446 * fractions.std(ddof=1) / 2
    assert (low, high) == pytest.approx((0.55 - half, 0.55 + half), rel=1e-5)
    assert effect == pytest.approx((fractions.var(ddof=1) / 4) / (0.55 * 0.45 / 40))


def test_independent_nuclei_have_a_design_effect_of_one_and_clumped_ones_more():
    rng = np.random.default_rng(0)
    effects = [fields_interval([(rng.binomial(50, 0.6), 50) for _ in range(9)], 0.95)[2] for _ in range(400)]
    assert np.mean(effects) == pytest.approx(1, abs=0.1)
    assert fields_interval([(50, 50), (0, 50), (25, 50)], 0.95)[2] > 10


def test_no_interval_over_fields_where_they_cannot_tell():
    assert fields_interval([(4, 8), (5, 8)], 0.95) == (None, None, None)
    assert fields_interval([(4, 8), (5, 8), (0, 0)], 0.95) == (None, None, None)
    assert fields_interval([(8, 8)] * 5, 0.95) == (None, None, None)


def test_counts_of_a_well_pool_its_fields_and_keep_uncertain_ones_apart():
    fields, frames = [field("a"), field("b")], [image("a"), image("b", flagged=True)]
    nuclei = [
        *[nucleus("a") for _ in range(6)],
        *[nucleus("b", "dead", border=True) for _ in range(3)],
        nucleus("b", "dead", share=0.6),
    ]
    counted, (row,) = table(nuclei, fields, frames)
    wanted = {"n_live": 6, "n_dead": 3, "n_uncertain": 1, "n_border": 3, "n_shared": 0, "n_images": 2, "n_flagged": 1}
    assert {key: row[key] for key in wanted} == wanted
    assert list(row) == VIABILITY_COLUMNS
    assert row["live_fraction"] == pytest.approx(6 / 9) and row["live_fraction_all"] == pytest.approx(6 / 10)
    assert (row["low"], row["high"]) == wilson_interval(6, 9, 0.95)
    assert (row["well"], row["group"], row["note"]) == ("w1", "w1", None)
    assert (counted[-1]["state"], counted[-1]["call"], counted[-1]["counted"]) == ("uncertain", "dead", True)


def test_wells_times_conditions_and_replicates_stay_apart():
    fields = [field("a"), field("b", replicate="r2"), field("c", condition="stained")]
    frames = [image(name, frame) for name in "abc" for frame in (0, 1)]
    _, rows = table([nucleus("a", frame=1)], fields, frames)
    assert [(row["group"], row["condition"], row["time_h"]) for row in rows] == [
        ("r1 w1", "unstained", 0), ("r1 w1", "unstained", 0.5), ("r2 w1", "unstained", 0), ("r2 w1", "unstained", 0.5),
        ("r1 w1", "stained", 0), ("r1 w1", "stained", 0.5),
    ]  # fmt: skip
    assert [row["n_live"] for row in rows] == [0, 1, 0, 0, 0, 0]


def test_a_mosaic_of_nine_tiles_counts_every_nucleus_once():
    overlap, size = 0.2, 200.0
    tiles = [(column, row) for column in range(3) for row in range(3)]
    fields = [field(f"s{c}{r}", tile=f"c{c}r{r}") for c, r in tiles]
    points = np.random.default_rng(2).uniform(0, size * (1 + 2 * (1 - overlap)), (2000, 2))
    nuclei = [
        nucleus(f"s{c}{r}", x_um=float(x), y_um=float(y))
        for c, r in tiles
        for x, y in points - np.array([c, r]) * size * (1 - overlap)
        if 0 <= x <= size and 0 <= y <= size
    ]
    counted, (row,) = table(nuclei, fields, [image(f["sequence"]) for f in fields], tile_overlap=overlap)
    assert len(nuclei) > 2500
    assert row["n_live"] == 2000 and row["n_shared"] == len(nuclei) - 2000
    assert {r["reason"] for r in counted if not r["counted"]} == {SHARED}


def test_flagged_images_may_be_left_out_and_their_neighbours_take_over():
    fields = [field("a", tile="c0r0"), field("b", tile="c1r0")]
    frames = [image("a"), image("b", flagged=True)]
    nuclei = [nucleus("a", x_um=195.0), nucleus("b", "dead", x_um=5.0 + 30.0)]
    counted, (row,) = table(nuclei, fields, frames, exclude_flagged=True, tile_overlap=0.15)
    assert (row["n_live"], row["n_dead"], row["n_excluded"], row["n_flagged"], row["n_images"]) == (1, 0, 1, 1, 2)
    assert [r["reason"] for r in counted] == [None, FLAGGED]
    _, (row,) = table(nuclei, fields, frames, tile_overlap=0.15)
    assert (row["n_live"], row["n_dead"], row["n_shared"]) == (0, 1, 1)


def test_times_without_a_fraction_say_why():
    frames = [image("a", 0), image("a", 1), image("a", 2, flagged=True)]
    nuclei = [nucleus("a", share=0.5, frame=1), nucleus("a", frame=2)]
    _, rows = table(nuclei, [field("a")], frames, exclude_flagged=True)
    assert [row["live_fraction"] for row in rows] == [None] * 3 == [row["low"] for row in rows]
    assert [row["note"].partition(": ")[2] for row in rows] == [
        "no nucleus was found", "every counted nucleus is uncertain", "none of 1 nuclei is counted here",
    ]  # fmt: skip


def test_no_nucleus_at_all_and_a_single_image():
    counted, (row,) = table([], [field("a")], [image("a")])
    assert counted == [] and row["n_live"] == row["n_dead"] == 0


def test_a_field_without_well_stands_by_itself_and_says_so():
    fields = [field("a", well=None), field("b", well=None)]
    _, rows = table([nucleus("a"), nucleus("b", "dead")], fields, [image("a"), image("b")])
    assert [(row["group"], row["well"], row["live_fraction"]) for row in rows] == [("a", None, 1), ("b", None, 0)]
    assert all("no well in the sheet" in row["note"] for row in rows)


def test_grey_images_are_counted_and_their_missing_mass_is_explained():
    without = nucleus("a") | {"dry_mass_pg": None}
    counted, (row,) = table([without], [field("a")], [image("a", unit="grey")])
    assert row["n_live"] == 1 and counted[0]["dry_mass_pg"] is None and counted[0]["note"] == NO_MASS


def test_bad_input():
    with pytest.raises(DataError, match="no such image"):
        count_nuclei([nucleus("a", frame=3)], [field("a")], [image("a")], **SETTINGS)
    with pytest.raises(DataError, match="a and b are both tile c0r0 of the well w1"):
        count_nuclei([], [field("a", tile="c0r0"), field("b", tile="c0r0")], [image("a"), image("b")], **SETTINGS)
    # A film that goes on in another row after a gap has its tile at other times.
    later = image("b") | {"time_h": image("a")["time_h"] + 3}
    assert count_nuclei([], [field("a", tile="c0r0"), field("b", tile="c0r0")], [image("a"), later], **SETTINGS) == []
    counted = count_nuclei([nucleus("a")], [field("a")], [image("a")], **SETTINGS)
    with pytest.raises(DataError, match=r"a: two frames at .* h \(wanted times that differ"):
        viability_table(counted, [field("a")], [image("a"), image("a") | {"frame": 1}], 0.95)
    with pytest.raises(DataError, match=r"make 0 \(wanted the 1 predicted nuclei\)"):
        viability_table(counted, [field("a")], [], 0.95)
