"""Describe and flag every image of a sequence before its nuclei are counted."""

from livedead.cells.plate_quality import QUALITY_COLUMNS, judge_frames
from livedead.cells.tables import frame_times_h
from livedead.desk.model_folder import read_card
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table, write_table
from livedead.optics.stacks import read_frames

with rule_log(snakemake) as log:
    source, params, phase = snakemake.input, snakemake.params, read_frames(snakemake.input.phase)
    frames = judge_frames(
        phase,
        read_table(source.nuclei),
        [row for path in source.retrieval for row in read_table(path)],
        read_card(source.card),
        sequence=snakemake.wildcards.sequence,
        times_h=frame_times_h(len(phase), params.row["start_h"], params.row["frame_interval_min"]),
        pixel_size_um=phase.info.pixel_size_um,
        channel=phase.info.channels[0],
        **params.settings,
    )
    write_table(snakemake.output.quality, frames, QUALITY_COLUMNS)
    log.info("%d of %d images flagged", sum(frame["flagged"] for frame in frames), len(frames))
