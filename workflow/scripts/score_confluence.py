"""Score the nuclei of the test sequences of each confluence, and test whether the scores differ."""

from livedead.cells.confluence import COLUMNS, TEST_COLUMNS, confluence_rows, confluence_test
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table, write_table

with rule_log(snakemake) as log:
    params = snakemake.params
    matches = [row for path in snakemake.input.matches for row in read_table(path)]
    spurious = [row for path in snakemake.input.spurious for row in read_table(path)]
    films = (matches, spurious, params.confluences)
    rows = confluence_rows(*films, seed=params.seed, **params.settings)
    test = confluence_test(*films, resamples=params.settings["bootstrap_resamples"], seed=params.seed)
    write_table(snakemake.output.table, [row | {"data": params.data} for row in rows], COLUMNS)
    write_table(snakemake.output.test, [test | {"data": params.data}], TEST_COLUMNS)
    log.info("mean F1 differs by %s between confluences, p = %s: %s", test["value"], test["p"], test["note"])
