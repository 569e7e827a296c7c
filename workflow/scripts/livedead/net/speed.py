"""How fast interferograms become a live/dead map: the rate of a live view on this machine."""

import platform
from statistics import median
from time import perf_counter

from ..desk.errors import DataError
from ..optics.film_retrieval import FilmRetrieval
from .channels import label_map
from .determinism import device
from .inference import predict_probability

FRAME_RATE_COLUMNS = (
    "step",
    "frames",
    "ms_per_frame",
    "slowest_ms",
    "frames_per_second",
    "camera_height_px",
    "camera_width_px",
    "height_px",
    "width_px",
    "network",
    "device",
    "threads",
)


def measure_frame_rate(
    model, raw, *, phase_settings, scaling, window, warm_up_frames, threads, background=(), clock=perf_counter
):
    """Time phase retrieval and network for every frame of a film, one frame at a time as in a live view.

    Reading the film is not counted: in a live view its frames come from the camera. The first frame is worked
    through `warm_up_frames` times before anything counts, since a network is set up at its first image.

    Parameters
    ----------
    model : keras.Model
        E-U-Net.
    raw : iterable of numpy.ndarray
        Camera counts (4, height, width), one array per time point.
    phase_settings : dict
        Section `phase` of the configuration.
    scaling, window : str, tuple of float
        Input scaling the network was trained with, see `inputs.scale_phase`.
    warm_up_frames : int
        Passes over the first frame that do not count.
    threads : int
        CPU threads the model was restored with.
    background : sequence of numpy.ndarray
        The stack of the camera's background frame, or nothing.
    clock : callable
        Gives seconds.

    Returns
    -------
    list of dict
        One row per step with `FRAME_RATE_COLUMNS`: retrieval (interferograms to phase map), network (phase map
        to live/dead map) and both; ms_per_frame is the median over the frames, frames_per_second its inverse.

    Raises
    ------
    DataError
        If the film has no frame.
    """
    spent = {"retrieval": [], "network": [], "both": []}
    retrieve = FilmRetrieval(phase_settings, wavelength_nm=1.0, background=background)
    labels = None
    for counts in raw:
        # Only before the first timed frame is there anything to warm up.
        for counted in [True] if spent["both"] else [False] * warm_up_frames + [True]:
            start = clock()
            phase = retrieve(counts)[0]
            retrieved = clock()
            labels = [label_map(p) for p in predict_probability(model, [phase], scaling, window, batch_size=1)][0]
            end = clock()
            if counted:
                for step, seconds in zip(spent, (retrieved - start, end - retrieved, end - start), strict=True):
                    spent[step].append(1000 * seconds)
        camera_px = counts.shape[-2:]
    if labels is None:
        raise DataError("The film to time has no frame; wanted at least one.")
    place = {
        "camera_height_px": camera_px[0],
        "camera_width_px": camera_px[1],
        "height_px": labels.shape[0],
        "width_px": labels.shape[1],
        "network": model.name,
        "device": f"{device()} ({platform.machine()})",
        "threads": threads,
    }
    return [
        {
            "step": step,
            "frames": len(times),
            "ms_per_frame": median(times),
            "slowest_ms": max(times),
            "frames_per_second": 1000 / median(times),
            **place,
        }
        for step, times in spent.items()
    ]
