"""Hold the windows of difference between the arms against those of the simulated cells."""

from livedead.cells.stage_checks import CHECK_COLUMNS
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table, write_table
from livedead.motion.windows import judge_windows

with rule_log(snakemake) as log:
    files, params = snakemake.input, snakemake.params
    tables = zip(params.cohorts, map(read_table, files.intervals), map(read_table, files.comparison), strict=True)
    rows = [
        row
        for cohort, *found in tables
        for row in judge_windows(cohort, *found, params.swelling[cohort], params.limits[cohort], params.levels[cohort])
    ]
    write_table(snakemake.output.table, rows, CHECK_COLUMNS)
    log.info("%d checks, %d failed", len(rows), sum(row["passed"] is False for row in rows))
