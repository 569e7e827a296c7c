"""Score the pixels of all test sequences of a cohort."""

from livedead.cells.pixels import pixel_scores, sum_pixel_rows
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table, write_table

with rule_log(snakemake) as log:
    counts = sum_pixel_rows(row for path in snakemake.input.pixels for row in read_table(path))
    rows = [row | {"data": snakemake.params.data} for row in pixel_scores(counts)]
    write_table(snakemake.output.table, rows)
