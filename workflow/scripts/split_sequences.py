"""Write down which sequences of a cohort serve training, validation and test (paper: about 6:1:1)."""

from livedead.desk.rulelog import rule_log
from livedead.desk.split import split_rows
from livedead.desk.tables import write_table
from livedead.optics.stacks import stack_info

with rule_log(snakemake) as log:
    rows = split_rows(
        snakemake.params.sequences,
        snakemake.params.replicates,
        snakemake.params.sides,
        [stack_info(path).frames for path in snakemake.input.phases],
    )
    write_table(snakemake.output.table, rows)
    log.info("%d sequences", len(rows))
