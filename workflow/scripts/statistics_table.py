"""Lay out the intervals in which stained and unstained cells differ, and the models beside them."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.growthtables import draw_statistics
from livedead.paper.pages import save_page

with rule_log(snakemake) as log:
    intervals, models = (read_table(path) for path in (snakemake.input.intervals, snakemake.input.models))
    page = draw_statistics(intervals, models, cells=snakemake.params.cells)
    save_page(page, snakemake.output)
    log.info(page.caption)
