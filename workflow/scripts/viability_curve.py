"""Draw the dead fraction of the test sequences against time, by truth and by prediction."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.files import save_drawing
from livedead.paper.viability import ORIGINS, count_viability, draw_viability

with rule_log(snakemake) as log:
    rows = [
        row
        for origin in ORIGINS
        for name, path in zip(snakemake.params.sequences, snakemake.input[origin], strict=True)
        for row in count_viability(read_table(path), name, origin)
    ]
    drawing = draw_viability(rows, cells=snakemake.params.cells)
    save_drawing(drawing, snakemake.output)
    log.info(drawing.caption)
