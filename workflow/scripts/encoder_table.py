"""Lay out the encoders: size, work, time and scores."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.note5 import draw_encoder_table
from livedead.paper.pages import save_page

with rule_log(snakemake) as log:
    source = snakemake.input
    page = draw_encoder_table(read_table(source.table), read_table(source.costs), cells=snakemake.params.cells)
    save_page(page, snakemake.output)
    log.info(page.caption)
