"""Draw the network of a cohort as a block diagram (Fig. S3)."""

import json

from livedead.desk.rulelog import rule_log
from livedead.paper.architecture import draw_architecture
from livedead.paper.files import save_drawing

with rule_log(snakemake) as log, open(snakemake.input.card, encoding="utf-8") as file:
    drawing = draw_architecture(json.load(file))
    save_drawing(drawing, snakemake.output)
    log.info(drawing.caption)
