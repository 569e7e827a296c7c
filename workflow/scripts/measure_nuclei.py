"""Measure the predicted nuclei of a sequence on its phase."""

from livedead.cells.records import OBJECT_COLUMNS, measure_sequence
from livedead.cells.tables import NUCLEUS_COLUMNS, frame_times_h
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import write_table
from livedead.optics.stacks import read_frames

with rule_log(snakemake) as log:
    source, params = snakemake.input, snakemake.params
    labels, probability, phase = map(read_frames, (source.labels, source.probability, source.phase))
    nuclei, counts = measure_sequence(
        labels,
        probability,
        phase,
        channels=probability.info.channels,
        sequence=snakemake.wildcards.sequence,
        times_h=frame_times_h(len(phase), params.row["start_h"], params.row["frame_interval_min"]),
        pixel_size_um=phase.info.pixel_size_um,
        phase_in_rad=phase.info.channels[0] == "phase [rad]",
        wavelength_nm=params.row["wavelength_nm"],
        **params.dry_mass | params.settings,
    )
    write_table(snakemake.output.nuclei, nuclei, NUCLEUS_COLUMNS)
    write_table(snakemake.output.counts, counts, OBJECT_COLUMNS)
