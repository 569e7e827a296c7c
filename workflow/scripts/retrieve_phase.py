"""Retrieve phase maps from phase-shifted interferograms, and say how good each frame is."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import write_table
from livedead.optics.file_scale import check_scale
from livedead.optics.phase_maps import QUALITY_COLUMNS, phase_maps
from livedead.optics.stacks import read_frames, read_stack, write_stack

with rule_log(snakemake) as log:
    row, settings, files = snakemake.params.row, snakemake.params.settings, snakemake.input
    raw = read_frames(files.raw, len(settings["frame_order"]), files_per_time=snakemake.params.files_per_time)
    check_scale(raw, row, mismatch=settings["metadata_mismatch"])
    dark = [read_stack(path) for path in files.background]
    times_h = [row["start_h"] + frame * row["frame_interval_min"] / 60 for frame in range(len(raw))]
    quality = []
    write_stack(
        snakemake.output.phase,
        phase_maps(raw, quality, settings, row["wavelength_nm"], times_h, background=dark),
        dtype="float32",
        channels=["phase [rad]"],
        pixel_size_um=row["pixel_size_um"] * settings["downsample"],
        frame_interval_min=row["frame_interval_min"],
        compression=settings["compression"],
    )
    write_table(snakemake.output.quality, quality, QUALITY_COLUMNS)
