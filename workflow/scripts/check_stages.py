"""Judge every stage by its numbers against the simulator's truth."""

from livedead.cells.stage_checks import CHECK_COLUMNS, judge_stages
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table, write_table

with rule_log(snakemake) as log:
    inputs, cohorts = snakemake.input, snakemake.params.cohorts
    rows = judge_stages(
        *([row for path in inputs[name] for row in read_table(path)] for name in ("frames", "quality", "sides")),
        scores=dict(zip(cohorts, map(read_table, inputs.scores), strict=True)),
        baselines=dict(zip(cohorts, map(read_table, inputs.baselines), strict=True)),
        limits=snakemake.params.limits,
    )
    write_table(snakemake.output.table, rows, CHECK_COLUMNS)
    log.info("%d checks, %d failed", len(rows), sum(row["passed"] is False for row in rows))
