"""Lay out Table 1: the paper's values beside those of this run."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.pages import save_page
from livedead.paper.table1 import draw_table1

with rule_log(snakemake) as log:
    params = snakemake.params
    table, scores = read_table(snakemake.input.table), read_table(snakemake.input.scores)
    page = draw_table1(table, scores, cells=params.cells, cell_line=params.cell_line)
    save_page(page, snakemake.output)
    log.info(page.caption)
