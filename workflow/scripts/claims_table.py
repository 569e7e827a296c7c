"""Lay out the verdict on every number of the paper."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.claimstable import draw_claims
from livedead.paper.pages import save_page

with rule_log(snakemake) as log:
    page = draw_claims(read_table(snakemake.input.claims))
    save_page(page, snakemake.output)
    log.info(page.caption)
