"""Count live and dead nuclei of every well and time of a cohort."""

from livedead.cells.plate_quality import QUALITY_COLUMNS
from livedead.cells.viability import COUNTED_COLUMNS, VIABILITY_COLUMNS, count_nuclei, viability_table
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table, write_table

with rule_log(snakemake) as log:
    source, params, output = snakemake.input, snakemake.params, snakemake.output
    frames = [row for path in source.quality for row in read_table(path)]
    predicted = (row for path in source.nuclei for row in read_table(path))
    nuclei = count_nuclei(predicted, params.fields, frames, **params.settings)
    table = viability_table(nuclei, params.fields, frames, params.confidence)
    write_table(output.nuclei, nuclei, COUNTED_COLUMNS)
    write_table(output.viability, table, VIABILITY_COLUMNS)
    write_table(output.quality, frames, QUALITY_COLUMNS)
    counted, flagged = sum(row["counted"] for row in nuclei), sum(frame["flagged"] for frame in frames)
    log.info("%d of %d nuclei counted, %d of %d images flagged", counted, len(nuclei), flagged, len(frames))
    log.info("Fields that stand by themselves for want of a well: %d", sum(f["well"] is None for f in params.fields))
