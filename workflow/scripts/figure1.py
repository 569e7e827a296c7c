"""Draw phase, dyes and viability of one sequence at a few times (Fig. 1b-e)."""

from livedead.cells.tables import frame_times_h
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.optics.stacks import read_frames
from livedead.paper.figure1 import Snapshot, draw_figure1
from livedead.paper.files import save_drawing
from livedead.paper.times import nearest_frames

with rule_log(snakemake) as log:
    files, params = snakemake.input, snakemake.params
    phase = read_frames(files.phase)
    stacks = {name: read_frames(files[name], channels=1) for name in ("phase", "labels", "live", "dead") if files[name]}
    times_h = frame_times_h(len(phase), params.start_h, phase.info.frame_interval_min)
    snapshots = [
        Snapshot(frame, times_h[frame], **{name: stack[frame][0] for name, stack in stacks.items()})
        for frame in nearest_frames(times_h, params.times_h)
    ]
    look = {"pixel_size_um": phase.info.pixel_size_um, "phase_label": phase.info.channels[0], "cells": params.cells}
    drawing = draw_figure1(params.sequence, snapshots, read_table(files.nuclei), **look)
    save_drawing(drawing, snakemake.output)
    log.info(drawing.caption)
