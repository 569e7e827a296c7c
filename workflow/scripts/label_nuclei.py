"""Label the nuclei of a stained sequence live or dead."""

from livedead.cells import records, tables
from livedead.cells.dyes import check_dyes
from livedead.cells.semantic import label_sequence
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import write_table
from livedead.optics.stacks import read_frames, write_stack

with rule_log(snakemake) as log:
    params, output, sequence = snakemake.params, snakemake.output, snakemake.wildcards.sequence
    blue, green = (read_frames(path, channels=1) for path in (snakemake.input.live, snakemake.input.dead))
    pixel_um, interval = params.row["pixel_size_um"] * params.downsample, params.row["frame_interval_min"]
    form = {"pixel_size_um": pixel_um, "frame_interval_min": interval, "compression": params.compression}
    check_dyes(blue, green, params.downsample, pixel_um, params.settings, [snakemake.input.live, snakemake.input.dead])
    nuclei, counts = [], []
    labelled = label_sequence(blue, green, params.downsample, pixel_um, params.settings)
    times = tables.frame_times_h(len(blue), params.row["start_h"], interval)
    instances = records.collect_labels(labelled, sequence, times, nuclei, counts)
    write_stack(output.instances, instances, dtype="uint16", channels=["nucleus"], **form)
    records.require_nuclei(nuclei, sequence, str(blue))
    labels = records.paint_states(read_frames(output.instances), nuclei)
    write_stack(output.labels, labels, dtype="uint8", channels=["0 background, 1 live, 2 dead"], **form)
    write_table(output.nuclei, nuclei, records.LABEL_COLUMNS)
    write_table(output.counts, counts, records.COUNT_COLUMNS)
