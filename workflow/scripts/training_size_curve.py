"""Draw the scores against the number of training images, from scratch and pre-trained."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.files import save_drawing
from livedead.paper.trainingsize import draw_training_size

with rule_log(snakemake) as log:
    params = snakemake.params
    rows = read_table(snakemake.input.table)
    drawing = draw_training_size(rows, pretraining=params.pretraining, cells=params.cells)
    save_drawing(drawing, snakemake.output)
    log.info(drawing.caption)
