"""Draw the dead fraction of single images against the time index in their names."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.files import save_drawing
from livedead.paper.image_trend import draw_image_trend

with rule_log(snakemake) as log:
    drawing = draw_image_trend(*map(read_table, snakemake.input), cells="real")
    save_drawing(drawing, snakemake.output)
    log.info(drawing.caption)
