"""Lay out the scores of both starts on the fields held out."""

import json
from pathlib import Path

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.pages import save_page
from livedead.paper.starts import draw_starts, start_row

with rule_log(snakemake) as log:
    source, params = snakemake.input, snakemake.params
    cards = (json.loads(Path(path).read_text(encoding="utf-8")) for path in source.cards)
    found = zip(
        params.fields, params.starts, cards, *(map(read_table, source[n]) for n in ("pixels", "scores")), strict=True
    )
    page = draw_starts([start_row(*training) for training in found], cells="real")
    save_page(page, snakemake.output)
    log.info(page.caption)
