"""Put the variants of a comparison side by side."""

import json
from pathlib import Path

from livedead.cells.variants import VARIANT_COLUMNS, comparison_rows
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table, write_table

with rule_log(snakemake):
    source = snakemake.input
    cards = [json.loads(Path(path).read_text(encoding="utf-8")) for path in source.cards]
    tables = ([read_table(path) for path in paths] for paths in (source.scores, source.pixels))
    trained = list(zip(cards, *tables, strict=True))
    write_table(snakemake.output.table, comparison_rows(snakemake.params.variants, trained), VARIANT_COLUMNS)
