"""A filmed field of view with known truth: raw interferograms, both stains, phase, nuclei, states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import fft

from .camera import expose, illumination_profile
from .cell_bodies import CellImage, render_cell, window_radius_um
from .drymass import dry_mass_pg
from .fluorescence import stain_images
from .phantoms import phantom_phase
from .population import PlacedCell, film_population
from .sampling import downsample_area_mean
from .slim import QUARTER_SHIFTS_RAD, blur_by_aperture, interferograms, propagate


@dataclass(frozen=True)
class FilmedFrame:
    """One time point of a simulated film.

    Attributes
    ----------
    raw : numpy.ndarray
        uint16 (4, Y, X), interferograms in camera pixels.
    live, dead : numpy.ndarray
        uint16 (1, Y, X), NucBlue and NucGreen in camera pixels.
    truth_phase : numpy.ndarray
        float32 (1, Y / downsample, X / downsample), phase of the specimen (rad).
    truth_nuclei : numpy.ndarray
        uint16, the same shape: identities of nuclei.
    truth : list of dict
        One row per nucleus in the field.
    """

    raw: np.ndarray
    live: np.ndarray
    dead: np.ndarray
    truth_phase: np.ndarray
    truth_nuclei: np.ndarray
    truth: list[dict]


def film_field(
    seed: int,
    *,
    settings: dict,
    pixel_size_um: float,
    wavelength_nm: float,
    times_h: np.ndarray,
    downsample: int,
    refraction_increment_um3_per_pg: float,
) -> Iterator[FilmedFrame]:
    """Film a simulated field of view.

    Parameters
    ----------
    seed : int
        The same seed gives the same bytes.
    settings : dict
        Section `simulate` of the configuration.
    pixel_size_um, wavelength_nm : float
        Camera pixel in the sample plane and mean wavelength.
    times_h : numpy.ndarray
        Times of the frames.
    downsample : int
        Camera pixels per pixel of the truth maps.
    refraction_increment_um3_per_pg : float
        For the dry mass in the truth.

    Yields
    ------
    FilmedFrame
    """
    chance = np.random.default_rng(seed)
    # Separate streams: a change of the optics does not change the cells.
    of_cells, of_optics, of_stain, of_camera = chance.spawn(4)
    scene = _Scene(settings, pixel_size_um, wavelength_nm)
    bench = _Bench(of_optics, settings["optics"], scene)
    phantoms = settings["specimen"] == "phantoms"
    population = (
        [[] for _ in times_h]
        if phantoms
        else film_population(of_cells, times_h=times_h, side_um=scene.side_um, settings=settings)
    )
    debris = _draw_debris(of_cells, scene, settings["population"])
    for frame, cells in enumerate(population):
        drawn = [(cell, *scene.draw(cell)) for cell in cells]
        phase = scene.focused_phase(drawn, debris)
        if phantoms:
            phase += phantom_phase(scene.shape, pixel_size_um=pixel_size_um, wavelength_nm=wavelength_nm)
        field = scene.field(phase, drawn)
        stains = stain_images(
            drawn, scene.shape, of_stain, pixel_size_um=pixel_size_um, time_h=times_h[frame], **settings["fluorescence"]
        )
        raw = expose(bench.light(field), of_camera, **settings["camera"])
        live, dead = (
            expose(scene.crop(stain), of_camera, **settings["camera"] | {"electrons_per_unit": 1.0})[None]
            for stain in stains
        )
        nuclei, truth = _truth(
            drawn, scene, downsample, times_h[frame], frame, wavelength_nm, refraction_increment_um3_per_pg
        )
        truth_phase = downsample_area_mean(scene.crop(phase), downsample).astype(np.float32)
        yield FilmedFrame(raw, live, dead, truth_phase[None], nuclei[None], truth)


class _Scene:
    """The simulated area: the camera's field with a margin, so that cells are cut by its border."""

    def __init__(self, settings: dict, pixel_size_um: float, wavelength_nm: float):
        self.optics = settings["optics"]
        self.camera_shape = tuple(self.optics["frame_px"])
        margin = int(np.ceil(self.optics["margin_um"] / pixel_size_um))
        self.shape = tuple(fft.next_fast_len(side + 2 * margin, real=True) for side in self.camera_shape)
        self.origin = tuple((whole - side) // 2 for whole, side in zip(self.shape, self.camera_shape, strict=True))
        self.pixel_size_um, self.wavelength_um = pixel_size_um, wavelength_nm / 1000
        self.side_um = tuple(side * pixel_size_um for side in self.shape)
        # Rayleigh's 0.61 lambda / NA as the 1/e radius of a Gaussian.
        self.blur_px = 0.61 * self.wavelength_um / self.optics["numerical_aperture"] / 2 / pixel_size_um

    def crop(self, image: np.ndarray) -> np.ndarray:
        """Cut the camera's field out of the area."""
        (top, left), (height, width) = self.origin, self.camera_shape
        return image[..., top : top + height, left : left + width]

    def draw(self, cell: PlacedCell) -> tuple[tuple[slice, slice], CellImage]:
        """Draw a cell on the pixels of its window; return where the window lies and what is in it."""
        radius = window_radius_um(cell.traits)
        places, axes = [], []
        for centre_um, side in zip((cell.y_um, cell.x_um), self.shape, strict=True):
            first = max(int((centre_um - radius) / self.pixel_size_um), 0)
            last = min(int((centre_um + radius) / self.pixel_size_um) + 1, side)
            places.append(slice(first, max(last, first)))
            axes.append((np.arange(first, max(last, first)) + 0.5) * self.pixel_size_um - centre_um)
        if min(axis.size for axis in axes) < 2:
            empty = np.zeros(tuple(axis.size for axis in axes))
            return tuple(places), CellImage(empty, empty.astype(bool), empty)
        return tuple(places), render_cell(cell.traits, cell.condition, axes[0][:, None], axes[1][None, :])

    def focused_phase(self, drawn: list, debris: list) -> np.ndarray:
        """Phase (rad) of all that lies on the glass, as sharp as the objective shows it."""
        path = np.zeros(self.shape)
        for cell, place, image in drawn:
            if cell.defocus_um == 0:
                path[place] += image.path_um
        for place, body_path_um in debris:
            path[place] += body_path_um
        return 2 * np.pi / self.wavelength_um * blur_by_aperture(path, self.blur_px)

    def field(self, phase: np.ndarray, drawn: list) -> np.ndarray:
        """Complex field behind the specimen, floating cells out of focus in front of it."""
        field = np.exp(1j * phase)
        for cell, place, image in drawn:
            if cell.defocus_um != 0 and image.path_um.any():
                path = np.zeros(self.shape)
                path[place] = image.path_um
                floating = np.exp(2j * np.pi / self.wavelength_um * blur_by_aperture(path, self.blur_px))
                field *= propagate(
                    floating,
                    distance_um=cell.defocus_um,
                    pixel_size_um=self.pixel_size_um,
                    wavelength_um=self.wavelength_um / self.optics["medium_index"],
                )
        return field


class _Bench:
    """The microscope of one film: shift errors and illumination stay, drift goes on from frame to frame."""

    def __init__(self, rng: np.random.Generator, optics: dict, scene: _Scene):
        self.rng, self.optics, self.scene = rng, optics, scene
        errors = rng.normal(0, optics["shift_error_rad"], 4)
        self.shifts_rad = tuple(np.add(QUARTER_SHIFTS_RAD, errors))
        self.profile = illumination_profile(
            scene.camera_shape, falloff=optics["illumination_falloff"], centre=tuple(rng.uniform(0.4, 0.6, 2))
        )
        sigma_um = optics["coherence_sigma_um"]
        self.coherence_sigma_px = sigma_um / scene.pixel_size_um if sigma_um else None

    def light(self, field: np.ndarray) -> np.ndarray:
        """Intensities of the four frames in the camera's field."""
        frames = interferograms(
            field,
            ring_transmission=self.optics["ring_transmission"],
            coherence_sigma_px=self.coherence_sigma_px,
            shifts_rad=self.shifts_rad,
        )
        lamp = 1 + self.rng.normal(0, self.optics["lamp_drift"], (4, 1, 1))
        return self.scene.crop(frames) * self.profile * lamp


def _draw_debris(rng: np.random.Generator, scene: _Scene, population: dict) -> list:
    """Small dense bodies that lie about and never move."""
    area_mm2 = scene.side_um[0] * scene.side_um[1] / 1e6
    bodies = []
    for _ in range(rng.poisson(population["debris_per_mm2"] * area_mm2)):
        radius_um = population["debris_radius_um"] * np.exp(rng.normal(0, 0.4))
        centre_um = rng.uniform(0, 1, 2) * scene.side_um
        half = int(radius_um / scene.pixel_size_um) + 2
        rows, columns = (
            slice(max(c - half, 0), min(c + half + 1, side))
            for c, side in zip((centre_um / scene.pixel_size_um).astype(int), scene.shape, strict=True)
        )
        y = (np.arange(rows.start, rows.stop) + 0.5)[:, None] * scene.pixel_size_um - centre_um[0]
        x = (np.arange(columns.start, columns.stop) + 0.5)[None] * scene.pixel_size_um - centre_um[1]
        thickness = 2 * np.sqrt(np.clip(radius_um**2 - y**2 - x**2, 0, None))
        bodies.append(((rows, columns), population["debris_index"] * rng.uniform(0.5, 1.5) * thickness))
    return bodies


def _truth(drawn, scene, downsample, time_h, frame, wavelength_nm, refraction_increment):
    """Identity map on the downsampled grid and one row per nucleus that shows on it."""
    nuclei = np.zeros(scene.shape, np.uint16)
    mass = np.zeros(scene.shape)
    # Floating cells last: they lie above the others.
    for cell, place, image in sorted(drawn, key=lambda one: one[0].defocus_um):
        nuclei[place][image.nucleus] = cell.nucleus_id
        mass[place] += image.path_um * 2 * np.pi / scene.wavelength_um
    # A pixel of the coarse grid belongs to the nucleus in the corner nearest to its middle.
    coarse = scene.crop(nuclei)[downsample // 2 :: downsample, downsample // 2 :: downsample]
    mass = downsample_area_mean(scene.crop(mass), downsample)
    pixel_um = scene.pixel_size_um * downsample
    rows = []
    for cell, _, _ in drawn:
        mask = coarse == cell.nucleus_id
        if not mask.any():
            continue
        y, x = np.nonzero(mask)
        rows.append(
            {
                "frame": frame,
                "time_h": float(time_h),
                "nucleus": cell.nucleus_id,
                "parent": cell.parent_id,
                "state": "dead" if cell.condition.dead else "live",
                "x_um": (x.mean() + 0.5) * pixel_um,
                "y_um": (y.mean() + 0.5) * pixel_um,
                "area_um2": mask.sum() * pixel_um**2,
                "dry_mass_pg": dry_mass_pg(
                    mass[mask].sum(),
                    pixel_size_um=pixel_um,
                    wavelength_nm=wavelength_nm,
                    refraction_increment_um3_per_pg=refraction_increment,
                ),
                "floating": cell.defocus_um != 0,
                "touches_border": bool(
                    y.min() == 0 or x.min() == 0 or y.max() == mask.shape[0] - 1 or x.max() == mask.shape[1] - 1
                ),
            }
        )
    return coarse, rows
