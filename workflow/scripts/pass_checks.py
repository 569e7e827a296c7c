"""End the run with an error if a stage missed its threshold."""

from livedead.cells.stage_checks import refuse_failures
from livedead.desk.files import whole_file
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table

with rule_log(snakemake) as log:
    rows = read_table(snakemake.input.table)
    refuse_failures(rows)
    with whole_file(snakemake.output.passed) as passed:
        judged = [row for row in rows if row["passed"]]
        passed.write_text(f"{len(judged)} checks passed, {len(rows) - len(judged)} numbers are reported only\n")
