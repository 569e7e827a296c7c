"""Score the nuclei of all test sequences of a cohort."""

from livedead.cells.calibration import RELIABILITY_COLUMNS, reliability
from livedead.cells.scores import score_rows
from livedead.cells.table1 import paper_table
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table, write_table

with rule_log(snakemake) as log:
    output, params = snakemake.output, snakemake.params
    matches = [row for path in snakemake.input.matches for row in read_table(path)]
    spurious = [row for path in snakemake.input.spurious for row in read_table(path)]
    scores = score_rows(matches, spurious, params.sequences, seed=params.seed, **params.settings)
    write_table(output.scores, [row | {"data": params.data} for row in scores])
    write_table(output.table, paper_table(scores, params.cell_line, params.data))
    softmax = ([row[name] for row in matches] for name in ("p_live", "p_dead"))
    bins = reliability(*softmax, [row["true_state"] == "dead" for row in matches])
    write_table(output.calibration, bins, RELIABILITY_COLUMNS)
