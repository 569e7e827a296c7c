"""Videos 1 to 3: phase, prediction and, where there is one, the stain of a film, frame by frame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from .figure1 import Snapshot
from .marks import add_scale_bar, write_over
from .pages import SOURCES
from .panels import display_range, field_um, show_labels, show_phase, show_stains
from .style import BOTH_STAINS_COLOURS, STATE_COLOURS, in_style

TITLES = {
    "phase": "SLIM phase",
    "prediction": "prediction from the phase",
    "stain": "stain: NucBlue, NucGreen",
}
COLUMNS = ("sequence", "frame", "time_h", "live_nuclei", "dead_nuclei")

# Inches of a panel; with the figures' sizes of letters they stay readable at a third of a screen.
_PANEL_IN, _GAP_IN, _HEAD_IN, _FOOT_IN = 2.4, 0.05, 0.38, 0.26


# Nuclei fill a tenth of the field: with less of NucBlue cut off, the brightest would leave the others dark. Dead nuclei
# are few, and in a sparse field what leaks from NucBlue must not be taken for them.
_SHOWN = {
    "phase": {"tail": 0.002},
    "live": {"tail": 0.02, "floor": 0.5},
    "dead": {"tail": 0.001, "floor": 0.9},
}


class Movie:
    """A film as movie frames, each drawn when it is asked for; only one is in memory.

    Parameters
    ----------
    stacks : mapping of str to sequence
        ``phase``, ``labels`` (0 background, 1 live, 2 dead, predicted) and, both or none, ``live`` and ``dead``
        (the dyes): frames (1, Y, X) of the same field, the dyes at any sampling.
    nuclei : iterable of mappings
        Predicted nuclei with ``frame`` and ``state``.
    sequence : str
        Name of the film.
    times_h : sequence of float
        Time of every frame.
    pixel_size_um : float
        Side of a pixel of the phase map.
    panel_px : int
        Width of a panel in pixels of the movie.
    cells : {"simulated", "real", "mixed"}
        Where the images come from.
    rates : sequence of mappings
        Measured rates, see `livedead.net.speed`; empty where they are not shown.
    """

    def __init__(
        self,
        stacks: Mapping[str, Sequence[np.ndarray]],
        nuclei: Iterable[Mapping],
        *,
        sequence: str,
        times_h: Sequence[float],
        pixel_size_um: float,
        panel_px: int,
        cells: str,
        rates: Sequence[Mapping] = (),
    ):
        self.stacks, self.sequence, self.times_h, self.cells = stacks, sequence, times_h, cells
        self.panel_px, self.rates = panel_px, rates
        self.counts = Counter((nucleus["frame"], nucleus["state"]) for nucleus in nuclei)
        # One grey scale for the whole film, from its first, middle and last frame.
        shown = sorted({0, len(times_h) // 2, len(times_h) - 1})
        self.ranges = {
            name: display_range((stack[frame] for frame in shown), **_SHOWN[name])
            for name, stack in stacks.items()
            if name in _SHOWN
        }
        self.field = field_um(stacks["phase"][0].shape[-2:], pixel_size_um)

    def __len__(self) -> int:
        return len(self.times_h)

    def __iter__(self) -> Iterator[np.ndarray]:
        """Yield the frames as (Y, X, 3) uint8 RGB with even sides."""
        for frame, time_h in enumerate(self.times_h):
            images = {name: stack[frame][0] for name, stack in self.stacks.items()}
            yield self._draw(Snapshot(frame, time_h, **images))

    @property
    def rows(self) -> list[dict]:
        """Source data: one row per frame, with `COLUMNS`."""
        return [
            {
                "sequence": self.sequence,
                "frame": frame,
                "time_h": time_h,
                "live_nuclei": self.counts[frame, "live"],
                "dead_nuclei": self.counts[frame, "dead"],
            }
            for frame, time_h in enumerate(self.times_h)
        ]

    @property
    def poster_frame(self) -> int:
        """Number of the frame that shows most of both states, the earliest of equals."""
        return max(range(len(self)), key=lambda frame: min(self.counts[frame, state] for state in STATE_COLOURS))

    @property
    def caption(self) -> str:
        """One or two sentences with the numbers of this film."""
        first, last = self.rows[0], self.rows[-1]
        panels = "phase, prediction and stain" if "live" in self.stacks else "phase and prediction, without any stain"
        text = (
            f"Film {self.sequence} ({SOURCES[self.cells]}): {panels}; {len(self)} frames from {first['time_h']:.3g} h "
            f"to {last['time_h']:.3g} h, dead nuclei {_share(first)} at the start and {_share(last)} at the end."
        )
        return " ".join([text, *filter(None, [describe_rates(self.rates)])])

    @in_style
    def _draw(self, shot: Snapshot) -> np.ndarray:
        panels = [name for name in TITLES if name != "stain" or shot.live is not None]
        height_in = _PANEL_IN * self.field[0] / self.field[1]
        size = (len(panels) * (_PANEL_IN + _GAP_IN) + _GAP_IN, height_in + _HEAD_IN + _FOOT_IN)
        dpi = self.panel_px / _PANEL_IN
        # yuv420p halves the colours, so both sides must be even.
        size_px = [2 * round(side * dpi / 2) for side in size]
        figure = Figure(figsize=[side / dpi for side in size_px], dpi=dpi)
        for number, name in enumerate(panels):
            left = _GAP_IN + number * (_PANEL_IN + _GAP_IN)
            axes = figure.add_axes(
                (left / size[0], _FOOT_IN / size[1], _PANEL_IN / size[0], height_in / size[1]), aspect="auto"
            )
            axes.set_title(TITLES[name], loc="left", pad=2.5)
            self._show(axes, name, shot)
        self._label(figure, size)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        return np.asarray(canvas.buffer_rgba())[: size_px[1], : size_px[0], :3]

    def _show(self, axes: Axes, name: str, shot: Snapshot) -> None:
        if name == "phase":
            show_phase(axes, shot.phase, self.field, self.ranges["phase"])
            write_over(axes, f"{shot.time_h:.1f} h", self.field)
            add_scale_bar(axes, self.field)
        elif name == "prediction":
            show_labels(axes, shot.labels, self.field, shot.phase, self.ranges["phase"])
            live, dead = (self.counts[shot.frame, state] for state in STATE_COLOURS)
            write_over(axes, f"{live} live, {dead} dead", self.field)
        else:
            show_stains(axes, shot.live, shot.dead, self.field, (self.ranges["live"], self.ranges["dead"]))

    def _label(self, figure: Figure, size: tuple[float, float]) -> None:
        look = {"fontsize": 6.5, "va": "center"}
        head, foot, left = 1 - 0.11 / size[1], _FOOT_IN / 2 / size[1], _GAP_IN / size[0]
        figure.text(left, head, f"{self.sequence}, {SOURCES[self.cells]}", fontweight="bold", **look)
        figure.text(1 - left, head, measured_rate(self.rates), ha="right", **look)
        handles = [Patch(color=colour, label=state) for state, colour in STATE_COLOURS.items()]
        if "live" in self.stacks:
            blue, green = (np.array(to_rgb(colour)) for colour in BOTH_STAINS_COLOURS.values())
            handles.append(Patch(color=blue, label="NucBlue alone: live"))
            handles.append(Patch(color=np.clip(blue + green, 0, 1), label="with NucGreen: dead"))
        figure.legend(
            handles=handles, loc="center left", bbox_to_anchor=(left, foot), ncols=4, borderpad=0, borderaxespad=0
        )


def measured_rate(rates: Sequence[Mapping]) -> str:
    """Say in a few words how fast a live view would run; nothing where it was not measured.

    Parameters
    ----------
    rates : sequence of mappings
        Rows with ``step`` (retrieval, network, both), ``ms_per_frame`` and ``frames_per_second``.

    Returns
    -------
    str

    Examples
    --------
    >>> measured_rate([{"step": "both", "ms_per_frame": 80.0, "frames_per_second": 12.5}])
    'measured: 12.5 frames/s (80 ms per frame)'
    """
    both = (row for row in rates if row["step"] == "both")
    told = (f"{row['frames_per_second']:.3g} frames/s ({row['ms_per_frame']:.3g} ms per frame)" for row in both)
    return "".join(f"measured: {text}" for text in told)


def describe_rates(rates: Sequence[Mapping]) -> str:
    """Tell the measured rates in one sentence; nothing where there are none.

    Parameters
    ----------
    rates : sequence of mappings
        Rows of `livedead.net.speed.measure_frame_rate`.

    Returns
    -------
    str
    """
    if not rates:
        return ""
    step = {row["step"]: row for row in rates}
    row = step["both"]
    return (
        f"Measured in this run: {step['retrieval']['ms_per_frame']:.3g} ms for the phase, unwrapping included, and "
        f"{step['network']['ms_per_frame']:.3g} ms for the network per frame of {row['height_px']} x {row['width_px']} "
        f"pixels, together {row['frames_per_second']:.3g} frames per second (median of {row['frames']} frames, "
        f"{row['network']} on {row['device']}, {row['threads']} thread{'s' * (row['threads'] > 1)})."
    )


def _share(row: Mapping) -> str:
    dead = row["dead_nuclei"]
    return f"{dead} of {row['live_nuclei'] + dead}"
