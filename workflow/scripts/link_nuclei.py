"""Follow the predicted nuclei of a film through time."""

from livedead.cells.tables import frame_times_h
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table, write_table
from livedead.motion.lives import LIFE_COLUMNS
from livedead.motion.tracks import COUNT_COLUMNS, TRACK_COLUMNS, track_film
from livedead.optics.stacks import stack_info

with rule_log(snakemake) as log:
    source, params, output = snakemake.input, snakemake.params, snakemake.output
    frames = stack_info(source.labels).frames
    film = track_film(
        read_table(source.nuclei),
        snakemake.wildcards.sequence,
        frame_times_h(frames, params.row["start_h"], params.row["frame_interval_min"]),
        params.settings,
        params.mass_conditions,
    )
    write_table(output.tracks, film.tracks, TRACK_COLUMNS)
    write_table(output.lives, film.lives, LIFE_COLUMNS)
    write_table(output.counts, film.counts, COUNT_COLUMNS)
    log.info("%s", ", ".join(f"{name} {count}" for name, count in film.counts[0].items()))
