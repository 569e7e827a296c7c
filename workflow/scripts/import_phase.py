"""Take over phase maps that were retrieved elsewhere."""

from livedead.desk.rulelog import rule_log
from livedead.optics.imported_phase import as_phase, channel_name
from livedead.optics.stacks import read_frames, write_stack

with rule_log(snakemake) as log:
    row = snakemake.params.row
    frames = read_frames(snakemake.input.phase, channels=1)
    write_stack(
        snakemake.output.phase,
        (as_phase(frame) for frame in frames),
        dtype="float32",
        channels=[channel_name(frames.info.dtype)],
        pixel_size_um=row["pixel_size_um"],
        frame_interval_min=row["frame_interval_min"],
        compression=snakemake.params.compression,
    )
    log.info("%d frames, %s", len(frames), channel_name(frames.info.dtype))
