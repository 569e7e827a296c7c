"""Draw training and validation loss against epoch (Fig. 2d)."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.figure2 import draw_figure2, loss_words
from livedead.paper.files import save_drawing

with rule_log(snakemake) as log:
    params = snakemake.params
    history = read_table(snakemake.input.history)
    drawing = draw_figure2(history, encoder=params.encoder, loss=loss_words(**params.loss), cells=params.cells)
    save_drawing(drawing, snakemake.output)
    log.info(drawing.caption)
