"""Draw phase, truth and prediction of test frames, with arrows at wrong nuclei (Fig. 3)."""

from livedead.cells.tables import frame_times_h
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.optics.stacks import read_frames
from livedead.paper.figure3 import ScoredFrame, draw_figure3
from livedead.paper.files import save_drawing
from livedead.paper.times import spread_frames

with rule_log(snakemake) as log:
    params, shots = snakemake.params, []
    names = ("phase", "truth", "predicted")
    stacks = {n: dict(zip(params.sequences, map(read_frames, snakemake.input[n]), strict=True)) for n in names}
    tables = dict(zip(params.sequences, map(read_table, snakemake.input.matches), strict=True))
    for name, frame in spread_frames({name: len(stack) for name, stack in stacks["phase"].items()}, params.frames):
        info = stacks["phase"][name].info
        time_h = frame_times_h(info.frames, params.start_h[name], info.frame_interval_min)[frame]
        images = [stacks[kind][name][frame][0] for kind in names]
        shots.append(ScoredFrame(name, frame, time_h, *images, tables[name], info.pixel_size_um))
    drawing = draw_figure3(shots, phase_label=info.channels[0], cells=params.cells)
    save_drawing(drawing, snakemake.output)
    log.info(drawing.caption)
