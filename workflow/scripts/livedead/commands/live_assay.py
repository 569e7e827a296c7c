"""From the files of one time point to its counts: what the stages phase, predict and viability do, in one process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from ..cells.live_counts import count_time_point, draw_time_point
from ..desk.errors import ImageError, ModelError, SettingsError
from ..desk.model_folder import CARD, WEIGHTS, read_card
from ..optics.file_scale import check_scale
from ..optics.film_retrieval import FilmRetrieval
from ..optics.image_source import image_source
from ..optics.stacks import read_frames, read_stack


class Retrieved(NamedTuple):
    """A time point whose phase is retrieved: numpy array (1, Y, X), its quality, and the time it took in ms."""

    phase: Any
    quality: dict[str, Any]
    took_ms: float


class Seen(NamedTuple):
    """A time point that was counted: numpy arrays (1, Y, X) of phase and labels, and its nuclei."""

    phase: Any
    labels: Any
    nuclei: list[dict]


class LiveAssay:
    """Retrieval, network and counting, set up once.

    Parameters
    ----------
    model : path
        Folder of a network.
    settings : mapping
        Sections `phase`, `predict` and `viability` of the configuration.
    pixel_size_um : float
        Side of a camera pixel in the sample.
    threads : int
        CPU threads of the network.

    Raises
    ------
    LiveDeadError
        The network does not fit its card or these pixels, or the camera's background frame cannot be used.
    """

    def __init__(self, model: Path, settings: Mapping[str, Mapping], pixel_size_um: float, threads: int):
        # Keras takes seconds to load, and is not wanted for a message about the command line.
        from ..net.engines import make_predictor
        from ..net.resampling import pixel_ratio

        phase, predict, viability = (settings[name] for name in ("phase", "predict", "viability"))
        self._card = read_card(model / CARD)
        self._frames = len(phase["frame_order"])
        self._simulated: bool | None = None
        self._scale = {"row": {"pixel_size_um": pixel_size_um}, "mismatch": phase["metadata_mismatch"]}
        self._scale_held = False
        self._pixel_um = pixel_size_um * phase["downsample"]
        self._ratio = pixel_ratio(self._card.get("pixel_size_um"), self._pixel_um, predict["resample"])
        background = [read_stack(path) for path in [phase["background_frame"]] if path]
        # The wavelength scales only a number that is not shown here.
        self._retrieve = FilmRetrieval(dict(phase), 1.0, background)
        self._model = make_predictor(self._card, model / WEIGHTS, threads, predict)
        if self._card["settings"]["input_scaling"] == "window" and self._card.get("phase_unit") == "grey":
            raise ModelError(
                f"{model}: this network learned grey images in a fixed window, and retrieved phase is in rad; wanted a "
                "model with input_scaling per_image, or one that learned rad"
            )
        self._nuclei = {key: predict[key] for key in ("min_area_um2", "split_distance_um")}
        self._uncertain_below = viability["uncertain_below"]
        self._counting = {
            "quality": {key: viability[key] for key in ("range_margin", "nucleus_area_um2")}
            | {"max_saturated_fraction": phase["max_saturated_fraction"]},
            "uncertain_below": self._uncertain_below,
            "confidence": viability["confidence"],
        }

    def read(self, paths: Sequence[Path]) -> Any:
        """Read the camera counts of a time point.

        Parameters
        ----------
        paths : sequence of path
            One file of all frames, or one file for every frame in their order.

        Returns
        -------
        numpy.ndarray
            (N, Y, X).

        Raises
        ------
        ImageError
            A file cannot be read, or holds something else.
        SettingsError
            The first file states another pixel size, looked up once: one experiment has one objective.
        """
        film = read_frames(paths, self._frames, len(paths))
        counts = film[0]
        if not self._scale_held:
            try:
                check_scale(film, **self._scale, place="the command")
            except ImageError as error:
                # Not the fault of this time point: every one would be counted with wrong areas.
                raise SettingsError(str(error)) from None
            self._scale_held = True
        return counts

    def origin(self, path: Path) -> str | None:
        """Say `simulated` of a file that says so itself, looked up once: all of an experiment come from one source."""
        if self._simulated is None:
            self._simulated = image_source(path, one_of_many=True).simulated
        return "simulated" if self._simulated else None

    def retrieve(self, counts: Any) -> Retrieved:
        """Retrieve the phase of a time point, one after the other: crowded ones need what came before them.

        Parameters
        ----------
        counts : numpy.ndarray
            Of `read`.

        Returns
        -------
        Retrieved
            For `count`.

        Raises
        ------
        ImageError, DataError
            The counts are no set of interferograms, or cannot be calibrated.
        """
        start = perf_counter()
        phase, quality = self._retrieve(counts)
        return Retrieved(phase[None], quality, 1000 * (perf_counter() - start))

    def count(self, retrieved: Retrieved) -> tuple[dict[str, Any], Seen]:
        """Predict a phase and count its nuclei.

        Parameters
        ----------
        retrieved : Retrieved
            Of `retrieve`.

        Returns
        -------
        row : dict
            Of `livedead.cells.live_counts.LIVE_COLUMNS` what the image tells, and times in ms.
        seen : Seen
            For `draw`.
        """
        from ..net.channels import CHANNELS, stored_labels
        from ..net.inference import predict_stack

        phase, quality, retrieval_ms = retrieved
        start = perf_counter()
        # Rounded to bytes as in the files of the stage predict, so that the counts are the same.
        [probability] = predict_stack(self._model, [phase], self._card["settings"], 1, self._ratio)
        labels = stored_labels(probability)
        predicted = perf_counter()
        found, nuclei = count_time_point(
            phase,
            labels,
            probability,
            quality,
            self._card,
            channels=CHANNELS,
            pixel_size_um=self._pixel_um,
            nuclei=self._nuclei,
            **self._counting,
        )
        spent = {
            "retrieval_ms": retrieval_ms,
            "prediction_ms": 1000 * (predicted - start),
            "counting_ms": 1000 * (perf_counter() - predicted),
        }
        return found | spent, Seen(phase, labels, nuclei)

    def draw(self, seen: Seen) -> Any:
        """Draw a time point, see `livedead.cells.live_counts.draw_time_point`."""
        return draw_time_point(
            *seen, uncertain_below=self._uncertain_below, pixel_size_um=self._pixel_um, **self._nuclei
        )


def made_with(model: Path, *given: object) -> str:
    """Name in one word what rows depend on.

    Parameters
    ----------
    model : path
        Folder of a network.
    *given
        Settings, as JSON can write them.

    Returns
    -------
    str
        16 hexadecimal digits that change with the weights, the card and the settings.
    """
    digest = hashlib.sha256(json.dumps(given, sort_keys=True).encode())
    for name in (CARD, WEIGHTS):
        with (model / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]
