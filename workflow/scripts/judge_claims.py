"""Judge every number of the paper by what this run gave."""

from livedead.desk.claims import COLUMNS, count_verdicts, judge_claims
from livedead.desk.evidence import KINDS, read_evidence
from livedead.desk.measurements import MEASUREMENTS
from livedead.desk.paper_numbers import read_paper_numbers
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import write_table

with rule_log(snakemake) as log:
    files = snakemake.input
    evidence = read_evidence(files.images, {kind: files[kind] for kind in KINDS})
    rows = judge_claims(read_paper_numbers(files.numbers, MEASUREMENTS), evidence, MEASUREMENTS)
    write_table(snakemake.output.table, rows, COLUMNS)
    log.info("%d numbers of the paper: %s", len(rows), count_verdicts(rows))
