"""Draw phase, truth and prediction of one test film at the paper's times (Fig. 4)."""

from livedead.cells.tables import frame_times_h
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.optics.stacks import read_frames
from livedead.paper.figure3 import ScoredFrame, draw_figure3
from livedead.paper.files import save_drawing
from livedead.paper.times import nearest_frames

with rule_log(snakemake) as log:
    files, params, shots = snakemake.input, snakemake.params, []
    stacks = [read_frames(path) for path in (files.phase, files.truth, files.predicted)]
    info, matches = stacks[0].info, read_table(files.matches)
    times_h = frame_times_h(info.frames, params.start_h, info.frame_interval_min)
    for frame in nearest_frames(times_h, params.times_h):
        images = [stack[frame][0] for stack in stacks]
        shots.append(ScoredFrame(params.sequence, frame, times_h[frame], *images, matches, info.pixel_size_um))
    drawing = draw_figure3(shots, phase_label=info.channels[0], cells=params.cells)
    save_drawing(drawing, snakemake.output)
    log.info(drawing.caption)
