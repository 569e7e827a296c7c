"""The simulated area of glass: cells and debris on it, and the field of light behind them."""

from __future__ import annotations

import numpy as np
from scipy import fft

from .cell_bodies import render_cell, window_radius_um
from .cell_shapes import CellImage
from .population import PlacedCell
from .slim import blur_by_aperture, propagate


class Scene:
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
        radius = window_radius_um(cell.traits, cell.condition)
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


def draw_debris(rng: np.random.Generator, scene: Scene, population: dict) -> list:
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
