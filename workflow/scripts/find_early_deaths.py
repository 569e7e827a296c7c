"""Find nuclei that look dead before the stain says so, and count what became of them."""

from livedead.cells.tables import frame_times_h
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table, write_table
from livedead.motion.early_deaths import EARLY_COLUMNS, EARLY_COUNT_COLUMNS, count_outcomes, early_deaths, follow_calls
from livedead.optics.stacks import stack_info

with rule_log(snakemake) as log:
    files, output, params, followed = snakemake.input, snakemake.output, snakemake.params, []
    for film, matches, labels in zip(params.films, files.matches, files.labels, strict=True):
        times_h = frame_times_h(stack_info(labels).frames, film["start_h"], film["frame_interval_min"])
        followed += follow_calls(read_table(matches), times_h, params.track, **params.settings)
    found = early_deaths(followed)
    write_table(output.deaths, found, EARLY_COLUMNS)
    write_table(
        output.counts, count_outcomes(followed, [film["sequence"] for film in params.films]), EARLY_COUNT_COLUMNS
    )
    log.info("%d of %d confirmed", sum(row["confirmed"] for row in found), len(found))
