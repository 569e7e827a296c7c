"""Judge the tracks of simulated films by their true identities."""

from livedead.cells.stage_checks import CHECK_COLUMNS
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table, write_table
from livedead.motion.track_truth import check_tracks

with rule_log(snakemake) as log:
    nuclei = [row for path in snakemake.input.nuclei for row in read_table(path)]
    rows = check_tracks(nuclei, snakemake.params.limits)
    write_table(snakemake.output.table, rows, CHECK_COLUMNS)
    log.info("%d checks, %d failed", len(rows), sum(row["passed"] is False for row in rows))
