"""Match predicted pixels to the true nuclei of a test sequence."""

from livedead.cells.pixels import pixel_rows
from livedead.cells.records import MATCH_COLUMNS, SPURIOUS_COLUMNS, match_sequence
from livedead.cells.tables import frame_times_h
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import write_table
from livedead.optics.stacks import read_frames

with rule_log(snakemake) as log:
    output, params = snakemake.output, snakemake.params
    stacks = {name: read_frames(path) for name, path in snakemake.input.items()}
    phase = stacks["phase"].info
    matches, spurious, pixels = match_sequence(
        *stacks.values(),
        channels=stacks["probability"].info.channels,
        sequence=snakemake.wildcards.sequence,
        times_h=frame_times_h(phase.frames, params.row["start_h"], params.row["frame_interval_min"]),
        pixel_size_um=phase.pixel_size_um,
        min_coverage=params.min_coverage,
        phase_in_rad=phase.channels[0] == "phase [rad]",
    )
    write_table(output.matches, matches, MATCH_COLUMNS)
    write_table(output.spurious, spurious, SPURIOUS_COLUMNS)
    write_table(output.pixels, pixel_rows(pixels))
