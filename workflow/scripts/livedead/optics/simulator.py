"""A filmed field of view with known truth: raw interferograms, both stains, phase, nuclei, states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from .bench import Bench
from .camera import expose
from .fluorescence import stain_images
from .phantoms import phantom_phase
from .population import PlacedCell, film_population
from .sampling import downsample_area_mean
from .scene import Scene, draw_debris
from .truth import truth_of_frame


@dataclass(frozen=True)
class FilmedFrame:
    """One time point of a simulated film.

    Attributes
    ----------
    raw : numpy.ndarray
        uint16 (4, Y, X), interferograms in camera pixels.
    live, dead : numpy.ndarray or None
        uint16 (1, Y, X), NucBlue and NucGreen in camera pixels; None of cells without dyes.
    truth_phase : numpy.ndarray
        float32 (1, Y / downsample, X / downsample), phase of the specimen (rad).
    truth_nuclei : numpy.ndarray
        uint16, the same shape: identities of nuclei.
    truth : list of dict
        One row per nucleus in the field.
    """

    raw: np.ndarray
    live: np.ndarray | None
    dead: np.ndarray | None
    truth_phase: np.ndarray
    truth_nuclei: np.ndarray
    truth: list[dict]


def film_field(
    seed: int,
    *,
    settings: dict,
    pixel_size_um: float,
    wavelength_nm: float,
    times_h: list[float],
    downsample: int,
    refraction_increment_um3_per_pg: float,
    stained: bool = True,
) -> Iterator[FilmedFrame]:
    """Film a simulated field of view.

    With `fluorescence.delay_h` the dyes are added and filmed that long after the interferograms: they show
    the cells where and as they are then, while the truth is that of the interferograms.

    Parameters
    ----------
    seed : int
        The same seed gives the same bytes.
    settings : dict
        Section `simulate` of the configuration.
    pixel_size_um, wavelength_nm : float
        Camera pixel in the sample plane and mean wavelength.
    times_h : list of float
        Times of the frames.
    downsample : int
        Camera pixels per pixel of the truth maps.
    refraction_increment_um3_per_pg : float
        For the dry mass in the truth.
    stained : bool
        Whether the cells are stained and the dyes filmed.

    Yields
    ------
    FilmedFrame
    """
    chance = np.random.default_rng(seed)
    # Separate streams: a change of the optics does not change the cells.
    of_cells, of_optics, of_stain, of_camera, of_stage = chance.spawn(5)
    scene = Scene(settings, pixel_size_um, wavelength_nm)
    bench = Bench(of_optics, settings["optics"], scene)
    phantoms = settings["specimen"] == "phantoms"
    # A film of dyes added later than the phase needs the cells at the times of both.
    stains_h = [time_h + settings["fluorescence"]["delay_h"] for time_h in times_h]
    moments_h = sorted({*times_h, *stains_h})
    population = dict(
        zip(
            moments_h,
            [[] for _ in moments_h]
            if phantoms
            else film_population(of_cells, times_h=np.array(moments_h), side_um=scene.side_um, settings=settings),
            strict=True,
        )
    )
    debris = draw_debris(of_cells, scene, settings["population"])
    turn = of_stage.uniform(0, 2 * np.pi)
    shift_um = settings["fluorescence"]["shift_um"] * np.array([np.sin(turn), np.cos(turn)])
    for frame, (time_h, stain_h) in enumerate(zip(times_h, stains_h, strict=True)):
        drawn = _drawn(scene, population[time_h])
        phase = scene.focused_phase(drawn, debris)
        if phantoms:
            # Bodies are placed in the camera's field, so that none of their mass lies outside it.
            shown = scene.crop(phase)
            shown += phantom_phase(shown.shape, pixel_size_um=pixel_size_um, wavelength_nm=wavelength_nm)
        raw = expose(bench.light(scene.field(phase, drawn)), of_camera, **settings["camera"])
        live = dead = None
        if stained:
            same = stain_h == time_h and not shift_um.any()
            blue, green = stain_images(
                drawn if same else _drawn(scene, population[stain_h], shift_um),
                scene.shape,
                of_stain,
                pixel_size_um=pixel_size_um,
                time_h=time_h - times_h[0],
                **{key: value for key, value in settings["fluorescence"].items() if key not in ("delay_h", "shift_um")},
            )
            camera = settings["camera"] | {"electrons_per_unit": 1.0}
            live, dead = (expose(scene.crop(stain), of_camera, **camera)[None] for stain in (blue, green))
        nuclei, truth = truth_of_frame(
            drawn,
            scene,
            downsample=downsample,
            frame=frame,
            time_h=time_h,
            wavelength_nm=wavelength_nm,
            refraction_increment_um3_per_pg=refraction_increment_um3_per_pg,
        )
        truth_phase = downsample_area_mean(scene.crop(phase), downsample).astype(np.float32)
        yield FilmedFrame(raw, live, dead, truth_phase[None], nuclei[None], truth)


def _drawn(scene: Scene, cells: list[PlacedCell], shift_um: np.ndarray | None = None) -> list:
    """Draw cells, all moved by the same (y, x) where one is given."""
    y_um, x_um = (0.0, 0.0) if shift_um is None else map(float, shift_um)
    moved = [replace(cell, y_um=cell.y_um + y_um, x_um=cell.x_um + x_um) for cell in cells]
    return [(cell, *scene.draw(cell)) for cell in moved]


def film_stacks(
    names: Mapping[str, str],
    *,
    pixel_size_um: float,
    frame_interval_min: float,
    downsample: int,
) -> dict:
    """Say how the stacks of a film are stored: what `write_stacks` wants to know.

    Parameters
    ----------
    names : mapping
        File name of every image attribute of `FilmedFrame` that is stored.
    pixel_size_um, frame_interval_min : float
        Camera pixel in the sample plane and time between frames.
    downsample : int
        Camera pixels per pixel of the truth maps.

    Returns
    -------
    dict of dict
    """
    stored = {
        "raw": ("uint16", ["0", "pi/2", "pi", "3pi/2"], 1),
        "live": ("uint16", ["NucBlue"], 1),
        "dead": ("uint16", ["NucGreen"], 1),
        "truth_phase": ("float32", ["phase [rad]"], downsample),
        "truth_nuclei": ("uint16", ["nucleus"], downsample),
    }
    return {
        name: {
            "path": names[name],
            "dtype": dtype,
            "channels": channels,
            "pixel_size_um": pixel_size_um * factor,
            "frame_interval_min": frame_interval_min,
        }
        for name, (dtype, channels, factor) in stored.items()
        if name in names
    }
