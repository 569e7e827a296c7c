"""Lay out the scores of the nuclei by confluence."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.confluencetable import draw_confluence
from livedead.paper.pages import save_page

with rule_log(snakemake) as log:
    table, (test,) = (read_table(path) for path in (snakemake.input.table, snakemake.input.test))
    page = draw_confluence(table, test, cells=snakemake.params.cells)
    save_page(page, snakemake.output)
    log.info(page.caption)
