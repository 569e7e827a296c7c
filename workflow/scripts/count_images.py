"""Count the nuclei of single images and correlate the dead fraction with the time in their names."""

from livedead.cells.image_trend import IMAGE_COLUMNS, TREND_COLUMNS, count_images, trend_rows
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table, write_table

with rule_log(snakemake) as log:
    params = snakemake.params
    images = count_images(params.names, read_table(snakemake.input.nuclei))
    write_table(snakemake.output.images, images, IMAGE_COLUMNS)
    write_table(snakemake.output.trend, trend_rows(images, **params.settings, seed=params.seed), TREND_COLUMNS)
    log.info("%d images", len(images))
