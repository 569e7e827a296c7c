"""Draw the live fraction of a plate's wells against time."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.files import save_drawing
from livedead.paper.platecurve import draw_plate

with rule_log(snakemake) as log:
    drawing = draw_plate(read_table(snakemake.input.viability), **snakemake.params.look)
    save_drawing(drawing, snakemake.output)
    log.info(drawing.caption)
