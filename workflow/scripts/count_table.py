"""Lay out what went into every stage, came out and was dropped."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.countstable import draw_counts
from livedead.paper.pages import save_page

with rule_log(snakemake) as log:
    page = draw_counts(read_table(snakemake.input.counts))
    save_page(page, snakemake.output)
    log.info(page.caption)
