"""Lay out how many nuclei of each arm and well were kept and lost."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.growthtables import draw_arms
from livedead.paper.pages import save_page

with rule_log(snakemake) as log:
    page = draw_arms(read_table(snakemake.input.arms), cells=snakemake.params.cells)
    save_page(page, snakemake.output)
    log.info(page.caption)
