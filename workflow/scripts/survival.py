"""Draw the part of stained and unstained cells alive against time."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.files import save_drawing
from livedead.paper.survival import draw_survival

with rule_log(snakemake) as log:
    tables = [read_table(path) for path in (snakemake.input.survival, snakemake.input.models)]
    drawing = draw_survival(*tables, cells=snakemake.params.cells)
    save_drawing(drawing, snakemake.output)
    log.info(drawing.caption)
