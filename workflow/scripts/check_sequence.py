"""Compare a simulated film's phase and labels with its truth."""

from livedead.cells.truth_comparison import FRAME_COLUMNS, check_frames
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table, write_table
from livedead.optics.stacks import read_frames

with rule_log(snakemake) as log:
    inputs, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
    phase = read_frames(inputs.phase)
    about = {"cohort": wildcards.cohort, "sequence": wildcards.sequence, "kind": params.kind}
    about |= {"pixel_size_um": phase.info.pixel_size_um, "wavelength_nm": params.row["wavelength_nm"]}
    frames = check_frames(
        phase,
        read_frames(inputs.truth_phase),
        read_frames(inputs.truth_nuclei),
        read_table(inputs.truth),
        [read_frames(path) for path in inputs.stained],
        min_pixels=params.min_area_um2 / phase.info.pixel_size_um**2,
    )
    write_table(snakemake.output.frames, [about | frame for frame in frames], FRAME_COLUMNS)
