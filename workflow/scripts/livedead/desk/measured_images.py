"""Numbers read off the films of a run and off their division: sizes, times, counts of images."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from statistics import median

from .evidence import Evidence, Measured, NotMeasured

Measurement = Callable[[Evidence, str], Measured]


def _of_every_film(column: str) -> Measurement:
    """Make the measurement of a fact that all films of a cohort must share to count."""

    def measure(evidence: Evidence, cohort: str) -> Measured:
        films = evidence.films(cohort)
        found = Counter(film[column] for film in films)
        if None in found:
            raise NotMeasured(f"{found[None]} of {len(films)} films of {cohort} do not tell {column}")
        if len(found) > 1:
            return Measured(None, f"differs between the films: {', '.join(str(value) for value in sorted(found))}")
        return Measured(next(iter(found)), f"all {len(films)} films")

    return measure


def _different(column: str) -> Measurement:
    """Make the measurement of how many different values a cohort's films have."""

    def measure(evidence: Evidence, cohort: str) -> Measured:
        found = {film[column] for film in evidence.films(cohort)} - {None}
        if not found:
            raise NotMeasured(f"the sheet tells no {column} of {cohort}")
        return Measured(len(found), ", ".join(sorted(found)))

    return measure


def _wells_of(condition: str) -> Measurement:
    def measure(evidence: Evidence, cohort: str) -> Measured:
        films = evidence.films(cohort)
        if None in {film["well"] for film in films}:
            raise NotMeasured(f"the sheet does not tell the well of every film of {cohort}")
        return Measured(len({film["well"] for film in films if film["condition"] == condition}))

    return measure


def duration_h(evidence: Evidence, cohort: str) -> Measured:
    """Time from the first to the last frame of the longest film."""
    films = evidence.films(cohort)
    known = [film["duration_h"] for film in films if film["duration_h"] is not None]
    if not known:
        raise NotMeasured(f"no film of {cohort} tells the time between its frames")
    return Measured(max(known), f"the longest of {len(films)} films")


def downsampling(evidence: Evidence, cohort: str) -> Measured:
    """Compare the pixel of the phase with that of the camera, by the sizes written in the files."""
    ratios = set()
    for film in evidence.films(cohort):
        if film["camera_pixel_um"] is None or film["pixel_um"] is None:
            raise NotMeasured(f"the film {film['sequence']} does not tell the pixels of camera and phase map")
        ratios.add(round(film["pixel_um"] / film["camera_pixel_um"], 6))
    return Measured(ratios.pop() if len(ratios) == 1 else None, "phase pixel / camera pixel, from the files")


def _images_on(side: str) -> Measurement:
    def measure(evidence: Evidence, cohort: str) -> Measured:
        rows = [row for row in evidence.table("splits", cohort) if row["side"] == side]
        return Measured(sum(row["frames"] for row in rows), f"{len(rows)} films")

    return measure


def training_share(evidence: Evidence, cohort: str) -> Measured:
    """Training images for every test image."""
    rows = evidence.table("splits", cohort)
    frames = {side: sum(row["frames"] for row in rows if row["side"] == side) for side in ("train", "test")}
    if not frames["test"]:
        return Measured(None, "no test images")
    return Measured(frames["train"] / frames["test"], f"{frames['train']} : {frames['test']} images")


def shared_films(evidence: Evidence, cohort: str) -> Measured:
    """Films that lie on more than one side of the split."""
    rows = evidence.table("splits", cohort)
    sides = {name: {row["side"] for row in rows if row["sequence"] == name} for name in {r["sequence"] for r in rows}}
    return Measured(sum(len(found) > 1 for found in sides.values()), f"{len(sides)} films")


def _shown(number: int) -> Measurement:
    def measure(evidence: Evidence, cohort: str) -> Measured:
        times = sorted({row["time_h"] for row in evidence.table("shown", cohort)})
        if len(times) <= number:
            return Measured(None, f"Fig. 1 shows only {len(times)} times")
        return Measured(times[number])

    return measure


def scale_bar_um(evidence: Evidence, cohort: str) -> Measured:
    """Length of the scale bar of Fig. 1."""
    bars = {row["scale_bar_um"] for row in evidence.table("shown", cohort)}
    return Measured(bars.pop() if len(bars) == 1 else None, "drawn in Fig. 1")


def background_noise(evidence: Evidence, cohort: str) -> Measured:
    """Median spread of the optical path difference (nm) where no cell is."""
    values = [row["background_opd_noise_nm"] for row in evidence.table("quality", cohort)]
    known = [value for value in values if value is not None]
    if not known:
        raise NotMeasured(f"no frame of {cohort} has a background to measure noise on")
    return Measured(median(known), f"median of {len(known)} frames, worst {max(known):.2g}")


MEASUREMENTS: dict[str, Measurement] = {
    **{
        column: _of_every_film(column)
        for column in (
            *("cell_line", "interferograms", "shifts", "camera_height_px", "camera_pixel_um", "frames"),
            *("height_px", "pixel_um", "field_um", "frame_interval_min"),
        )
    },
    "replicates": _different("replicate"),
    "wells": _different("well"),
    "confluences": _different("confluence"),
    "stained_wells": _wells_of("stained"),
    "unstained_wells": _wells_of("unstained"),
    "duration_h": duration_h,
    "downsampling": downsampling,
    "validation_images": _images_on("validation"),
    "test_images": _images_on("test"),
    "training_share": training_share,
    "shared_films": shared_films,
    "shown_first_h": _shown(0),
    "shown_second_h": _shown(1),
    "shown_third_h": _shown(2),
    "scale_bar_um": scale_bar_um,
    "background_noise": background_noise,
}
"""Measurement by name: function of the evidence and a cohort."""
