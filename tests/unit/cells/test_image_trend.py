import numpy as np
import pytest
from livedead.cells.image_trend import count_images, extreme_images, trend_rows
from scipy.stats import spearmanr

SETTINGS = {"bootstrap_resamples": 200, "confidence": 0.95, "seed": 3}


def nucleus(frame, state, p=0.9, border=False):
    p_dead = p if state == "dead" else 1 - p
    return {"frame": frame, "state": state, "p_live": 1 - p_dead, "p_dead": p_dead, "touches_border": border}


def image(time, dead, well="f0", nuclei=100):
    return {"well": well, "time_index": time, "live_nuclei": nuclei, "dead_nuclei": 0, "dead_fraction": dead}


def test_every_image_is_counted_even_without_a_nucleus():
    names = ["f0_t3_i0_ch0_c1_r0_z1.png", "f1_t12_i0.png", "0010.png"]
    rows = count_images(names, [nucleus(0, "dead"), nucleus(0, "live", 0.7, True), nucleus(2, "live", 0.6)])
    assert [(row["well"], row["time_index"]) for row in rows] == [("f0", 3), ("f1", 12), (None, None)]
    assert [(row["live_nuclei"], row["dead_nuclei"], row["border_nuclei"]) for row in rows] == [
        (1, 1, 1),
        (0, 0, 0),
        (1, 0, 0),
    ]
    assert [row["dead_fraction"] for row in rows] == [0.5, None, 0]
    assert rows[0]["certainty"] == pytest.approx(0.8)
    assert rows[1]["note"] == "no nucleus"


def test_rank_correlation_by_well_and_over_all():
    rng = np.random.default_rng(1)
    rising = [image(t, np.clip(0.02 * t + 0.1 * rng.random(), 0, 1)) for t in range(30)]
    noise = [image(t, rng.random(), "f1") for t in range(30)]
    first, second, every = trend_rows(rising + noise, **SETTINGS)
    assert (first["well"], second["well"], every["well"], every["images"]) == ("f0", "f1", "all", 60)
    expected = spearmanr([row["time_index"] for row in rising], [row["dead_fraction"] for row in rising])
    assert first["spearman_rho"] == pytest.approx(expected.statistic)
    assert first["p_value"] == pytest.approx(expected.pvalue)
    assert 0.8 < first["low"] < first["spearman_rho"] < first["high"] <= 1
    assert second["low"] < 0 < second["high"]
    assert trend_rows(rising, **SETTINGS) == trend_rows(rising, **SETTINGS)


def test_what_has_no_correlation_says_why():
    few, flat = [image(t, t / 3, "f0") for t in range(3)], [image(t, 0.5, "f1") for t in range(9)]
    rows = trend_rows([*few, *flat, image(4, None, "f2")], **SETTINGS)
    assert [row["spearman_rho"] for row in rows[:2]] == [None, None]
    assert rows[0]["note"].startswith("fewer than 4") and "one dead fraction" in rows[1]["note"]
    assert [row["well"] for row in rows] == ["f0", "f1", "all"]


def test_the_most_and_the_least_certain_image_have_nuclei_enough():
    names = ["a.png", "b.png", "c.png", "d.png"]
    nuclei = [nucleus(0, "live", 0.99)] + [nucleus(k, "dead", p) for k, p in ((1, 0.8), (2, 0.7)) for _ in range(6)]
    rows = count_images(names, nuclei)
    assert extreme_images(rows) == [(1, "most certain (0.80)\nb.png"), (2, "least certain (0.70)\nc.png")]
    assert [number for number, _ in extreme_images(rows[:1])] == [0, 0]
    assert extreme_images(rows[3:]) == [(0, "no nucleus found in any image: d.png")]
