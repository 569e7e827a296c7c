"""Lay out the stage checks."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.pages import save_page
from livedead.paper.stagechecks import draw_stage_checks

with rule_log(snakemake) as log:
    page = draw_stage_checks(read_table(snakemake.input.checks))
    save_page(page, snakemake.output)
    log.info(page.caption)
