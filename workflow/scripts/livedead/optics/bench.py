"""The simulated microscope: what is fixed in a film and what drifts."""

from __future__ import annotations

import numpy as np

from .camera import illumination_profile
from .scene import Scene
from .slim import QUARTER_SHIFTS_RAD, interferograms


class Bench:
    """The microscope of one film: shift errors and illumination stay, drift goes on from frame to frame."""

    def __init__(self, rng: np.random.Generator, optics: dict, scene: Scene):
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
