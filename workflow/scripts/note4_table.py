"""Lay out what was called live and dead in cells stained after imaging (Supplementary Note 4)."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.notes import draw_note4
from livedead.paper.pages import save_page

with rule_log(snakemake) as log:
    params = snakemake.params
    matches = [row for path in snakemake.input.matches for row in read_table(path)]
    page = draw_note4(read_table(snakemake.input.scores), matches, params.sequences, cells=params.cells)
    save_page(page, snakemake.output)
    log.info(page.caption)
