"""Judge every stage by its numbers against the simulator's truth."""

from livedead.cells.stage_checks import CHECK_COLUMNS, judge_stages
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table, write_table

with rule_log(snakemake) as log:
    inputs, params = snakemake.input, snakemake.params
    rows = judge_stages(
        *([row for path in inputs[name] for row in read_table(path)] for name in ("frames", "quality", "sides")),
        scores=dict(zip(params.scored, map(read_table, inputs.scores), strict=True)),
        baselines=dict(zip(params.trained, map(read_table, inputs.baselines), strict=True)),
        limits=params.limits,
        cohort_limits=params.cohort_limits,
    )
    # What later stages found out about themselves.
    rows += [row for path in inputs.judged for row in read_table(path)]
    write_table(snakemake.output.table, rows, CHECK_COLUMNS)
    log.info("%d checks, %d failed", len(rows), sum(row["passed"] is False for row in rows))
