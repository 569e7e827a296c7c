"""Film a simulated field of view: raw interferograms, both stains, and their truth."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import write_table
from livedead.optics.simulator import film_field, film_stacks
from livedead.optics.stacks import write_stacks
from livedead.optics.truth import TRUTH_COLUMNS

with rule_log(snakemake) as log:
    params, frames = snakemake.params, snakemake.params.settings["frames"]
    made = dict(snakemake.output.items())
    interval_min = params.row["frame_interval_min"]
    film = film_field(
        params.seed,
        settings=params.settings,
        wavelength_nm=params.row["wavelength_nm"],
        times_h=[params.row["start_h"] + frame * interval_min / 60 for frame in range(frames)],
        stained="live" in made,
        **params.sampling,
        **params.dry_mass,
    )
    stacks = film_stacks(made, frame_interval_min=interval_min, **params.sampling)
    truth = [nucleus for frame in write_stacks(stacks, film) for nucleus in frame.truth]
    write_table(snakemake.output.truth, truth, TRUTH_COLUMNS)
    log.info("%d frames, %d nuclei in all", frames, len(truth))
