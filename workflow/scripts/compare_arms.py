"""Compare growth and survival of the stained and unstained cells of a cohort."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table, write_table
from livedead.motion.compared import TABLES, compare_arms

with rule_log(snakemake) as log:
    params = snakemake.params
    tracks, lives = (
        [row for path in snakemake.input[name] for row in read_table(path)] for name in ("tracks", "lives")
    )
    tables = compare_arms(params.films, tracks, lives, params.settings, data=params.data, seed=params.seed)
    for name, columns in TABLES.items():
        write_table(snakemake.output[name], tables[name], columns)
    for row in tables["headline"]:
        log.info("%s = %s %s", row["quantity"], row["value"], row["unit"])
