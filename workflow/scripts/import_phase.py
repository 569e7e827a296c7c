"""Take over phase maps that were retrieved elsewhere."""

from livedead.desk.rulelog import rule_log
from livedead.optics.file_scale import check_scale
from livedead.optics.imported_phase import as_phase, channel_name
from livedead.optics.sampling import downsample_area_mean
from livedead.optics.stacks import read_frames, write_stack

with rule_log(snakemake) as log:
    row, factor = snakemake.params.row, snakemake.params.downsample
    frames = read_frames(snakemake.input.phase, channels=1)
    check_scale(frames, row, mismatch=snakemake.params.mismatch)
    write_stack(
        snakemake.output.phase,
        (downsample_area_mean(as_phase(frame), factor) for frame in frames),
        dtype="float32",
        channels=[channel_name(frames.info.dtype)],
        pixel_size_um=row["pixel_size_um"] * factor,
        frame_interval_min=row["frame_interval_min"],
        compression=snakemake.params.compression,
    )
    log.info("%d frames, %s", len(frames), channel_name(frames.info.dtype))
