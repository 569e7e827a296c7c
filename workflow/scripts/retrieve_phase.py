"""Retrieve phase maps from four-frame interferograms, and say how good each frame is."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import write_table
from livedead.optics.file_scale import check_scale
from livedead.optics.phase_maps import QUALITY_COLUMNS, phase_maps
from livedead.optics.stacks import read_frames, write_stack

with rule_log(snakemake) as log:
    row, settings = snakemake.params.row, snakemake.params.settings
    raw = read_frames(snakemake.input.raw, channels=4, files_per_time=snakemake.params.files_per_time)
    check_scale(raw, row, mismatch=settings["metadata_mismatch"])
    times_h = [row["start_h"] + frame * row["frame_interval_min"] / 60 for frame in range(len(raw))]
    quality = []
    write_stack(
        snakemake.output.phase,
        phase_maps(raw, quality, settings=settings, wavelength_nm=row["wavelength_nm"], times_h=times_h),
        dtype="float32",
        channels=["phase [rad]"],
        pixel_size_um=row["pixel_size_um"] * settings["downsample"],
        frame_interval_min=row["frame_interval_min"],
        compression=settings["compression"],
    )
    write_table(snakemake.output.quality, quality, QUALITY_COLUMNS)
    log.info("%d frames, %d unwrapped", len(quality), sum(frame["unwrapped"] for frame in quality))
