"""Draw the quality numbers of the phase maps of a cohort."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.files import save_drawing
from livedead.paper.phasequality import draw_phase_quality

with rule_log(snakemake) as log:
    frames = dict(zip(snakemake.params.sequences, map(read_table, snakemake.input.quality), strict=True))
    drawing = draw_phase_quality(frames, cells=snakemake.params.cells)
    save_drawing(drawing, snakemake.output)
    log.info(drawing.caption)
