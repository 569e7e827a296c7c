"""Write down what a run's results were made with."""

import json
from pathlib import Path

from livedead.desk.files import whole_file
from livedead.desk.provenance import run_record
from livedead.desk.rulelog import rule_log

with rule_log(snakemake):
    files, params = snakemake.input, snakemake.params
    cards = (json.loads(Path(card).read_text(encoding="utf-8")) for card in files.cards)
    record = run_record(params.config, params.command, dict(zip(params.cohorts, cards, strict=True)))
    with whole_file(snakemake.output.record) as file:
        file.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
