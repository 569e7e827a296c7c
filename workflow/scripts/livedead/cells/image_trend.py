"""Single images that are no film: dead nuclei of each, and whether their share rises with the time in the name."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.stats import spearmanr

IMAGE_COLUMNS = [
    "file", "well", "time_index", "live_nuclei", "dead_nuclei", "border_nuclei", "dead_fraction", "certainty", "note",
]  # fmt: skip
TREND_COLUMNS = ["well", "images", "nuclei", "spearman_rho", "low", "high", "p_value", "note"]

#: Well f<number> and time t<number>, as the acquisition program writes them.
_PLACE = re.compile(r"(?:^|_)(f\d+)_t(\d+)_")
#: A rank correlation of fewer images says nothing.
FEWEST_IMAGES = 4


def count_images(names: Sequence[str], nuclei: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """
    Count the predicted nuclei of single images.

    Parameters
    ----------
    names : sequence of str
        File names without folder, in the order of the stack's frames.
    nuclei : iterable of mapping
        Rows of `livedead.cells.records.measure_sequence`; their frame is the number of the image.

    Returns
    -------
    list of dict
        Rows of `IMAGE_COLUMNS`, one per image: well and time_index (no hours: the interval is not published) from the
        name, nuclei by state, those at the border among them, dead_fraction, and certainty: the mean over nuclei of
        the higher of p_live and p_dead relative to both. Without a nucleus the last two are None, with a note.
    """
    by_image: dict[int, list[Mapping[str, Any]]] = {}
    for nucleus in nuclei:
        by_image.setdefault(nucleus["frame"], []).append(nucleus)
    return [_image_row(name, by_image.get(number, [])) for number, name in enumerate(names)]


def _image_row(name: str, nuclei: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    place = _PLACE.search(name)
    dead = sum(nucleus["state"] == "dead" for nucleus in nuclei)
    sure = [max(n["p_live"], n["p_dead"]) / (n["p_live"] + n["p_dead"]) for n in nuclei]
    return {
        "file": name,
        "well": place[1] if place else None,
        "time_index": int(place[2]) if place else None,
        "live_nuclei": len(nuclei) - dead,
        "dead_nuclei": dead,
        "border_nuclei": sum(bool(nucleus["touches_border"]) for nucleus in nuclei),
        "dead_fraction": dead / len(nuclei) if nuclei else None,
        "certainty": float(np.mean(sure)) if nuclei else None,
        "note": None if nuclei else "no nucleus",
    }


def trend_rows(
    images: Sequence[Mapping[str, Any]], *, bootstrap_resamples: int, confidence: float, seed: int
) -> list[dict[str, Any]]:
    """
    Correlate the dead fraction with time, well by well and over all wells.

    Parameters
    ----------
    images : sequence of mapping
        Rows of `count_images`.
    bootstrap_resamples : int
        Draws of whole images, within the wells or over all of them.
    confidence : float
        Of the percentile interval.
    seed : int
        Of the draws.

    Returns
    -------
    list of dict
        Rows of `TREND_COLUMNS`: each well, then ``all``. Spearman's rho with its two-sided p and interval; None with a
        note where fewer than four images have nuclei, or all have one dead fraction. Images of one field at
        several times are not independent: the interval is then too narrow.
    """
    known = [row for row in images if row["dead_fraction"] is not None and row["time_index"] is not None]
    wells = sorted({row["well"] for row in known})
    groups = [(well, [row for row in known if row["well"] == well]) for well in wells] + [("all", known)]
    size = {"n_resamples": bootstrap_resamples, "confidence_level": confidence}
    return [_trend_row(well, rows, size, [seed, number]) for number, (well, rows) in enumerate(groups)]


def extreme_images(images: Sequence[Mapping[str, Any]], fewest_nuclei: int = 5) -> list[tuple[int, str]]:
    """
    Choose the images of the most and of the least certain calls.

    Parameters
    ----------
    images : sequence of mapping
        Rows of `count_images`.
    fewest_nuclei : int
        Images with fewer nuclei are left out, as long as others are there.

    Returns
    -------
    list of (int, str)
        Number and title of the most and of the least certain image; only the first one where none has a nucleus.
    """
    found = [number for number, row in enumerate(images) if row["certainty"] is not None]
    full = [n for n in found if images[n]["live_nuclei"] + images[n]["dead_nuclei"] >= fewest_nuclei] or found
    if not full:
        return [(0, f"no nucleus found in any image: {images[0]['file']}")]
    ordered = sorted(full, key=lambda number: images[number]["certainty"])
    return [
        (n, f"{word} certain ({images[n]['certainty']:.2f})\n{images[n]['file']}")
        for word, n in (("most", ordered[-1]), ("least", ordered[0]))
    ]


def _trend_row(
    well: str, rows: Sequence[Mapping[str, Any]], size: Mapping[str, Any], seed: list[int]
) -> dict[str, Any]:
    time = np.array([row["time_index"] for row in rows])
    dead = np.array([row["dead_fraction"] for row in rows])
    nuclei = sum(row["live_nuclei"] + row["dead_nuclei"] for row in rows)
    found = {"well": well, "images": len(rows), "nuclei": nuclei} | dict.fromkeys(TREND_COLUMNS[3:])
    if len(rows) < FEWEST_IMAGES:
        return found | {"note": f"fewer than {FEWEST_IMAGES} images with nuclei"}
    if np.ptp(dead) == 0 or np.ptp(time) == 0:
        return found | {"note": "all images have one dead fraction or one time"}
    rho = spearmanr(time, dead)
    drawn = _resampled(time, dead, size["n_resamples"], seed)
    low, high = np.quantile(drawn, [(1 - size["confidence_level"]) / 2, (1 + size["confidence_level"]) / 2])
    return found | {
        "spearman_rho": float(rho.statistic), "low": float(low), "high": float(high), "p_value": float(rho.pvalue)
    }  # fmt: skip


def _resampled(time: np.ndarray, dead: np.ndarray, resamples: int, seed: list[int]) -> np.ndarray:
    """Rank correlations of images drawn with replacement, without draws in which nothing varies."""
    rng = np.random.default_rng(seed)
    rhos = []
    for draw in rng.integers(len(time), size=(resamples, len(time))):
        if np.ptp(time[draw]) and np.ptp(dead[draw]):
            rhos.append(spearmanr(time[draw], dead[draw]).statistic)
    return np.array(rhos)
