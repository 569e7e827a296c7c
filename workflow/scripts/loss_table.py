"""Lay out the losses: scores of trainings that differ in nothing else."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.figure2 import loss_words
from livedead.paper.note5 import draw_loss_table
from livedead.paper.pages import save_page

with rule_log(snakemake) as log:
    params = snakemake.params
    words = {name: loss_words(**loss) for name, loss in params.losses.items()}
    page = draw_loss_table(read_table(snakemake.input.table), words=words, cells=params.cells)
    save_page(page, snakemake.output)
    log.info(page.caption)
