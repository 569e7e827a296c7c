"""Lay out the pixel-wise table."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.pages import save_page
from livedead.paper.table1 import draw_pixel_table

with rule_log(snakemake) as log:
    page = draw_pixel_table(read_table(snakemake.input.table), cells=snakemake.params.cells)
    save_page(page, snakemake.output)
    log.info(page.caption)
