"""Nuclear stains: NucBlue in every nucleus, NucGreen in those whose membrane is ruptured."""

from __future__ import annotations

import numpy as np

from .camera import illumination_profile
from .slim import blur_by_aperture


def stain_images(
    drawn: list,
    shape: tuple[int, int],
    rng: np.random.Generator,
    *,
    pixel_size_um: float,
    time_h: float,
    blue_e: float,
    green_e: float,
    background_e: float,
    cytoplasm_e: float,
    blue_into_green: float,
    green_into_blue: float,
    live_green: float,
    bleaching_per_h: float,
    psf_um: float,
    haze_um: float,
    haze: float,
    defocus_blur: float,
    illumination_falloff: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Compute the expected photoelectrons of both stains over the simulated area.

    Parameters
    ----------
    drawn : list of (PlacedCell, place, CellImage)
        The cells of a frame with their windows.
    shape : tuple of int
        Pixels of the simulated area.
    rng : numpy.random.Generator
        Source of the background's unevenness.
    pixel_size_um, time_h : float
        Sampling and time since the first exposure of the film.
    blue_e, green_e : float
        Photoelectrons per um of DNA of the mean live (blue) and long dead (green) nucleus.
    background_e, cytoplasm_e : float
        Photoelectrons of the medium, and of a cell's body per um of optical path.
    blue_into_green, green_into_blue : float
        Cross-talk of the filter sets.
    live_green : float
        NucGreen in a live nucleus relative to a dead one.
    bleaching_per_h : float
        Rate at which both stains fade.
    psf_um, haze_um, haze : float
        Width of the focus, width and share of the light from out of focus.
    defocus_blur : float
        Width of the blur per um of defocus of a floating cell.
    illumination_falloff : float
        Loss of excitation at the corners.

    Returns
    -------
    blue, green : numpy.ndarray
        float64, shape `shape`.
    """
    focused = np.zeros((2, *shape))
    for cell, place, image in drawn:
        green = live_green + (1 - live_green) * cell.condition.uptake
        # A ruptured membrane lets more NucBlue in as well.
        light = np.stack([blue_e * (1 + 0.3 * cell.condition.uptake) * image.dna, green_e * green * image.dna])
        light += cytoplasm_e * image.path_um
        if cell.defocus_um:
            layer = np.zeros((2, *shape))
            layer[:, *place] = light
            focused += [blur_by_aperture(one, defocus_blur * cell.defocus_um / pixel_size_um) for one in layer]
        else:
            focused[:, *place] += light
    blurred = [
        (1 - haze) * blur_by_aperture(one, psf_um / pixel_size_um)
        + haze * blur_by_aperture(one, haze_um / pixel_size_um)
        for one in focused
    ]
    fading = np.exp(-bleaching_per_h * time_h)
    excitation = illumination_profile(shape, falloff=illumination_falloff, centre=(0.5, 0.5))
    slope = 1 + 0.15 * illumination_profile(shape, falloff=1.0, centre=tuple(rng.uniform(0, 1, 2)))
    blue, green = (fading * excitation * one + background_e * slope for one in blurred)
    return blue + green_into_blue * green, green + blue_into_green * blue
