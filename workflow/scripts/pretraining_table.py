"""Lay out training from scratch beside training from a pre-trained encoder."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.note5 import draw_pretraining_table
from livedead.paper.pages import save_page

with rule_log(snakemake) as log:
    params = snakemake.params
    page = draw_pretraining_table(read_table(snakemake.input.table), pretraining=params.pretraining, cells=params.cells)
    save_page(page, snakemake.output)
    log.info(page.caption)
