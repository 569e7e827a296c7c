"""End the run with an error if a stage missed its threshold."""

from livedead.cells.stage_checks import refuse_failures
from livedead.desk.files import whole_file
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table

with rule_log(snakemake) as log:
    rows = read_table(snakemake.input.table)
    refuse_failures(rows)
    with whole_file(snakemake.output.passed) as passed:
        passed.write_text(f"{sum(row['passed'] is True for row in rows)} of {len(rows)} numbers had to pass and did\n")
