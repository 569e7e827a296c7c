"""What holds for a whole film: its phase shifts, and the unscattered light of frames too full to show it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from ..desk.errors import DataError, ImageError
from .counts import check_counts
from .retrieval import LEAST_CELL_FREE, cell_free_mask, coarse_means, frame_gains, unscattered_intensity
from .slim_shifts import estimate_shifts

# In a crowded field fringes, halos included, cover at least this part. An empty one has no texture to tell cells by,
# and little of it may look free.
_FULL, _FRINGES = 0.3, 0.1
# Time points from which shifts are found; they are fixed in a film, and a few hold cells enough.
SHIFT_FRAMES = 5
# Time points of a live view, the last ones, whose light a crowded one borrows: it may run for weeks.
MOST_LIGHTS = 200


class FilmCalibration:
    """Shifts and unscattered light of a film, found when they are first asked for.

    Parameters
    ----------
    raw : sequence of numpy.ndarray or None
        Camera counts of every time point, each (N, Y, X); read again where a frame needs the others. None where
        they come one by one: then every one is shown by `see` before it is worked on.
    dark : numpy.ndarray
        Dark level, as `counts.dark_level` gives it.
    settings : dict
        Section `phase` of the configuration.
    """

    def __init__(self, raw: Sequence[np.ndarray] | None, dark: np.ndarray, settings: dict):
        self.raw, self.dark, self.settings = raw, dark, settings
        number, shifts = len(settings["frame_order"]), settings["shifts_deg"]
        #: Dark planes (Y, X) or (1, 1) under the frames in the order of their shifts.
        self.dark_planes = tuple(dark[place if len(dark) > 1 else 0] for place in settings["frame_order"])
        self._coarse_dark = coarse_means(self.dark_planes) if dark[0].size > 1 else dark
        found = shifts == "estimate"
        #: Shifts as set; evenly over the circle where they are to be found.
        self.nominal_rad = np.radians(np.arange(number) * 360 / number if found else np.array(shifts, float))
        self._shifts = None if found else self.nominal_rad
        self._light: np.ndarray | None = None
        self._searched = False
        self._room = np.empty((2, 0, 0), np.float32)
        self._lights: deque[np.ndarray] = deque(maxlen=MOST_LIGHTS)

    @property
    def shifts_rad(self) -> np.ndarray:
        """Shift of every frame, float64 (N,), rad; those as set as long as there is nothing to find them in."""
        if self._shifts is None:
            if self.raw is None:
                return self.nominal_rad
            chosen = np.unique(np.linspace(0, len(self.raw) - 1, SHIFT_FRAMES).round().astype(int))
            self._shifts = estimate_shifts((self._checked(self.raw[int(frame)]) for frame in chosen), self.nominal_rad)
        return self._shifts

    def see(self, counts: np.ndarray) -> None:
        """Find the shifts in a time point that comes alone, (N, Y, X), where they are not known yet."""
        if self._shifts is None and self.raw is None:
            self._shifts = estimate_shifts([self._checked(counts)], self.nominal_rad)

    def planes(self, counts: np.ndarray) -> tuple[np.ndarray, ...]:
        """Put the frames (Y, X) in the order of their shifts, as the kernels take them; nothing is copied."""
        dtype = np.uint16 if counts.dtype.kind == "u" and counts.dtype.itemsize <= 2 else np.float32
        return tuple(np.ascontiguousarray(counts[place], dtype) for place in self.settings["frame_order"])

    def coarse(self, counts: np.ndarray) -> np.ndarray:
        """Frames in the order of their shifts on the coarse grid, float32, without the dark level."""
        means = coarse_means(self.planes(counts))
        means -= self._coarse_dark
        return means

    def room(self, shape: tuple[int, int]) -> np.ndarray:
        """Give two fields to write to, float32 (2, Y, X), the same for every time point: fresh memory takes time."""
        if self._room.shape[1:] != shape:
            self._room = np.empty((2, *shape), np.float32)
        return self._room

    def ordered(self, counts: np.ndarray) -> np.ndarray:
        """Frames in the order of their shifts, float32, without the dark level."""
        if self.dark.shape[0] == 1:
            # One plane for all: no copy of the counts as floats before they are in order.
            return counts[self.settings["frame_order"]].astype(np.float32) - self.dark
        return (counts.astype(np.float32) - self.dark)[self.settings["frame_order"]]

    def unscattered(self, coarse: np.ndarray, cell_free: np.ndarray) -> tuple[np.ndarray, set[str]]:
        """Unscattered light of a frame: given, its own, or where it is too full that of the film.

        Parameters
        ----------
        coarse : numpy.ndarray
            Balanced frames in order on the coarse grid.
        cell_free : numpy.ndarray
            Their coarse mask.

        Returns
        -------
        coefficients : numpy.ndarray
            For `retrieval.illumination`.
        warnings : set of str
            ``crowded`` or ``borrowed_light``, or nothing.

        Raises
        ------
        DataError
            If neither the frame nor the film has cell-free pixels to calibrate on.
        """
        crowded = not self._enough(cell_free) and _is_full(coarse)
        if self.settings["unscattered_adu"] != "auto":
            return np.array([self.settings["unscattered_adu"]], float), {"crowded"} if crowded else set()
        if not crowded:
            own = self._own(coarse, cell_free)
            if self.raw is None and self._enough(cell_free):
                self._lights.append(own)
            return own, set()
        light = np.median(self._lights, axis=0) if self._lights else self._light_of_film()
        if light is not None:
            return light, {"borrowed_light"}
        return self._own(coarse, cell_free), {"crowded"}

    def check(self, counts: np.ndarray) -> np.ndarray:
        """Refuse what is no set of interferograms, and give the rows' largest counts, see `counts.check_counts`."""
        return check_counts(counts, self.dark, frames=len(self.settings["frame_order"]))

    def _checked(self, counts: np.ndarray) -> np.ndarray:
        self.check(counts)
        return self.ordered(counts)

    def _own(self, coarse: np.ndarray, cell_free: np.ndarray) -> np.ndarray:
        model = self.settings["illumination"]
        return unscattered_intensity(coarse, cell_free, model=model, shifts_rad=self.shifts_rad)

    def _enough(self, cell_free: np.ndarray) -> bool:
        return cell_free.mean() >= self.settings["min_cell_free_fraction"] and cell_free.sum() >= LEAST_CELL_FREE

    def _light_of_film(self) -> np.ndarray | None:
        """Median over the frames that have cell-free pixels enough, sought once; nothing where none has."""
        if not self._searched and self.raw is not None:
            self._light, self._searched = self._median_light(), True
        return self._light

    def _median_light(self) -> np.ndarray | None:
        found = []
        for counts in self.raw:
            try:
                self.check(counts)
            except (DataError, ImageError):
                # Its own turn says what is wrong with it.
                continue
            coarse = self.coarse(counts)
            cell_free = cell_free_mask(coarse, self.shifts_rad)
            if self._enough(cell_free):
                gains = frame_gains(coarse, cell_free, self.shifts_rad)
                found.append(self._own(coarse * gains[:, None, None], cell_free))
        return np.median(found, axis=0) if found else None


def _is_full(coarse: np.ndarray) -> bool:
    return bool((coarse.std(0) * np.sqrt(2) > _FRINGES * coarse.mean()).mean() > _FULL)
