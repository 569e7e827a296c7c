"""Film a simulated field of view: raw interferograms, both stains, and their truth."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import write_table
from livedead.optics.simulator import film_field, film_stacks
from livedead.optics.stacks import write_stacks
from livedead.optics.truth import TRUTH_COLUMNS

with rule_log(snakemake) as log:
    row, frames = snakemake.params.row, snakemake.params.settings["frames"]
    film = film_field(
        snakemake.params.seed,
        settings=snakemake.params.settings,
        pixel_size_um=row["pixel_size_um"],
        wavelength_nm=row["wavelength_nm"],
        times_h=[row["start_h"] + frame * row["frame_interval_min"] / 60 for frame in range(frames)],
        downsample=snakemake.params.downsample,
        **snakemake.params.dry_mass,
    )
    stacks = film_stacks(
        dict(snakemake.output.items()),
        pixel_size_um=row["pixel_size_um"],
        frame_interval_min=row["frame_interval_min"],
        downsample=snakemake.params.downsample,
    )
    truth = [nucleus for frame in write_stacks(stacks, film) for nucleus in frame.truth]
    write_table(snakemake.output.truth, truth, TRUTH_COLUMNS)
    log.info("%d frames, %d nuclei in all", frames, len(truth))
