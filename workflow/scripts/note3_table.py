"""Set the scores of pixels beside those of whole nuclei (Supplementary Note 3)."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.paper.notes import draw_note3
from livedead.paper.pages import save_page

with rule_log(snakemake) as log:
    pixels, scores = (read_table(path) for path in (snakemake.input.pixels, snakemake.input.scores))
    page = draw_note3(pixels, scores, cells=snakemake.params.cells)
    save_page(page, snakemake.output)
    log.info(page.caption)
