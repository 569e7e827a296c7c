"""Take over ready label maps of a sequence."""

from livedead.cells import records, tables
from livedead.cells.labelmap import import_label_map
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import write_table
from livedead.optics.stacks import read_frames, write_stack

with rule_log(snakemake) as log:
    params, output, sequence = snakemake.params, snakemake.output, snakemake.wildcards.sequence
    maps, interval = read_frames(snakemake.input.labels, channels=1), params.row["frame_interval_min"]
    form = {"pixel_size_um": params.pixel_size_um, "frame_interval_min": interval}
    form["compression"] = params.compression
    nuclei, counts = [], []
    meaning = (params.label_values, params.pixel_size_um, params.downsample)
    imported = (import_label_map(frame[0], *meaning) for frame in maps)
    times = tables.frame_times_h(len(maps), params.row["start_h"], interval)
    instances = records.collect_labels(imported, sequence, times, nuclei, counts)
    write_stack(output.instances, instances, dtype="uint16", channels=["nucleus"], **form)
    records.require_nuclei(nuclei, sequence, str(maps))
    labels = records.paint_states(read_frames(output.instances), nuclei)
    write_stack(output.labels, labels, dtype="uint8", channels=["0 background, 1 live, 2 dead"], **form)
    write_table(output.nuclei, nuclei, records.LABEL_COLUMNS)
    write_table(output.counts, counts, records.COUNT_COLUMNS)
